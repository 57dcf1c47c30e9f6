/** A report leaves in a format and comes back by the way that every import takes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FigureFields, MAX_FIGURES } from '#lib/figures/register.ts';
import { statedOf } from '#lib/figures/stated.ts';
import { withPlainFigures } from '#lib/import/figures.ts';
import { type Imported, LeftOuts } from '#lib/import/imported.ts';
import { EVERYTHING, META, waterReport } from '#lib/publish/fixtures/everything.ts';
import { type Format, FORMAT_TABLE, renderFile } from '#lib/publish/formats.ts';
import { type ArticleMeta, NO_META } from '#lib/publish/meta.ts';
import { arbitraryContent } from '#lib/report/arbitrary.ts';
import { mapFigures, shownFigures } from '#lib/report/figures.ts';
import { LIMITS } from '#lib/report/limits.ts';
import type {
  BlockJson,
  CellJson,
  ContentJson,
  InlineJson,
  MarkJson,
  ParagraphJson,
  ReportJson,
  StatedFigure,
  TableJson,
} from '#lib/report/model.ts';
import { Numbering } from '#lib/report/numbering.ts';
import { runInLength } from '#lib/report/outline.ts';
import { parseContent, repairContent } from '#lib/report/parse.ts';
import { paragraphAttrs, paragraphText } from '#lib/report/text.ts';
import { convertFile } from './convert.ts';
import { statedIn } from './testing.ts';

const PAPER = ['html', 'fragment', 'docx'] as const;

async function outAndIn(format: Format, report: ReportJson, meta: ArticleMeta = NO_META): Promise<Imported> {
  const bytes = renderFile(format, report, meta);
  const result = await convertFile(`稿件.${FORMAT_TABLE[format].extension}`, bytes, { punctuation: false });
  if (!result.ok) throw new Error(`refused: ${result.fault} ${result.detail ?? ''}`);
  return result.value;
}

/** Spaces as HTML and Word have them: one, and none at the ends of a line. */
const spaced = (text: string) =>
  text
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();

/** A run-in mark that opens no section is mere emphasis. */
function marksOf({ marks = [] }: InlineJson, opens: boolean): string[] {
  const name = (mark: MarkJson) => {
    if (mark.type === 'link') return `link ${new URL(mark.attrs.href).href}`;
    return mark.type === 'runIn' && !opens ? 'bold' : mark.type;
  };
  return [...new Set(marks.map(name))].toSorted();
}

/** Each character with the marks on it; those of spaces and breaks cannot be seen. */
function textWithMarks(paragraph: ParagraphJson, isPlain: boolean): string {
  const opening = runInLength(paragraph);
  const runs: { text: string; marks: string }[] = [];
  (paragraph.content ?? []).forEach((inline, index) => {
    const text = inline.type === 'text' ? inline.text : '\n';
    const marks = isPlain ? '' : marksOf(inline, index < opening).join(',');
    for (const piece of text.split(/(\s+)/u).filter((one) => one !== '')) {
      const last = runs.at(-1);
      if (last && (last.marks === marks || piece.trim() === '')) last.text += piece;
      else runs.push({ text: piece, marks });
    }
  });
  const out = runs.filter(({ text }) => text.trim() !== '');
  const text = spaced(runs.map((run) => run.text).join(''));
  return `${text}${out.map((run) => (run.marks === '' ? '' : `\n  [${run.marks}] ${spaced(run.text)}`)).join('')}`;
}

const OWN_SIDES: Readonly<Record<string, string>> = {
  title: 'center',
  subtitle: 'center',
  signature: 'right',
};

/** What a reader sees of a report, a line a block. */
class Seen {
  readonly lines: string[] = [];
  readonly #pictures: ReadonlyMap<string, string>;
  #numbering = new Numbering();

  constructor(pictures: ReadonlyMap<string, string>) {
    this.#pictures = pictures;
  }

  blocks(blocks: readonly BlockJson[], hasGrid: boolean): void {
    for (const block of blocks) {
      if (block.type === 'paragraph') this.#paragraph(block);
      else this.#other(block, hasGrid);
    }
  }

