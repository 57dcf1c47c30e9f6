import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import markdownIt from 'markdown-it';
import { parse, parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { expect, test } from 'vitest';
import { arbitraryContent } from '#lib/report/arbitrary.ts';
import type { BlockJson, ContentJson, ReportJson } from '#lib/report/model.ts';
import { isAllowedHref } from '#lib/report/model.ts';
import { parseContent, parseReport, repairContent } from '#lib/report/parse.ts';
import { REPORT_SCHEMA } from '#lib/report/schema.ts';
import { paragraphText } from '#lib/report/text.ts';
import { EVERYTHING, META, waterReport } from './fixtures/everything.ts';
import { FORMATS, FORMAT_TABLE, fileName, isFormat, render, renderFile, TEXT_FORMATS } from './formats.ts';
import { NO_META } from './meta.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const isElement = (node: Node): node is Element => 'tagName' in node;
const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : []);

function* elements(node: Node): Generator<Element> {
  if (isElement(node)) yield node;
  for (const child of childrenOf(node)) yield* elements(child);
}
const find = (node: Node, tag: string) => [...elements(node)].filter(({ tagName }) => tagName === tag);
function textOf(node: Node, skip: readonly string[] = []): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (isElement(node) && skip.includes(node.tagName)) return '';
  return childrenOf(node)
    .map((child) => textOf(child, skip))
    .join('');
}
const attribute = (element: Element | undefined, name: string) =>
  element?.attrs.find((one) => one.name === name)?.value;

const PIXEL = { type: 'image/png' as const, base64: 'iVBORw0KGgo=' };
const TITLE: BlockJson = {
  type: 'paragraph',
  attrs: { style: 'title' },
  content: [{ type: 'text', text: '标题' }],
};
const LEAD: BlockJson = { type: 'paragraph', content: [{ type: 'text', text: '导语' }] };

function reportOf(content: ContentJson): ReportJson {
  const blocks = [TITLE, LEAD, ...(content.content ?? [])];
  const parsed = parseContent({ type: 'doc', content: blocks });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return { schema: 1, title: '标题', content: parsed.content, pictures: { pic1: PIXEL } };
}

/** All text below the title that a reader should meet: paragraphs that are not blank, and captions of pictures. */
function shownText(blocks: readonly BlockJson[]): string {
  return blocks
    .map((block) => {
      if (block.type === 'paragraph') {
        const text = paragraphText(block).replaceAll('\n', '');
        return text.trim() === '' ? '' : text;
      }
      if (block.type === 'picture') {
        return block.attrs.id === 'pic1' && block.attrs.caption.trim() !== '' ? block.attrs.caption : '';
      }
      if (block.type === 'divider' || block.type === 'figures') return '';
      return (block.content ?? [])
        .flatMap((row) => (row.content ?? []).map((cell) => shownText(cell.content ?? [])))
        .join('');
    })
    .join('');
}

test.each(TEXT_FORMATS)('%s is as the golden file has it', async (format) => {
  const golden = (name: string) => `golden/${name}.${FORMAT_TABLE[format].extension}`;
  await expect(render(format, EVERYTHING, META)).toMatchFileSnapshot(golden('everything'));
  await expect(render(format, waterReport(), META)).toMatchFileSnapshot(golden('water'));
});

test('the golden report is in normal form and valid by the schema, so it holds what a report can hold', () => {
  expect(parseReport(EVERYTHING)).toEqual({ ok: true, report: EVERYTHING });
  expect(new Ajv2020().validate(REPORT_SCHEMA, JSON.parse(render('json', EVERYTHING, META)))).toBe(true);
});

