import * as fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import mammoth from 'mammoth';
import { expect, test } from 'vitest';
import { arbitraryContent } from '#lib/report/arbitrary.ts';
import type { ArticleMeta } from '../meta.ts';
import type { InlineJson, ParagraphAttrs, ReportJson } from '#lib/report/model.ts';
import { repairContent } from '#lib/report/parse.ts';
import { EVERYTHING, META, waterReport } from '../fixtures/everything.ts';
import { render, renderFile } from '../formats.ts';
import { NO_META } from '../meta.ts';

/** The XML of a Word document by its path. */
function partsOf(report: ReportJson, meta: ArticleMeta = META): Record<string, string> {
  const files = Object.entries(unzipSync(renderFile('docx', report, meta)));
  return Object.fromEntries(
    files.filter(([path]) => /\.(xml|rels)$/.test(path)).map(([path, bytes]) => [path, strFromU8(bytes)]),
  );
}
const documentOf = (report: ReportJson, meta: ArticleMeta = META) =>
  partsOf(report, meta)['word/document.xml'] ?? '';

/** As another program reads it. */
async function readBack(report: ReportJson, meta: ArticleMeta = NO_META): Promise<string> {
  const { value } = await mammoth.extractRawText({ buffer: Buffer.from(renderFile('docx', report, meta)) });
  return value;
}

const paragraph = (attrs: Partial<ParagraphAttrs>, ...content: InlineJson[]) => ({
  type: 'paragraph',
  attrs,
  content,
});
const said = (text: string): InlineJson => ({ type: 'text', text });
function reportOf(...blocks: unknown[]): ReportJson {
  const { content } = repairContent({ type: 'doc', content: blocks });
  return { schema: 1, title: '', content, pictures: {} };
}

/** The paragraph or row, as XML, that holds a text. */
const around = (tag: string, document: string, text: string) =>
  document.split(`<${tag}>`).find((part) => part.includes(text)) ?? '';

test('every part is as the golden file has it', async () => {
  for (const [name, report] of [
    ['everything', EVERYTHING],
    ['water', waterReport()],
  ] as const) {
    const parts = Object.entries(partsOf(report)).map(
      ([path, xml]) =>
        `── ${path}\n${xml.replaceAll(/(?<=>)(?=<w:(p|tbl|tr|style|num|abstractNum|sectPr)[ />])/g, '\n')}`,
    );
    await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot(`../golden/${name}.docx.txt`);
  }
});

test('the same report gives the same bytes', () => {
  expect(renderFile('docx', EVERYTHING, META)).toEqual(renderFile('docx', EVERYTHING, META));
});

test('the page is that of GB/T 9704-2012: A4, its margins, a grid of 22 lines of 28 characters', () => {
  const setup = around('w:sectPr', documentOf(waterReport()), 'w:pgSz');
  expect(setup).toContain('<w:pgSz w:w="11906" w:h="16838"/>');
  // 37, 26, 35 and 28 mm in twentieths of a point.
  for (const [side, millimetres] of [
    ['top', 37],
    ['right', 26],
    ['bottom', 35],
    ['left', 28],
  ] as const) {
    const twips = Number(new RegExp(`w:${side}="(\\d+)"`).exec(setup)?.[1]);
    expect(Math.abs(twips - (millimetres / 25.4) * 1440)).toBeLessThan(1);
  }
  expect(setup).toContain('<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"/>');
});

test('each style has the font and the size that the standard names', () => {
  const styles = partsOf(EVERYTHING)['word/styles.xml'] ?? '';
  const style = (id: string) =>
    styles.split('<w:style ').find((part) => part.includes(`w:styleId="${id}"`)) ?? '';
  const defaults = styles.slice(0, styles.indexOf('<w:style '));
  expect(defaults).toContain('w:eastAsia="仿宋_GB2312"');
  expect(defaults).toContain('<w:sz w:val="32"/>');
  expect(style('Normal')).toContain('w:firstLineChars="200"');
  expect(style('Title')).toContain('<w:rFonts w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/>');
  expect(style('Heading1')).toContain(
    '<w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr>',
  );
  expect(style('Heading2')).toContain(
    '<w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:rFonts w:eastAsia="楷体_GB2312"/></w:rPr>',
  );
  expect(style('Heading3')).toContain('<w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/></w:rPr>');
  expect(style('Heading4')).toContain('<w:outlineLvl w:val="3"/></w:pPr></w:style>');
});

test('headings, run-in headings and the signature bear their styles', () => {
  const document = documentOf(EVERYTHING);
  const styleOf = (text: string) =>
    /<w:(?:pStyle|rStyle) w:val="(\w+)"/.exec(around('w:p', document, text))?.[1];
  expect(
    [
      '一、总体情况',
      '（一）具体做法',
      '1. 三级标题',
      '（1）四级标题',
      '强统筹',
      '青岚县水利局',
      '水利是农业的命脉',
    ].map(styleOf),
  ).toEqual(['Heading1', 'Heading2', 'Heading3', 'Heading4', 'RunIn2', 'Signature', 'Quote']);
});

test('a short title takes one line, a long couplet breaks between its halves', () => {
  const title = (text: string) =>
    documentOf(reportOf(paragraph({ style: 'title' }, said(text))))
      .split('</w:p>')[0]
      ?.split('<w:cr/>').length;
  expect(title('抓水网强保障 绘就好丰景')).toBe(1);
  expect(title('岚亭县：系统治水添动能 兴水惠民促发展惠万家')).toBe(2);
});