  #paragraph(block: ParagraphJson): void {
    if (paragraphText(block).trim() === '') return;
    const { style, align, level, restart } = paragraphAttrs(block);
    // The title at the top is text alone, and what stands below it is set as it is.
    const isTitle = this.lines.length === 0;
    const side = isTitle || style === 'subtitle' || align === OWN_SIDES[style] ? null : align;
    let name: string = style;
    if (style === 'ordered') name = `ordered ${level}: ${this.#numbering.next(level, restart)}.`;
    if (style === 'bullet') {
      this.#numbering.bullet(level);
      name = `bullet ${level}`;
    }
    this.lines.push(`${name} ${side ?? ''} ${textWithMarks(block, isTitle)}`);
  }

  #other(block: Exclude<BlockJson, ParagraphJson>, hasGrid: boolean): void {
    if (block.type === 'divider') this.lines.push('----');
    else if (block.type === 'picture') {
      const bytes = this.#pictures.get(block.attrs.id ?? '');
      const [alt, caption] = [block.attrs.alt.trim(), spaced(block.attrs.caption)];
      if (bytes !== undefined)
        this.lines.push(`picture ${spaced(alt) === caption ? '' : spaced(alt)}|${caption}|${bytes}`);
    } else if (block.type === 'table') {
      const numbering = this.#numbering;
      for (const row of block.content ?? []) {
        if (hasGrid) this.lines.push('row');
        for (const { type, attrs, content = [] } of row.content ?? []) {
          if (hasGrid) this.lines.push(`${type} ${attrs?.colspan ?? 1}x${attrs?.rowspan ?? 1}`);
          this.#numbering = new Numbering();
          this.blocks(content, hasGrid);
        }
      }
      this.#numbering = numbering;
    } else this.lines.push(`figures ${block.attrs.figures.join()}`);
  }
}

/** What of a report can come back: its register's figures are tables then. */
function before(report: ReportJson, hasGrid = true): string[] {
  const seen = new Seen(new Map(Object.entries(report.pictures).map(([id, { base64 }]) => [id, base64])));
  const plain = withPlainFigures(report.content, report.figures ?? {}, new LeftOuts());
  seen.blocks(plain.content ?? [], hasGrid);
  return seen.lines;
}

function after({ content, pictures }: Imported, hasGrid = true): string[] {
  const bytes = new Map(pictures.map((one) => [one.id, Buffer.from(one.bytes).toString('base64')]));
  const seen = new Seen(bytes);
  seen.blocks(content.content ?? [], hasGrid);
  return seen.lines;
}

describe.each(PAPER)('out as %s and in again', (format) => {
  test('a report with everything keeps its blocks, styles, marks, tables and pictures', async () => {
    const imported = await outAndIn(format, EVERYTHING, META);
    expect(after(imported)).toEqual(before(EVERYTHING));
    expect(imported.summary.title).toBe(EVERYTHING.title);
  });

  test('the sample report comes back as it was, with its run-in headings', async () => {
    const { content, summary } = await outAndIn(format, waterReport(), META);
    expect(content).toEqual(waterReport().content);
    expect(summary.found.runIns).toBe(4);
  });

  test('what stands around the text is named as left out and is not in it', async () => {
    const { content, summary } = await outAndIn(format, EVERYTHING, META);
    const text = JSON.stringify(content);
    for (const words of ['陈岚', '分钟', '文章编号', META.canonical ?? '', '二维码', '— 1 —']) {
      expect(text).not.toContain(words);
    }
    const kinds = summary.leftOut.map(({ kind }) => kind);
    expect(kinds).toContain('byline');
    if (format !== 'fragment') expect(kinds).toEqual(expect.arrayContaining(['articleNumber', 'share']));
    if (format === 'docx') expect(kinds).toContain('pageFooter');
  });

  test('words that look like headings or like a site’s furniture stay what they are', async () => {
    const body = (text: string): BlockJson => ({ type: 'paragraph', content: [{ type: 'text', text }] });
    const content = [
      '正文',
      '一、不是标题',
      '点赞',
      '来源：县政府办',
      '（二）也不是',
      '1. 甲',
      '2. 乙',
      '——不是副标题',
    ].map(body);
    const title: BlockJson = {
      type: 'paragraph',
      attrs: { style: 'title' },
      content: [{ type: 'text', text: '正文' }],
    };
    const report: ReportJson = {
      schema: 1,
      title: '正文',
      content: { type: 'doc', content: [title, ...content] },
      pictures: {},
    };
    expect((await outAndIn(format, report)).content).toEqual(report.content);
  });

  test('headings that skip a rank, and lists that begin deep, keep theirs', async () => {
    const line = (style: string, level = 0, restart = false) => ({
      type: 'paragraph',
      attrs: { style, level, restart },
      content: [{ type: 'text', text: `${style}${level}` }],
    });
    const blocks = [
      line('title'),
      line('heading3'),
      line('heading1'),
      line('heading4'),
      line('ordered', 2),
      line('ordered', 1),
      line('ordered', 1, true),
      line('bullet', 0),
      line('ordered', 1),
      line('heading2'),
      line('ordered', 0),
      line('ordered', 0, true),
    ];
    const { content } = repairContent({ type: 'doc', content: blocks });
    const report: ReportJson = { schema: 1, title: '', content, pictures: {} };
    expect(after(await outAndIn(format, report))).toEqual(before(report));
  });
});