test.each(['html', 'fragment'] as const)('%s is valid', async (format) => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // A run-in heading stands inside its paragraph, which no native element may.
      'prefer-native-element': ['error', { exclude: ['heading'] }],
      // Matters of taste: halves of a title and alignment are inline, so that the fragment keeps them.
      'no-inline-style': 'off',
      'long-title': 'off',
      ...(format === 'fragment' && { 'missing-doctype': 'off' }),
    },
  });
  for (const report of [EVERYTHING, waterReport()]) {
    const result = await validator.validateString(render(format, report, META));
    expect(
      result.results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (${line})`),
      ),
    ).toEqual([]);
  }
});

test('the standalone page asks nothing of the network and runs nothing', () => {
  const page = parse(render('html', EVERYTHING, META));
  const addresses = [...elements(page)].flatMap(({ tagName, attrs }) =>
    attrs
      .filter(({ name }) => ['src', 'srcset', 'href', 'action'].includes(name))
      .map(({ value }) => ({ tagName, value })),
  );
  for (const { tagName, value } of addresses) {
    expect(['a', 'link'].includes(tagName) || value.startsWith('data:image/png;base64,')).toBe(true);
  }
  expect(find(page, 'link').map((link) => attribute(link, 'rel'))).toEqual(['canonical']);
  expect(find(page, 'script').map((script) => attribute(script, 'type'))).toEqual(['application/ld+json']);
  expect(render('html', EVERYTHING, META)).not.toMatch(/url\(|@import/);
});

test('the page says what it is: title, lead, author, day, count', () => {
  const page = parse(render('html', waterReport(), META));
  const h1 = find(page, 'h1');
  expect(h1).toHaveLength(1);
  expect(find(h1[0] as Element, 'span').map((span) => textOf(span))).toEqual([
    '岚亭县：系统治水添动能',
    '兴水惠民促发展',
  ]);
  const [time] = find(page, 'time');
  expect([attribute(time, 'datetime'), textOf(time as Element)]).toEqual(['2023-12-08', '2023年12月8日']);
  const byline = [...elements(page)].find((element) => attribute(element, 'class') === 'byline');
  expect(textOf(byline as Element)).toMatch(/^陈岚　2023年12月8日　县水利局　共\d+字，预计阅读时长\d+分钟$/);
  const data: unknown = JSON.parse(textOf(find(page, 'script')[0] as Element));
  expect(data).toMatchObject({
    '@type': 'Article',
    datePublished: '2023-12-08',
    headline: '岚亭县：系统治水添动能 兴水惠民促发展',
  });
});

test('a run-in heading is a heading inside its paragraph, and opens a section', () => {
  const page = parse(render('html', waterReport(), META));
  const sections = find(page, 'section');
  expect(sections).toHaveLength(4);
  for (const section of sections) {
    const [strong] = find(section, 'strong');
    expect(attribute(strong, 'role')).toBe('heading');
    expect(attribute(strong, 'aria-level')).toBe('2');
    expect(strong?.parentNode?.nodeName).toBe('p');
  }
});

test('names of documents are cited, whole, across marks and inside links', () => {
  const page = parse(render('html', EVERYTHING, META));
  expect(find(page, 'cite').map((cite) => textOf(cite))).toEqual([
    '《水网建设规划（2021—2025年）》',
    '《实施意见》',
  ]);
});

const IN_BODY = new Set(
  'article header footer section h1 h2 h3 h4 h5 h6 p span strong em u s mark a cite data time br hr ul ol li blockquote figure figcaption img table colgroup col thead tbody tr th td div html head body'.split(
    ' ',
  ),
);

test.each(['html', 'fragment'] as const)('%s holds exactly the text, and no markup of its own', (format) => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const report = reportOf(content);
      const output = render(format, report, META);
      const root = format === 'html' ? parse(output) : parseFragment(output);
      const [article] = find(root, 'article');
      if (!article) throw new Error('no article');
      article.childNodes = article.childNodes.filter(({ nodeName }) => nodeName !== 'footer');
      expect(textOf(article, ['header', 'footer']).replaceAll('\n', '')).toBe(
        shownText((report.content.content ?? []).slice(1)),
      );
      for (const element of elements(article)) {
        expect(IN_BODY).toContain(element.tagName);
        for (const { name, value } of element.attrs) {
          if (name === 'href') expect(isAllowedHref(value)).toBe(true);
          else if (name === 'src') expect(value).toBe(`data:image/png;base64,${PIXEL.base64}`);
          else
            expect(
              'class style data-format data-level data-run-in data-style data-width role aria-level aria-label alt tabindex datetime value colspan rowspan scope start rel lang',
            ).toContain(name);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('hostile texts of the byline and title stay texts', () => {
  const evil = '"><script>alert(1)</script><!--';
  const report = { ...reportOf({ type: 'doc' }), title: evil, content: { type: 'doc' as const } };
  const page = parse(
    render('html', report, { ...META, author: evil, department: evil, number: evil, siteName: evil }),
  );
  expect(find(page, 'script')).toHaveLength(1);
  const data = JSON.parse(textOf(find(page, 'script')[0] as Element)) as { headline: string };
  expect(data.headline).toBe(evil);
  expect(textOf(find(page, 'h1')[0] as Element)).toContain('alert(1)');
});

const bare = (text: string) => text.replace(/\s+/g, '');
const withoutTables = (content: ContentJson): ContentJson => ({
  type: 'doc',
  content: (content.content ?? []).filter((block) => block.type !== 'table'),
});
const markdown = markdownIt({ html: true });

test('Markdown reads back as exactly the text', () => {
  fc.assert(
    fc.property(arbitraryContent.map(withoutTables), (content) => {
      const report = reportOf(content);
      const output = render('markdown', report, NO_META);
      const root = parseFragment(markdown.render(output));
      const text = textOf(root).replace(/^标题\s*共\d+字，预计阅读时长\d+分钟/, '');
      expect(bare(text)).toBe(bare(shownText((report.content.content ?? []).slice(1))));
      for (const element of elements(root)) {
        expect('h1 h2 h3 h4 h5 h6 p strong em u s mark a br hr ul ol li blockquote img').toContain(
          element.tagName,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('a table in Markdown keeps its cells', () => {
  const root = parseFragment(markdown.render(render('markdown', EVERYTHING, META)));
  const rows = find(root, 'tr').map((row) =>
    [...find(row, 'th'), ...find(row, 'td')].map((cell) => textOf(cell)),
  );
  expect(rows.slice(0, 3)).toEqual([
    ['项目', '数量', ''],
    ['水厂', '7座', '1|2'],
    ['', '118处', '28.4万人'],
  ]);
});

test('a chart stands beside a table that says the same, and is that table where nothing can be drawn', () => {
  const said = (root: Node) =>
    find(root, 'tr').map((row) => [...find(row, 'th'), ...find(row, 'td')].map((cell) => textOf(cell)));
  const drawn = parseFragment(render('fragment', EVERYTHING, META));
  const charts = find(drawn, 'svg');
  expect(charts.map((chart) => [attribute(chart, 'role'), attribute(chart, 'aria-label')])).toEqual([
    ['img', '柱形图：供水点'],
    ['img', '折线图'],
    ['img', '占比图：水源构成'],
  ]);
  const shares = [
    ['指标', '数值'],
    ['水库 <地表>', '62.5%'],
    ['地下水', '三成'],
  ];
  expect(said(drawn).slice(-3)).toEqual(shares);
  const plain = parseFragment(markdown.render(render('markdown', EVERYTHING, META)));
  expect(said(plain).slice(-3)).toEqual(shares);
  expect(render('text', EVERYTHING, META)).toContain('［表：水源构成］\n指标\t数值\n水库 <地表>\t62.5%\n');
  for (const format of TEXT_FORMATS) {
    if (format !== 'json') expect(render(format, EVERYTHING, META)).not.toContain('已不在正文中的数据');
  }
});

test('a table in Markdown keeps its columns whatever its cells hold', () => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const tables = (content.content ?? []).filter((block) => block.type === 'table');
      const root = parseFragment(
        markdown.render(render('markdown', reportOf({ type: 'doc', content: tables }), NO_META)),
      );
      for (const table of find(root, 'table')) {
        const widths = find(table, 'tr').map((row) => find(row, 'th').length + find(row, 'td').length);
        expect(new Set(widths).size).toBe(1);
      }
      expect(find(root, 'script')).toEqual([]);
    }),
  );
});

test('JSON reads back as the same report', () => {
  fc.assert(
    fc.property(arbitraryContent, (content) => {
      const report = reportOf(content);
      expect(parseReport(JSON.parse(render('json', report, NO_META)))).toEqual({ ok: true, report });
    }),
  );
});

test('text indents each paragraph by two full-width spaces', () => {
  const lines = render('text', waterReport(), META).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '岚亭县：系统治水添动能',
    '兴水惠民促发展',
    expect.stringMatching(/^陈岚　2023年12月8日　县水利局　共\d+字/),
  ]);
  for (const line of lines.slice(4, 9)) expect(line).toMatch(/^　　\S/);
});

test('no format fails on any parsed report, with or without a byline', () => {
  fc.assert(
    fc.property(arbitraryContent, fc.constantFrom(...FORMATS), fc.boolean(), (content, format, hasMeta) => {
      expect(renderFile(format, reportOf(content), hasMeta ? META : NO_META).length).toBeGreaterThan(0);
    }),
  );
});

test('an empty report has a title and a body of nothing', () => {
  const report: ReportJson = { schema: 1, title: '', content: { type: 'doc' }, pictures: {} };
  expect(textOf(find(parse(render('html', report, NO_META)), 'h1')[0] as Element)).toBe('无标题');
  expect(render('text', report, NO_META)).toBe('无标题\n共0字，预计阅读时长1分钟\n\n');
});

test('file names are safe, and name the report', () => {
  expect(fileName('岚亭县：治水 "兴水"', 'html')).toBe('岚亭县：治水 兴水.html');
  expect(fileName('../../etc/passwd', 'text')).toBe('etc passwd.txt');
  expect(fileName('a\r\nSet-Cookie: x', 'json')).toBe('a Set-Cookie x.json');
  expect(fileName('', 'markdown')).toBe('report.md');
  expect(FORMATS.every(isFormat)).toBe(true);
  expect(isFormat('constructor')).toBe(false);
});

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const one = (inline: object[]) => ({ type: 'paragraph', content: inline });
const row = (cells: object[]) => ({ type: 'tableRow', content: cells });

const run = (index: number) => ({
  type: 'text',
  text: '《甲》',
  marks: [index % 2 ? { type: 'bold' } : { type: 'link', attrs: { href: `https://a.b/${index}` } }],
});
const repaired = (blocks: unknown[]): ReportJson => {
  const { content } = repairContent({ type: 'doc', content: blocks });
  return { schema: 1, title: '', content, pictures: {} };
};

