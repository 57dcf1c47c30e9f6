import * as fc from 'fast-check';
import * as Y from 'yjs';
import { expect, test } from 'vitest';
import type { ContentJson } from './model.ts';
import { LIMITS } from './limits.ts';
import { parseContent, parseReport, repairContent } from './parse.ts';
import { contentText } from './text.ts';
import { readContent, writeContent } from './ydoc.ts';
import { arbitraryContent } from './arbitrary.ts';

const doc = (...content: unknown[]) => ({ type: 'doc', content });
const p = (...content: unknown[]) => ({ type: 'paragraph', content });
const t = (text: string, ...marks: unknown[]) => ({ type: 'text', text, ...(marks.length > 0 && { marks }) });

function errorsOf(input: unknown): string[] {
  const parsed = parseContent(input);
  if (parsed.ok) return [];
  return parsed.errors.map((e) => `${e.code} ${e.path}${e.detail ? ` (${e.detail})` : ''}`);
}

test.each<[string, unknown, string[]]>([
  ['no object', 'hello', ['not_an_object ']],
  ['an unknown node', doc({ type: 'iframe' }), ['unknown_node content[0] (iframe)']],
  ['an unknown inline node', doc(p({ type: 'mention' })), ['unknown_node content[0].content[0] (mention)']],
  ['text outside a paragraph', doc(t('x')), ['misplaced_node content[0] (text)']],
  ['a row outside a table', doc({ type: 'tableRow' }), ['misplaced_node content[0] (tableRow)']],
  [
    'an unknown mark',
    doc(p(t('x', { type: 'code' }))),
    ['unknown_mark content[0].content[0].marks[0] (code)'],
  ],
  [
    'a mark given twice',
    doc(p(t('x', { type: 'bold' }, { type: 'bold' }))),
    ['duplicate_mark content[0].content[0].marks[1] (bold)'],
  ],
  [
    'an unsafe link',
    doc(p(t('x', { type: 'link', attrs: { href: 'javascript:alert(1)' } }))),
    ['unsafe_link content[0].content[0].marks[0].attrs.href'],
  ],
  [
    'an unknown attribute',
    doc({ type: 'paragraph', attrs: { onclick: 'x' } }),
    ['unknown_attribute content[0].attrs (onclick)'],
  ],
  [
    'an unknown style',
    doc({ type: 'paragraph', attrs: { style: 'heading9' } }),
    ['bad_attribute content[0].attrs.style'],
  ],
  [
    'a level out of range',
    doc({ type: 'paragraph', attrs: { level: 4 } }),
    ['bad_attribute content[0].attrs.level'],
  ],
  [
    'a picture by address',
    doc({ type: 'picture', attrs: { id: '../x' } }),
    ['bad_attribute content[0].attrs.id'],
  ],
  ['text that is no text', doc(p({ type: 'text', text: 1 })), ['not_text content[0].content[0].text']],
  ['a control character', doc(p(t('a\u0000b'))), ['control_character content[0].content[0].text']],
  ['a lone surrogate', doc(p(t('a\ud800'))), ['control_character content[0].content[0].text']],
  ['content that is no list', { type: 'doc', content: {} }, ['not_a_list content']],
  ['a stray field', doc({ type: 'divider', html: '<b>' }), ['unknown_field content[0] (html)']],
  [
    'widths that do not match the span',
    doc({
      type: 'table',
      content: [{ type: 'tableRow', content: [{ type: 'tableCell', attrs: { colspan: 2, colwidth: [1] } }] }],
    }),
    ['bad_attribute content[0].content[0].content[0].attrs.colwidth'],
  ],
])('refuses %s, and says where', (_name, input, errors) => {
  expect(errorsOf(input)).toEqual(errors);
});

test('refuses more text, more nodes and deeper tables than the limits', () => {
  expect(errorsOf(doc(p(t('字'.repeat(LIMITS.text + 1)))))).toEqual(['too_long content[0].content[0].text']);
  expect(errorsOf(doc(...Array.from({ length: LIMITS.nodes + 1 }, () => ({ type: 'divider' }))))).toEqual([
    `too_many content[${LIMITS.nodes}]`,
  ]);
  const nest = (depth: number): unknown =>
    depth === 0
      ? p(t('x'))
      : {
          type: 'table',
          content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [nest(depth - 1)] }] }],
        };
  expect(errorsOf(doc(nest(LIMITS.tableDepth)))).toEqual([]);
  expect(errorsOf(doc(nest(LIMITS.tableDepth + 1)))).toHaveLength(1);
});