const FIGURES = {
  figure0000001: { surface: '7座', value: '7', unit: '座' },
  figure0000002: { surface: '9座', value: '9', unit: '座' },
};

const inline = (text: string): InlineJson => (text === '\n' ? { type: 'hardBreak' } : { type: 'text', text });

/** In one line or more, short and long, in halves and not. */
const arbitraryTitle: fc.Arbitrary<BlockJson> = fc
  .array(
    fc.constantFrom('题', '抓水网 绘丰景', '岚亭县：治水添动能', '系统治水添动能 兴水惠民促发展惠万家', '\n'),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .filter((parts) => parts[0] !== '\n' && parts.at(-1) !== '\n')
  .map((parts) => ({ type: 'paragraph', attrs: { style: 'title' }, content: parts.map(inline) }));

/** Figures of the register come back as a table, for which there is no room two tables deep. */
function withoutDeepFigures(block: BlockJson, tables = 0): BlockJson[] {
  if (block.type === 'figures' && tables === LIMITS.tableDepth) return [];
  if (block.type !== 'table') return [block];
  const rows = (block.content ?? []).map((row) => ({
    ...row,
    content: (row.content ?? []).map((cell) => ({
      ...cell,
      content: (cell.content ?? []).flatMap((inner) => withoutDeepFigures(inner, tables + 1)),
    })),
  }));
  return [{ ...block, content: rows }];
}

test.each(['html', 'docx'] as const)(
  'whatever a report holds, out as %s and in again it keeps its text, styles and marks',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(arbitraryTitle, arbitraryContent, async (title, random) => {
        const blocks = (random.content ?? []).flatMap((block) => withoutDeepFigures(block));
        const { content } = repairContent({ type: 'doc', content: [title, ...blocks] });
        const pic1 = EVERYTHING.pictures['reservoir'];
        if (pic1 === undefined) throw new Error('the report with everything has no picture');
        const report: ReportJson = {
          schema: 1,
          title: '标题',
          content,
          pictures: { pic1 },
          figures: FIGURES,
        };
        expect(after(await outAndIn(format, report), false)).toEqual(before(report, false));
      }),
      { numRuns: 60 },
    );
  },
);

interface Cut {
  wide: number;
  high: number;
  isHeader: boolean;
}

