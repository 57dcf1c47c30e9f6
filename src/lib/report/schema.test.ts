import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryContent } from './arbitrary.ts';
import { LIMITS } from './limits.ts';
import { parseReport } from './parse.ts';
import { REPORT_SCHEMA } from './schema.ts';

const validate = new Ajv2020({ allErrors: false }).compile(REPORT_SCHEMA);
const isValid = (report: unknown): boolean => validate(report);
const reportOf = (...content: unknown[]) => ({ schema: 1, title: '题', content: { type: 'doc', content } });
const text = (value: unknown, ...marks: unknown[]) => ({
  type: 'paragraph',
  content: [{ type: 'text', text: value, marks }],
});
const tableOf = (...content: unknown[]) => ({
  type: 'table',
  content: [{ type: 'tableRow', content: [{ type: 'tableCell', content }] }],
});

test('whatever a report may hold, before and after it was read, is valid', () => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const report = { schema: 1, title: '题', content, pictures: {} };
      // A random mark may say more than once what the reader joins; it refuses nothing else of these.
      const parsed = parseReport(report);
      expect(isValid(report)).toBe(parsed.ok);
      if (parsed.ok) expect(isValid(JSON.parse(JSON.stringify(parsed.report)))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test.each<[string, unknown]>([
  ['no object', null],
  ['a newer schema', { ...reportOf(), schema: 2 }],
  ['no title', { schema: 1, content: { type: 'doc' } }],
  ['a title that is too long', { ...reportOf(), title: '题'.repeat(LIMITS.title + 1) }],
  ['an unknown field', { ...reportOf(), threads: [] }],
  ['another root', { ...reportOf(), content: { type: 'article' } }],
  ['an unknown block', reportOf({ type: 'iframe', attrs: { src: 'https://a.b' } })],
  ['bare text', reportOf({ type: 'text', text: '甲' })],
  ['an unknown attribute', reportOf({ type: 'paragraph', attrs: { onclick: 'x' } })],
  ['an unknown style', reportOf({ type: 'paragraph', attrs: { style: 'h1' } })],
  ['a level below the deepest', reportOf({ type: 'paragraph', attrs: { style: 'bullet', level: 4 } })],
  ['text that is none', reportOf(text(7))],
  ['a control character', reportOf(text('甲\u0000乙'))],
  ['an unknown mark', reportOf(text('甲', { type: 'blink' }))],
  ['a mark set twice', reportOf(text('甲', { type: 'bold' }, { type: 'bold' }))],
  ['a link that runs', reportOf(text('甲', { type: 'link', attrs: { href: 'javascript:alert(1)' } }))],
  ['a link without an address', reportOf(text('甲', { type: 'link' }))],
  ['a picture by address', reportOf({ type: 'picture', attrs: { id: 'https://a.b/c.png' } })],
  ['a picture that is none', { ...reportOf(), pictures: { a: { type: 'image/svg+xml', base64: 'AAAA' } } }],
  ['bytes that are none', { ...reportOf(), pictures: { a: { type: 'image/png', base64: '!!!!' } } }],
  [
    'figures named twice',
    reportOf({ type: 'figures', attrs: { figures: ['figure0000001', 'figure0000001'] } }),
  ],
  [
    'a figure without its number',
    { ...reportOf(), figures: { figure0000001: { surface: '7座', unit: '座' } } },
  ],
  [
    'a number that is none',
    { ...reportOf(), figures: { figure0000001: { surface: '7座', value: '七', unit: '座' } } },
  ],
  [
    'a place that is none',
    {
      ...reportOf(),
      figures: { figure0000001: { surface: '7座', value: '7', unit: '座', at: { paragraph: -1, start: 0 } } },
    },
  ],
  ['a third table inside two', reportOf(tableOf(tableOf(tableOf())))],
  ['a cell outside a row', reportOf({ type: 'table', content: [{ type: 'tableCell' }] })],
  [
    'a cell that spans nothing',
    reportOf({
      type: 'table',
      content: [{ type: 'tableRow', content: [{ type: 'tableCell', attrs: { colspan: 0 } }] }],
    }),
  ],
])('%s is refused, and is not valid', (_name, report) => {
  expect(parseReport(report).ok).toBe(false);
  expect(isValid(report)).toBe(false);
});

test('two tables deep, and widths of columns, are valid', () => {
  const table = tableOf(tableOf(text('甲')));
  expect(isValid(reportOf(table))).toBe(true);
  expect(parseReport(reportOf(table)).ok).toBe(true);
});
