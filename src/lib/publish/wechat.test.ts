import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryContent } from '#lib/report/arbitrary.ts';
import type { ReportJson } from '#lib/report/model.ts';
import { repairContent } from '#lib/report/parse.ts';
import { EVERYTHING, META, waterReport } from './fixtures/everything.ts';
import { render } from './formats.ts';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What the editor of official accounts keeps. */
const TAGS = 'section p span strong br img table tbody tr td'.split(' ');
const PROPERTIES =
  'margin padding border border-left border-bottom border-collapse background-color color font-size font-style font-weight line-height letter-spacing text-align text-decoration text-indent vertical-align'.split(
    ' ',
  );
const WORDS = 'solid collapse center left right justify bold italic underline line-through top'.split(' ');

const isElement = (node: Node): node is Element => 'tagName' in node;
function* elements(node: Node): Generator<Element> {
  if (isElement(node)) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* elements(child);
}

function expectKept(output: string): void {
  const root = parseFragment(output);
  const roots = root.childNodes.filter(isElement);
  expect(roots.map(({ tagName }) => tagName)).toEqual(['section']);
  for (const { tagName, attrs } of elements(root)) {
    expect(TAGS).toContain(tagName);
    for (const { name, value } of attrs) {
      if (name === 'colspan' || name === 'rowspan') expect(value).toMatch(/^\d+$/);
      else if (name === 'src')
        expect(value).toMatch(/^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/);
      else if (name === 'style') expectStyle(value);
      else expect(name).toBe('alt');
    }
  }
}

function expectStyle(style: string): void {
  for (const declaration of style.split(';')) {
    const [property = '', value = ''] = declaration.split(':');
    expect(PROPERTIES).toContain(property);
    for (const part of value.split(' ')) {
      if (!WORDS.includes(part)) expect(part).toMatch(/^(-?\d+(\.\d+)?px|0|#[0-9a-f]{6})$/);
    }
  }
}

test.each([
  ['every node and mark', EVERYTHING],
  ['running text', waterReport()],
])('of %s WeChat gets what its editor keeps', (_name, report) => {
  expectKept(render('wechat', report, META));
});

test('whatever a report holds, WeChat gets what its editor keeps', () => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const report: ReportJson = {
        schema: 1,
        title: '',
        content: repairContent(content).content,
        pictures: { pic1: { type: 'image/png', base64: 'iVBORw0KGgo=' } },
      };
      expectKept(render('wechat', report, META));
    }),
    { numRuns: 200 },
  );
});

test('a nested list is numbered in its text, and links leave their text behind', () => {
  const text = (node: Node): string =>
    node.nodeName === '#text' && 'value' in node
      ? node.value
      : 'childNodes' in node
        ? node.childNodes.map(text).join('')
        : '';
  const output = text(parseFragment(render('wechat', EVERYTHING, META)));
  expect(output).toContain('1. 明确责任\n1. 县级\n• 抓总\n2. 乡级\n2. 按月调度');
  expect(output).toContain('见《实施意见》。');
  expect(output).not.toContain('example.com');
});