/** A table as the editor makes them: cells merged into rectangles, each with the widths of its columns. */
function tableOf(widths: readonly number[], height: number, cuts: readonly Cut[]): TableJson {
  const rows: CellJson[][] = Array.from({ length: height }, () => []);
  const taken = new Set<string>();
  const isFree = (x: number, y: number) => x < widths.length && y < height && !taken.has(`${x},${y}`);
  let next = 0;
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < widths.length; x += 1) {
      if (!isFree(x, y)) continue;
      const { wide, high, isHeader } = cuts[next % cuts.length] ?? { wide: 1, high: 1, isHeader: false };
      next += 1;
      let colspan = 1;
      while (colspan < wide && isFree(x + colspan, y)) colspan += 1;
      const rowspan = Math.min(high, height - y);
      for (let dy = 0; dy < rowspan; dy += 1) {
        for (let dx = 0; dx < colspan; dx += 1) taken.add(`${x + dx},${y + dy}`);
      }
      const own = widths.slice(x, x + colspan);
      row.push({
        type: isHeader ? 'tableHeader' : 'tableCell',
        attrs: { colspan, rowspan, colwidth: own.some((width) => width > 0) ? own : null },
        content: [{ type: 'paragraph', content: [inline(`第${next}格`)] }],
      });
    }
  }
  return { type: 'table', content: rows.map((content) => ({ type: 'tableRow', content })) };
}

test.each(PAPER)(
  'a table with merged cells and widths of columns is the same out as %s and in again',
  (format) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 25, max: 2000 })), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(
          fc.record({
            wide: fc.integer({ min: 1, max: 3 }),
            high: fc.integer({ min: 1, max: 3 }),
            isHeader: fc.boolean(),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (widths, height, cuts) => {
          const title: BlockJson = { type: 'paragraph', attrs: { style: 'title' }, content: [inline('题')] };
          const content: ContentJson = { type: 'doc', content: [title, tableOf(widths, height, cuts)] };
          const report: ReportJson = { schema: 1, title: '题', content, pictures: {} };
          expect((await outAndIn(format, report)).content).toEqual(content);
        },
      ),
      { numRuns: 40 },
    ),
);

test.each(PAPER)('a caption out as %s and in again is one line, whatever parts its words', async (format) => {
  const { title, pictures } = EVERYTHING;
  const block: BlockJson = {
    type: 'picture',
    attrs: { id: 'reservoir', alt: '水库\u2028大坝', caption: '图1\u2028大坝' },
  };
  const report: ReportJson = { schema: 1, title, content: { type: 'doc', content: [block] }, pictures };
  const { content } = await outAndIn(format, report);
  const picture = content.content?.find((one) => one.type === 'picture');
  expect(picture?.attrs).toMatchObject({ caption: '图1 大坝', alt: '水库 大坝' });
});

const TITLE: BlockJson = {
  type: 'paragraph',
  attrs: { style: 'title' },
  content: [{ type: 'text', text: '题' }],
};
const COUNTED: BlockJson = {
  type: 'paragraph',
  content: [{ type: 'text', text: '全县新建水库12座、供水点2168个，力争完成投资6.85亿元。' }],
};

/** What people may have set of figures. */
const someFields: fc.Arbitrary<FigureFields> = fc.record(
  {
    object: fc.constantFrom('供水点', '水厂 <1>', '  '),
    scope: fc.constantFrom('全市', '"全国"'),
    period: fc.constantFrom('2023', '2021/2025'),
    modality: fc.constantFrom('plan', 'actual'),
  },
  { requiredKeys: [] },
);