test.each<[string, unknown[]]>([
  ['runs', [one(many(20_000, run))]],
  [
    'spans',
    [
      {
        type: 'table',
        content: many(100, () =>
          row(many(100, () => ({ type: 'tableCell', attrs: { colspan: 100, rowspan: 1000 } }))),
        ),
      },
    ],
  ],
  ['marks', [one([{ type: 'text', text: `甲${'，'.repeat(100_000)}甲`, marks: [{ type: 'bold' }] }])]],
  [
    'number signs',
    [
      {
        type: 'paragraph',
        attrs: { style: 'heading1' },
        content: [{ type: 'text', text: `${'#'.repeat(100_000)}甲` }],
      },
    ],
  ],
  [
    'blanks',
    [
      {
        type: 'paragraph',
        attrs: { style: 'title' },
        content: [{ type: 'text', text: `a${' '.repeat(100_000)}b` }],
      },
    ],
  ],
])('a hostile number of %s holds no format up', (_name, blocks) => {
  const report = repaired(blocks);
  for (const format of FORMATS) expect(renderFile(format, report, NO_META).length).toBeGreaterThan(0);
});

test.each<[string, unknown[]]>([
  ['blocks', many(130_000, () => one([]))],
  ['blocks of an unknown block', [{ type: 'x', content: many(130_000, () => one([run(0)])) }]],
  ['runs', [one(many(130_000, run))]],
  ['cells', [{ type: 'table', content: [row(many(130_000, () => ({ type: 'tableHeader' })))] }]],
])(
  'there may be more %s than a call takes arguments',
  (_name, blocks) => {
    const report = repaired(blocks);
    for (const format of ['fragment', 'text', 'markdown'] as const) {
      expect(render(format, report, NO_META).length).toBeGreaterThan(0);
    }
  },
  60_000,
);