test('page numbers stand at the outer edge, one character in, between dashes', () => {
  const parts = partsOf(EVERYTHING);
  expect(parts['word/settings.xml']).toContain('<w:evenAndOddHeaders/>');
  const [odd, even] = [parts['word/footer1.xml'] ?? '', parts['word/footer2.xml'] ?? ''];
  expect(odd).toContain('w:rightChars="100"');
  expect(odd).toContain('<w:jc w:val="right"/>');
  expect(even).toContain('w:leftChars="100"');
  expect(even).toContain('<w:jc w:val="left"/>');
  for (const footer of [odd, even]) {
    expect(footer.replaceAll(/<w:instrText.*?<\/w:instrText>|<[^>]+>/g, '')).toMatch(/— 1 —$/);
  }
});

test('a list that restarts counts from one, and one that goes on has the numbering of the one before', () => {
  const numbering = partsOf(EVERYTHING)['word/numbering.xml'] ?? '';
  const starts = [...numbering.matchAll(/w:ilvl="(\d)"><w:startOverride w:val="(\d+)"/g)];
  expect(starts.map(([, level, start]) => `${level}:${start}`)).toEqual(['0:1', '1:1', '0:1']);
  const document = documentOf(EVERYTHING);
  const listOf = (text: string) => /w:numId w:val="(\d+)"/.exec(around('w:p', document, text))?.[1];
  expect(listOf('接着编号')).toBe(listOf('明确责任'));
  expect(listOf('重新编号')).not.toBe(listOf('明确责任'));
});

test('a table keeps its spans, and its head is repeated on each page', () => {
  const document = documentOf(EVERYTHING);
  const [table = ''] = document.split('<w:tbl>').slice(1);
  expect(table.split('<w:gridCol ')).toHaveLength(4);
  expect(around('w:tr', table, '项目')).toContain('<w:tblHeader/>');
  expect(around('w:tr', table, '数量')).toContain('<w:gridSpan w:val="2"/>');
  expect(around('w:tr', table, '7座')).toContain('<w:vMerge w:val="restart"/>');
  expect(around('w:tr', table, '118处')).toContain('<w:vMerge/>');
});

test('a picture is as large as it is, says what it shows, and has its caption below', async () => {
  const files = unzipSync(renderFile('docx', EVERYTHING, META));
  expect(files['word/media/image1.png']?.slice(1, 4)).toEqual(new TextEncoder().encode('PNG'));
  const document = documentOf(EVERYTHING);
  // 48 × 24 pixels of 9,525 EMU.
  expect(document).toContain('<wp:extent cx="457200" cy="228600"/>');
  expect(document).toContain('descr="青色的水面"');
  const { value } = await mammoth.convertToHtml({
    buffer: Buffer.from(renderFile('docx', EVERYTHING, META)),
  });
  expect(value).toMatch(
    /<img alt="青色的水面" src="data:image\/png;base64,[^"]+" \/><\/p><p>青岚水库 &lt;一角&gt;<\/p>/,
  );
});

test('another program finds the headings, links, lists, marks and tables', async () => {
  const { value } = await mammoth.convertToHtml({
    buffer: Buffer.from(renderFile('docx', EVERYTHING, META)),
  });
  expect(value).toContain('<h1>一、总体情况</h1>');
  expect(value).toContain('<h2>（一）具体做法</h2>');
  expect(value).toContain(
    '<a href="https://example.com/?a=1&amp;b=%222%22">《实施<strong>意见》</strong></a>',
  );
  expect(value).toMatch(
    /<ol><li>明确责任<ol><li>县级<ul><li>抓总<\/li><\/ul><\/li><li>乡级<\/li><\/ol><\/li>/,
  );
  expect(value).toContain('按月<strong>调度</strong>');
  expect(value).toMatch(/<th colspan="2"><p>数量/);
  expect(value).toContain('第二行 &lt;b&gt;不是标记&lt;/b&gt;。');
});

const bare = (text: string) => text.replaceAll(/\s+/g, '');

test('another program finds all the text of whatever report', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryContent, async (content) => {
      const body = (content.content ?? []).filter(
        (block) => block.type === 'paragraph' && !/^(bullet|ordered)$/.test(block.attrs?.style ?? ''),
      );
      const report = reportOf(
        paragraph({ style: 'title' }, said('标题')),
        paragraph({}, said('导语')),
        ...body,
      );
      const [, ...text] = render('text', report, NO_META).split('\n').slice(1);
      expect(bare(await readBack(report))).toBe(
        `标题${bare(text.join('').replaceAll(/[\ufffe\uffff]/g, ''))}`,
      );
    }),
    { numRuns: 60 },
  );
});

test('whatever a report holds, another program opens it', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryContent, async (content) => {
      const pictures = { pic1: { type: 'image/png' as const, base64: 'iVBORw0KGgo=' } };
      const report = { ...reportOf(...(content.content ?? [])), pictures };
      expect((await readBack(report)).length).toBeGreaterThan(0);
      expect(documentOf(report)).not.toContain('<script');
    }),
    { numRuns: 60 },
  );
});