describe('our JSON', () => {
  test('comes back exactly, with the figures that its tables and charts show', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryContent, fc.array(someFields, { minLength: 1 }), async (random, sets) => {
        const { content: repaired } = repairContent({
          type: 'doc',
          content: [TITLE, ...(random.content ?? []), COUNTED],
        });
        const all = statedIn(repaired, sets);
        const ids = Object.keys(all);
        const content = mapFigures(repaired, (id) => ids[(Number(id.at(-1)) * 7) % ids.length] ?? null);
        fc.pre(parseContent(content).ok);
        const shown = shownFigures(content);
        const figures = Object.fromEntries(Object.entries(all).filter(([id]) => shown.includes(id)));
        const report: ReportJson = { schema: 1, title: '题', content, pictures: {}, figures };
        const imported = await outAndIn('json', report);
        expect(imported.content).toEqual(content);
        const again = imported.figures.map(({ id, now, set, at }) => [id, { ...statedOf(now, set), at }]);
        expect(Object.fromEntries(again)).toEqual(figures);
        expect(imported.summary.found.registered).toBe(shown.length);
      }),
      { numRuns: 100 },
    );
  });

  test('without a title comes back without one', async () => {
    const content: ContentJson = { type: 'doc', content: [COUNTED] };
    const report: ReportJson = { schema: 1, title: '', content, pictures: {} };
    expect((await outAndIn('json', report)).content).toEqual(content);
  });

  test('a title beside the content is put first, and figures are where they were in it', async () => {
    const block: BlockJson = {
      type: 'figures',
      attrs: { show: 'bar', figures: ['figure1000001'], caption: '' },
    };
    const content: ContentJson = { type: 'doc', content: [COUNTED, block] };
    const figures = statedIn(content, [{}]);
    const imported = await outAndIn('json', { schema: 1, title: '题', content, pictures: {}, figures });
    expect(imported.content).toEqual({ type: 'doc', content: [TITLE, COUNTED, block] });
    expect(imported.figures).toMatchObject([{ id: 'figure1000001', at: { paragraph: 1, start: 13 } }]);
  });

  test('figures without their places come as the tables that they show, and are registered nowhere', async () => {
    const { content, figures, summary } = await outAndIn('json', EVERYTHING);
    expect(JSON.stringify(content)).not.toContain('figure0000001');
    expect(after({ content, pictures: [], figures, summary }).join('\n')).toContain('2168个');
    expect(figures).toEqual([]);
    expect(summary.leftOut).toEqual(
      expect.arrayContaining([
        { kind: 'figureLinks', text: '主要数据 & 计划', count: 1 },
        { kind: 'lostFigures', text: '已不在正文中的数据', count: 1 },
      ]),
    );
  });
});

