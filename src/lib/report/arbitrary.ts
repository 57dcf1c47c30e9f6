/** Random reports for property tests: every node, mark and style, with hostile text in every place. */
import * as fc from 'fast-check';
import type { BlockJson, CellJson, ContentJson, InlineJson, MarkJson } from './model.ts';
import { ALIGNMENTS, FIGURE_VIEWS, MARKS, PARAGRAPH_STYLES } from './model.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '</p></article><img src=x onerror=alert(1)>',
  '"\' onload="x"',
  '&lt;b&gt;&amp;#60;',
  '-->]]><!--',
  '《规划》',
  '《未完',
  '》颠倒《',
  '**粗** _斜_ `码` # 题 | 1. 项 - 项 [x](y) ![z](w) ~~删~~ <u>',
  '1. 一',
  '# 题',
  '- 项',
  '+ 加',
  '> 引',
  '===',
  '| a | b |',
  '\\',
  '　　缩进',
  '甲\u2028乙',
  ' 空 ',
  '2168个',
  '𠮷👍🏻',
];

const text = fc
  .oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }))
  // eslint-disable-next-line no-control-regex
  .map((value) => value.toWellFormed().replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, ''))
  .filter((value) => value !== '');

const href = fc.oneof(
  fc.webUrl(),
  fc.constantFrom(
    'https://example.com/?q="><script>alert(1)</script>',
    'https://example.com/a)b(c',
    'https://example.com/a b<c>',
    'mailto:a@example.com?subject=%22',
    "http://example.com/'&amp;",
  ),
);

const mark: fc.Arbitrary<MarkJson> = fc.oneof(
  fc.constantFrom(...MARKS.filter((name) => name !== 'link')).map((type): MarkJson => ({ type })),
  href.map((value): MarkJson => ({ type: 'link', attrs: { href: value } })),
);
const marks = fc.uniqueArray(mark, { selector: (value) => value.type, maxLength: 3 });

const inline: fc.Arbitrary<InlineJson> = fc.oneof(
  { arbitrary: fc.record({ type: fc.constant('text' as const), text, marks }), weight: 6 },
  { arbitrary: fc.constant({ type: 'hardBreak' as const }), weight: 1 },
);

const paragraph: fc.Arbitrary<BlockJson> = fc.record({
  type: fc.constant('paragraph' as const),
  attrs: fc.record({
    style: fc.constantFrom(...PARAGRAPH_STYLES),
    align: fc.option(fc.constantFrom(...ALIGNMENTS)),
    level: fc.integer({ min: 0, max: 3 }),
    restart: fc.boolean(),
    bid: fc.option(fc.constantFrom('a', 'b-1')),
  }),
  content: fc.array(inline, { maxLength: 5 }),
});

const picture: fc.Arbitrary<BlockJson> = fc.record({
  type: fc.constant('picture' as const),
  attrs: fc.record({ id: fc.option(fc.constantFrom('pic1', 'missing')), alt: text, caption: text }),
});

const figures: fc.Arbitrary<BlockJson> = fc.record({
  type: fc.constant('figures' as const),
  attrs: fc.record({
    show: fc.constantFrom(...FIGURE_VIEWS),
    figures: fc.subarray(['figure0000001', 'figure0000002', 'figure0000003']),
    caption: text,
  }),
});

const cell = (block: fc.Arbitrary<BlockJson>): fc.Arbitrary<CellJson> =>
  fc
    .record({
      type: fc.constantFrom('tableCell' as const, 'tableHeader' as const),
      colspan: fc.integer({ min: 1, max: 3 }),
      rowspan: fc.integer({ min: 1, max: 3 }),
      hasWidths: fc.boolean(),
      content: fc.array(block, { maxLength: 2 }),
    })
    .map(({ type, colspan, rowspan, hasWidths, content }) => ({
      type,
      attrs: { colspan, rowspan, colwidth: hasWidths ? Array.from({ length: colspan }, () => 120) : null },
      content,
    }));

const table = (block: fc.Arbitrary<BlockJson>): fc.Arbitrary<BlockJson> =>
  fc.record({
    type: fc.constant('table' as const),
    content: fc.array(
      fc.record({
        type: fc.constant('tableRow' as const),
        content: fc.array(cell(block), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  });

const divider: fc.Arbitrary<BlockJson> = fc.constant({ type: 'divider' as const });
const leaf = fc.oneof(
  { arbitrary: paragraph, weight: 8 },
  { arbitrary: picture, weight: 1 },
  { arbitrary: figures, weight: 1 },
  { arbitrary: divider, weight: 1 },
);
const block = fc.oneof(
  { arbitrary: leaf, weight: 8 },
  {
    arbitrary: table(fc.oneof({ arbitrary: leaf, weight: 6 }, { arbitrary: table(leaf), weight: 1 })),
    weight: 1,
  },
);

export const arbitraryContent: fc.Arbitrary<ContentJson> = fc.record({
  type: fc.constant('doc' as const),
  content: fc.array(block, { maxLength: 8 }),
});