test('lists at most a hundred errors', () => {
  expect(errorsOf(doc(...Array.from({ length: 500 }, () => ({ type: 'x' }))))).toHaveLength(100);
});

test('brings content into normal form', () => {
  const parsed = parseContent(
    doc(
      {
        type: 'paragraph',
        attrs: { style: 'body', align: null, level: null, restart: false, bid: null },
        content: [],
      },
      { type: 'paragraph', attrs: { style: 'ordered', restart: true, level: 0 } },
      p(
        t('a', { type: 'runIn' }, { type: 'bold' }),
        t('', { type: 'italic' }),
        t('b', { type: 'bold' }, { type: 'runIn' }),
        t('c'),
      ),
    ),
  );
  expect(parsed).toEqual({
    ok: true,
    content: {
      type: 'doc',
      content: [
        { type: 'paragraph' },
        { type: 'paragraph', attrs: { style: 'ordered', restart: true } },
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'ab', marks: [{ type: 'bold' }, { type: 'runIn' }] },
            { type: 'text', text: 'c' },
          ],
        },
      ],
    },
  });
});

test('parsing what was parsed changes nothing', () => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const first = parseContent(JSON.parse(JSON.stringify(content)));
      if (!first.ok) throw new Error(JSON.stringify(first.errors));
      expect(parseContent(JSON.parse(JSON.stringify(first.content)))).toEqual(first);
    }),
  );
});

test('what is written into a document is read back equal', () => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const parsed = parseContent(content);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
      const ydoc = new Y.Doc();
      writeContent(ydoc, parsed.content);
      expect(repairContent(readContent(ydoc))).toEqual({ content: parsed.content, leftOut: [] });
    }),
    { numRuns: 50 },
  );
});

test('repairing keeps the text of what it does not know', () => {
  const { content, leftOut } = repairContent(
    doc(
      {
        type: 'bulletList',
        content: [
          { type: 'listItem', content: [p(t('甲'))] },
          { type: 'listItem', content: [p(t('乙'))] },
        ],
      },
      { type: 'codeBlock', content: [t('丙'), t('丁')] },
      {
        type: 'paragraph',
        attrs: { style: 'fancy' },
        content: [t('戊', { type: 'glow' }), { type: 'mention', content: [t('己')] }],
      },
      p(t('庚', { type: 'link', attrs: { href: 'javascript:alert(1)' } })),
      { type: 'iframe', attrs: { src: 'https://example.com' } },
    ),
  );
  expect(contentText(content).split('\n')).toEqual(['甲', '乙', '丙丁', '戊己', '庚']);
  expect(leftOut.map((issue) => issue.code)).toEqual([
    'unknown_node',
    'unknown_node',
    'unknown_node',
    'unknown_node',
    'bad_attribute',
    'unknown_mark',
    'unknown_node',
    'unsafe_link',
    'unknown_node',
  ]);
  expect(parseContent(content)).toEqual({ ok: true, content });
});

test('repairing survives a nesting that no stack holds', () => {
  let node: unknown = t('深');
  for (let depth = 0; depth < 50_000; depth += 1) node = { type: 'x', content: [node] };
  expect(contentText(repairContent(doc(node)).content)).toBe('深');
  expect(contentText(repairContent(doc(p(node))).content)).toBe('深');
});

test('repairing anything at all gives content that parses', () => {
  const marks = fc.array(
    fc.oneof(fc.anything(), fc.record({ type: fc.constantFrom('bold', 'link', 'x'), attrs: fc.anything() })),
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.anything(),
      fc.record(
        {
          type: fc.constantFrom(
            'doc',
            'paragraph',
            'text',
            'table',
            'tableRow',
            'tableCell',
            'picture',
            'hardBreak',
            'x',
          ),
          attrs: fc.anything(),
          text: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
          marks,
          content: fc.array(tie('node'), { maxLength: 4 }),
        },
        { requiredKeys: ['type'] },
      ),
    ),
  }));
  fc.assert(
    fc.property(node, (input) => {
      const { content } = repairContent(input);
      const parsed = parseContent(content);
      expect(parsed).toEqual({ ok: true, content });
    }),
    { numRuns: 500 },
  );
});

const content: ContentJson = { type: 'doc', content: [] };
const pixel = { type: 'image/png', base64: 'iVBORw0KGgo=' };

test('a whole report parses', () => {
  const report = { schema: 1, title: '标题', content, pictures: { abc: pixel } };
  expect(parseReport(report)).toEqual({ ok: true, report });
});

