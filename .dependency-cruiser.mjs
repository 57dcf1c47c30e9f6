/** Who may import whom: docs/architecture.md has the picture, each rule its reason. */

/** @type {(name: string, comment: string, from: object, to: object) => object} */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

const TESTS = '\\.test\\.ts$|\\.contract\\.ts$';
/** What tests share as well. */
const TESTING = `${TESTS}|/testing[-a-z]*\\.ts$`;

/** A pure folder of src/lib may import itself and the folders named; nothing else of ours. */
const pure = (folder, also, reason) =>
  forbid(
    `${folder}-stays-below`,
    reason,
    { path: `^src/lib/${folder}/`, pathNot: TESTING },
    { path: '^(src|server|e2e)/', pathNot: `^src/lib/(${[folder, ...also].join('|')})/` },
  );

export default {
  forbidden: [
    forbid('no-circles', 'Two files that need each other are one idea or three.', {}, { circular: true }),
    pure('report', [], 'The report is the ground: it knows nothing of who uses it.'),
    pure(
      'figures',
      ['report', 'review', 'paraglide'],
      'Figures know the report, of review the anchors that hold them, and the words that findings are said in; both sides can run them.',
    ),
    pure('review', ['report'], 'Review knows the report and nothing else, so both sides can run it.'),
    pure(
      'publish',
      ['report', 'figures'],
      'Renderers take the report as data, and draw its charts as the editor does, so that preview and server are the same code.',
    ),
    pure(
      'import',
      ['report', 'figures'],
      'Files are read into reports as data, so that pasting and the server share what they know of them.',
    ),
    pure(
      'sync',
      ['report', 'review', 'ui', 'paraglide'],
      'The connection knows the report and the rights it carries, not the editor.',
    ),
    pure(
      'ui',
      ['notifications', 'paraglide'],
      'Plain components know nothing of reports; the header shows the bell.',
    ),
    pure(
      'notifications',
      ['review', 'ui', 'paraglide'],
      'The bell knows what it tells of, by its type alone.',
    ),
    forbid(
      'editor-stays-in-lib',
      'The editor is used by routes and uses lib; it never reaches back.',
      { path: '^src/lib/editor/' },
      { path: '^(src/routes|server|e2e)/' },
    ),
    forbid(
      'pure-code-runs-anywhere',
      'report, figures, review, publish and import run in the browser and on the server: no Svelte, no Node, no DOM library.',
      { path: '^src/lib/(report|figures|review|publish|import)/', pathNot: TESTING },
      {
        path: '^node:|node_modules/(svelte|@sveltejs|@tiptap|prosemirror|y-prosemirror|ws|kysely|better)',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'routes-reach-the-server-through-the-seam',
      'A route that imported the server would bundle a second copy of its rooms; use #server/seam.ts (types are free).',
      { path: '^src/', pathNot: TESTS },
      { path: '^server/', pathNot: '^server/seam\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'server-takes-the-pure-parts',
      'The server runs without Svelte, Vite or a DOM.',
      { path: '^server/', pathNot: TESTING },
      {
        path: '^src/',
        pathNot:
          '^src/lib/(report|figures|review|publish|import|http|paraglide)/|^src/lib/sync/protocol\\.ts$|^src/lib/notifications/sentence\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'dialects-stay-in-the-store',
      'Documents are known by their port and rows by Kysely, so that another database changes nothing above server/store.',
      {
        path: '^server/[^/]+/',
        // A backup is a SQLite file by decision 0007; trials open a store of their own.
        pathNot: `^server/(store|backup|cli|sync/trial)/|/testing[^/]*\\.ts$|${TESTS}`,
      },
      { path: '^server/store/sqlite/|node_modules/better-sqlite3' },
    ),
    forbid(
      'e2e-sees-the-running-app-only',
      'Browser tests know the product from outside; the pictures and documents that tests are made of are no part of it.',
      { path: '^e2e/' },
      {
        path: '^(src|server)/',
        pathNot: '^src/lib/(sync/protocol|report/model)\\.ts$|^server/(pictures|import)/testing\\.ts$',
      },
    ),
    forbid(
      'no-second-binding',
      'y-tiptap beside y-prosemirror gives two y-sync plugin keys; React has no place here.',
      { path: '^src/' },
      { path: 'node_modules/(@tiptap/y-tiptap|@tiptap/extension-collaboration|react|react-dom)/' },
    ),
    forbid(
      'no-tests-in-production',
      'A test may import the code, never the other way round.',
      { path: '^(src|server)/', pathNot: TESTS },
      { path: TESTS },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|\\.svelte-kit|src/lib/paraglide)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default'],
    },
  },
};
