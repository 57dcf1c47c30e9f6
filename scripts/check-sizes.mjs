/**
 * Script that a page loads before anything is opened on demand, gzipped: the chunks its nodes import
 * statically, with all that those import. Fails above the limit.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const client = `${root}.svelte-kit/output/client`;
/** @typedef {{file: string, name?: string, imports?: string[]}} Chunk */
/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(`${client}/.vite/manifest.json`, 'utf8'));

/** Pages by route id; sizes in KB of 1,000 bytes. */
const LIMITS = [
  { page: 'report page', route: '/reports/[id]', limit: 260 },
  { page: 'sign-in page', route: '/sign-in', limit: 60 },
  { page: 'list page', route: '/', limit: 60 },
];
/** The reading site's pages load this and nothing else: src/routes/articles/+layout.server.ts. */
const ARTICLE_PAGE = { page: 'article page', files: ['reading.js'], limit: 15 };

/** The chunks of one route: SvelteKit's start and app, its layouts and its page. @param {string} route */
function entriesOf(route) {
  const nodes = readFileSync(`${root}.svelte-kit/generated/client-optimized/app.js`, 'utf8');
  const found = new RegExp(`"${route.replace(/[/[\]]/g, '\\$&')}": \\[(~?\\d+)(?:,\\[([\\d,]*)\\])?`).exec(
    nodes,
  );
  if (found === null) throw new Error(`${route}: no such route in the build`);
  const layouts = (found[2] ?? '').split(',').filter((text) => text !== '');
  const numbers = ['0', ...layouts, (found[1] ?? '').replace('~', '')];
  const isEntry = (/** @type {string} */ key) =>
    /generated\/client-optimized\/app\.js$|runtime\/client\/entry\.js$/.test(key) ||
    numbers.some((n) => key.endsWith(`client-optimized/nodes/${n}.js`));
  return Object.keys(manifest).filter(isEntry);
}

/** @param {string[]} entries */
function filesOf(entries) {
  const seen = new Set();
  const queue = [...entries];
  while (queue.length > 0) {
    const key = queue.pop();
    if (key === undefined || seen.has(key)) continue;
    seen.add(key);
    queue.push(...(manifest[key]?.imports ?? []));
  }
  return [...new Set([...seen].map((key) => manifest[key]?.file ?? ''))].filter((file) =>
    file.endsWith('.js'),
  );
}

if (!existsSync(client)) throw new Error('build first');
let failed = false;
const pages = LIMITS.map(({ page, route, limit }) => ({ page, limit, files: filesOf(entriesOf(route)) }));
for (const { page, files, limit } of [...pages, ARTICLE_PAGE]) {
  const bytes = files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(`${client}/${file}`), { level: 9 }).length,
    0,
  );
  const kb = bytes / 1000;
  const ok = kb <= limit;
  failed ||= !ok;
  process.stdout.write(
    `${ok ? '✓' : '✗'} ${page}: ${kb.toFixed(1)} KB of ${limit} KB gzipped, ${files.length} files\n`,
  );
}
process.exit(failed ? 1 : 0);