describe('our JSON written by hand', () => {
  const FIRST = 'figure1000000';
  const SECOND = 'figure1000001';
  const showing = (ids: string[], caption = '数据'): BlockJson => ({
    type: 'figures',
    attrs: { show: 'table', figures: ids, caption },
  });
  const content: ContentJson = {
    type: 'doc',
    content: [TITLE, COUNTED, showing([FIRST], '一'), showing([SECOND], '二')],
  };
  const good = statedIn(content, [{}]);

  const statedAs = (changes: Partial<StatedFigure>): ReportJson => {
    const { [FIRST]: first, [SECOND]: second } = good;
    if (first === undefined || second === undefined) throw new Error('no figures');
    const figures = { [FIRST]: first, [SECOND]: { ...second, ...changes } };
    return { schema: 1, title: '题', content, pictures: {}, figures };
  };

  test.each([
    ['no place', { at: undefined }],
    ['a paragraph that is not there', { at: { paragraph: 3, start: 13 } }],
    ['the last paragraph that any report could have', { at: { paragraph: 100_000, start: 1_000_000 } }],
    ['a place inside the figure', { at: { paragraph: 1, start: 14 } }],
    ['the place of another figure', { at: { paragraph: 1, start: 6 } }],
    ['other words', { surface: '2169个' }],
    ['another value', { value: '2169' }],
    ['another unit', { unit: '处' }],
    ['a qualifier that is not there', { qualifier: '约' }],
    ['an object that nobody could have set', { object: '点'.repeat(150) }],
    ['a basis that is not there', { basis: '同比' }],
  ])('a block whose figure states %s is a plain table; the other one stays', async (_, changes) => {
    const report = statedAs(changes as Partial<StatedFigure>);
    const imported = await outAndIn('json', report);
    expect(imported.content.content?.map(({ type }) => type)).toEqual([
      'paragraph',
      'paragraph',
      'figures',
      'paragraph',
      'table',
    ]);
    expect(imported.figures.map(({ id }) => id)).toEqual([FIRST]);
    expect(imported.summary.found.registered).toBe(1);
    expect(imported.summary.leftOut).toEqual([{ kind: 'figureLinks', text: '二', count: 1 }]);
  });

  test('two that claim one figure are not both registered', async () => {
    const report = statedAs({ ...good[FIRST] });
    expect((await outAndIn('json', report)).figures.map(({ id }) => id)).toEqual([FIRST]);
  });

  test.each([
    ['a place of text', `"${SECOND}": { "surface": "2168个", "value": "2168", "unit": "个", "at": "1/10" }`],
    [
      'a place below zero',
      `"${SECOND}": { "surface": "2168个", "value": "2168", "unit": "个", "at": { "paragraph": -1, "start": 10 } }`,
    ],
    [
      'a place beyond all',
      `"${SECOND}": { "surface": "2168个", "value": "2168", "unit": "个", "at": { "paragraph": 1e300, "start": 10 } }`,
    ],
    [
      'more than a place',
      `"${SECOND}": { "surface": "1", "value": "1", "unit": "", "at": { "paragraph": 1, "start": 1, "note": "" } }`,
    ],
    ['the id __proto__', `"__proto__": { "surface": "2168个", "value": "2168", "unit": "个" }`],
    ['a field __proto__', `"${SECOND}": { "surface": "1", "value": "1", "unit": "", "__proto__": {} }`],
    ['who verified it', `"${SECOND}": { "surface": "1", "value": "1", "unit": "", "verifiedBy": "chen" }`],
  ])('%s is refused', async (_, figures) => {
    const json = JSON.stringify({ schema: 1, title: '题', content, pictures: {} });
    const bytes = Buffer.from(`${json.slice(0, -1)}, "figures": { ${figures} } }`);
    expect(await convertFile('a.json', bytes, { punctuation: false })).toMatchObject({
      ok: false,
      fault: 'badJson',
    });
  });

  test('no more are registered than a register takes', async () => {
    const text = Array.from({ length: MAX_FIGURES + 1 }, (_, index) => `${index}个`).join('，');
    const many: ContentJson = {
      type: 'doc',
      content: [TITLE, { type: 'paragraph', content: [{ type: 'text', text }] }],
    };
    const figures = statedIn(many, [{}]);
    const ids = Object.keys(figures);
    expect(ids).toHaveLength(MAX_FIGURES + 1);
    const blocks = Array.from({ length: 51 }, (_, index) =>
      showing(ids.slice(index * 100, (index + 1) * 100)),
    );
    const report: ReportJson = {
      schema: 1,
      title: '题',
      content: { type: 'doc', content: [...(many.content ?? []), ...blocks] },
      pictures: {},
      figures,
    };
    const imported = await outAndIn('json', report);
    expect(imported.figures).toHaveLength(MAX_FIGURES);
    expect(imported.content.content?.slice(-2).map(({ type }) => type)).toEqual(['paragraph', 'table']);
  });

  test('a heading that becomes a table, and with it another unit below, leaves no figure in doubt', async () => {
    const cell = (type: 'tableHeader' | 'tableCell', inner: BlockJson[]) => ({
      type,
      attrs: { colspan: 1, rowspan: 1, colwidth: null },
      content: inner,
    });
    const words = (text: string): BlockJson => ({ type: 'paragraph', content: [{ type: 'text', text }] });
    const table: BlockJson = {
      type: 'table',
      content: [
        {
          type: 'tableRow',
          content: [cell('tableHeader', [words('项目')]), cell('tableHeader', [showing(['figure9000000'])])],
        },
        {
          type: 'tableRow',
          content: [cell('tableHeader', [words('水厂')]), cell('tableCell', [words('7')])],
        },
      ],
    };
    const tabled: ContentJson = { type: 'doc', content: [TITLE, table] };
    const figures = statedIn(tabled, [{}]);
    expect(Object.values(figures)).toMatchObject([{ surface: '7', unit: '' }]);
    const [id = ''] = Object.keys(figures);
    const imported = await outAndIn('json', {
      schema: 1,
      title: '题',
      content: { ...tabled, content: [...(tabled.content ?? []), showing([id])] },
      pictures: {},
      figures: {
        ...figures,
        figure9000000: { surface: '5（座）', value: '5', unit: '座', object: '数量（座）' },
      },
    });
    expect(imported.figures).toEqual([]);
    expect(JSON.stringify(imported.content)).not.toContain('"figures"');
    expect(imported.summary.leftOut).toEqual([{ kind: 'figureLinks', text: '数据', count: 2 }]);
  });
});
