/** A report leaves in a format and comes back by the way that every import takes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withPlainFigures } from '#lib/import/figures.ts';
import { type Imported, LeftOuts } from '#lib/import/imported.ts';
import { EVERYTHING, META, waterReport } from '#lib/publish/fixtures/everything.ts';
import { type Format, FORMAT_TABLE, renderFile } from '#lib/publish/formats.ts';
import { type ArticleMeta, NO_META } from '#lib/publish/meta.ts';
import { arbitraryContent } from '#lib/report/arbitrary.ts';
import type { BlockJson, InlineJson, MarkJson, ParagraphJson, ReportJson } from '#lib/report/model.ts';
import { Numbering } from '#lib/report/numbering.ts';
import { runInLength } from '#lib/report/outline.ts';
import { repairContent } from '#lib/report/parse.ts';
import { paragraphAttrs, paragraphText } from '#lib/report/text.ts';
import { convertFile } from './convert.ts';

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

/** Headings and quotations in cells are bold and plain text in Word; tables in tables are not looked into. */
function simpler(block: BlockJson, isWord: boolean, isInCell = false): BlockJson[] {
  if (block.type === 'table') {
    if (isInCell) return [];
    const rows = (block.content ?? []).map((row) => ({
      ...row,
      content: (row.content ?? []).map((cell) => ({
        ...cell,
        content: (cell.content ?? []).flatMap((inner) => simpler(inner, isWord, true)),
      })),
    }));
    return [{ ...block, content: rows }];
  }
  const isStyled = block.type === 'paragraph' && /^(heading|quote)/.test(block.attrs?.style ?? '');
  return isInCell && isWord && isStyled ? [{ ...block, attrs: { ...block.attrs, style: 'body' } }] : [block];
}

test.each(['html', 'docx'] as const)(
  'whatever a report holds, out as %s and in again it keeps its text, styles and marks',
  async (format) => {
    const title = { type: 'paragraph', attrs: { style: 'title' }, content: [{ type: 'text', text: '标题' }] };
    await fc.assert(
      fc.asyncProperty(arbitraryContent, async (random) => {
        const blocks = (random.content ?? []).flatMap((block) => simpler(block, format === 'docx'));
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

describe('our JSON', () => {
  test('comes back exactly', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryContent, async (random) => {
        const { content: repaired } = repairContent(random);
        const blocks = (repaired.content ?? []).filter(({ type }) => type !== 'figures' && type !== 'table');
        const title: BlockJson = {
          type: 'paragraph',
          attrs: { style: 'title' },
          content: [{ type: 'text', text: '题' }],
        };
        const report: ReportJson = {
          schema: 1,
          title: '题',
          content: { type: 'doc', content: [title, ...blocks] },
          pictures: {},
        };
        expect((await outAndIn('json', report)).content).toEqual(report.content);
      }),
      { numRuns: 60 },
    );
  });

  test('figures of another register come as the tables that they show, and are registered nowhere', async () => {
    const { content, summary } = await outAndIn('json', EVERYTHING);
    expect(JSON.stringify(content)).not.toContain('figure0000001');
    expect(after({ content, pictures: [], summary }).join('\n')).toContain('2168个');
    expect(summary.leftOut).toEqual(
      expect.arrayContaining([
        { kind: 'figureLinks', text: '主要数据 & 计划', count: 1 },
        { kind: 'lostFigures', text: '已不在正文中的数据', count: 1 },
      ]),
    );
  });
});