test.each<[string, object, string]>([
  ['a newer schema', { schema: 2, title: '', content }, 'newer_schema schema'],
  ['no schema', { title: '', content }, 'bad_schema schema'],
  ['no title', { schema: 1, content }, 'not_text title'],
  ['no content', { schema: 1, title: '' }, 'not_an_object content'],
  [
    'a picture of another type',
    { schema: 1, title: '', content, pictures: { a: { type: 'image/svg+xml', base64: 'AAAA' } } },
    'bad_picture pictures.a',
  ],
  [
    'a picture that is no base64',
    { schema: 1, title: '', content, pictures: { a: { type: 'image/png', base64: '"><script>' } } },
    'bad_picture pictures.a',
  ],
  [
    'a picture under a hostile name',
    JSON.parse(
      `{"schema":1,"title":"","content":{"type":"doc"},"pictures":{"__proto__":${JSON.stringify(pixel)}}}`,
    ),
    'bad_picture pictures.__proto__',
  ],
])('a report is refused for %s', (_name, input, error) => {
  const parsed = parseReport(input);
  expect(parsed.ok ? [] : parsed.errors.map((e) => `${e.code} ${e.path}`)).toEqual([error]);
});

test('a picture over the size limit is refused', () => {
  const base64 = 'A'.repeat(Math.ceil(LIMITS.pictureBytes / 3) * 4 + 4);
  const parsed = parseReport({
    schema: 1,
    title: '',
    content,
    pictures: { a: { type: 'image/png', base64 } },
  });
  expect(parsed).toEqual({ ok: false, errors: [{ path: 'pictures.a', code: 'too_long' }] });
});

test('a block of figures keeps ids, its kind and its caption, and nothing else', () => {
  const block = (attrs: object) => ({ type: 'doc', content: [{ type: 'figures', attrs }] });
  const good = { show: 'line', figures: ['figure0000001', 'figure0000002'], caption: '图' };
  expect(parseContent(block(good))).toEqual({ ok: true, content: block(good) });
  const bare = { show: 'table', figures: [], caption: '' };
  expect(parseContent({ type: 'doc', content: [{ type: 'figures' }] })).toEqual({
    ok: true,
    content: block(bare),
  });
  const bad: [object, string][] = [
    [{ ...good, show: 'pie' }, 'content[0].attrs.show: bad_attribute'],
    [{ ...good, figures: ['1'] }, 'content[0].attrs.figures: bad_attribute'],
    [{ ...good, figures: ['figure0000001', 'figure0000001'] }, 'content[0].attrs.figures: bad_attribute'],
    [
      { ...good, figures: Array.from({ length: 101 }, (_, index) => `figure${1e7 + index}`) },
      'content[0].attrs.figures: bad_attribute',
    ],
    [{ ...good, caption: 7 }, 'content[0].attrs.caption: bad_attribute'],
    [{ ...good, values: ['2168'] }, 'content[0].attrs: unknown_attribute'],
  ];
  for (const [attrs, problem] of bad) {
    const parsed = parseContent(block(attrs));
    expect(parsed.ok ? [] : parsed.errors.map(({ path, code }) => `${path}: ${code}`)).toEqual([problem]);
  }
});

test('what figures say is carried as it is, or refused', () => {
  const report = (figures: unknown) => ({ schema: 1, title: '', content: { type: 'doc' }, figures });
  const figure = {
    surface: '2168个',
    value: '2168',
    unit: '个',
    object: '供水点',
    period: '2023',
    modality: 'plan',
    at: { paragraph: 0, start: 7 },
  };
  const parsed = parseReport(report({ figure0000001: figure }));
  expect(parsed.ok && parsed.report.figures).toEqual({ figure0000001: figure });
  const bad = [
    { ...figure, value: '2e3' },
    { ...figure, value: 2168 },
    { ...figure, surface: '' },
    { ...figure, note: '内部' },
    { ...figure, period: '<b>' },
    { ...figure, object: 'x'.repeat(201) },
    { ...figure, unit: '个\u0000' },
    { ...figure, at: { paragraph: 0 } },
    { ...figure, at: { paragraph: 0, start: 0.5 } },
    { ...figure, at: { paragraph: 100_001, start: 0 } },
    { ...figure, at: { paragraph: 0, start: 0, by: 'chen' } },
    { ...figure, toString: '' },
    { surface: '2168个', value: '2168' },
    null,
  ];
  for (const one of bad) {
    const refused = parseReport(report({ figure0000001: one }));
    expect(refused.ok ? [] : refused.errors).toEqual([{ path: 'figures.figure0000001', code: 'bad_figure' }]);
  }
  expect(parseReport(report({ __proto__x: figure })).ok).toBe(false);
});
