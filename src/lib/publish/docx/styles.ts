/**
 * The styles of an official document (GB/T 9704-2012): body 3号 (16 pt) 仿宋, title 2号 (22 pt) 小标宋, headings
 * 黑体, 楷体, bold 仿宋, 仿宋. Lengths are in twentieths of a point, sizes in half-points, as the format has them.
 */
import { xml, type Xml } from './xml.ts';

/** A line: 225 mm / 22. */
export const LINE = 579;
/** A character: 16 pt less 0.207 pt, so that 28 take 156 mm. */
export const CHARACTER = 316;

type Font = 'fangsong' | 'title' | 'hei' | 'kai' | 'song';

/** The name in the document, and what stands in for it where it is not installed. */
const FONTS: Readonly<Record<Font, { name: string; alternative: string; family: string }>> = {
  fangsong: { name: '仿宋_GB2312', alternative: '仿宋', family: 'modern' },
  title: { name: '方正小标宋简体', alternative: '方正小标宋_GBK', family: 'auto' },
  hei: { name: '黑体', alternative: 'SimHei', family: 'modern' },
  kai: { name: '楷体_GB2312', alternative: '楷体', family: 'modern' },
  song: { name: '宋体', alternative: 'SimSun', family: 'auto' },
};
const LATIN = 'Times New Roman';

/** The font of Han characters and of the marks that both scripts share; letters and digits keep theirs. */
export const eastAsia = (font: Font): Xml => xml('w:rFonts', { 'w:eastAsia': FONTS[font].name });

const size = (halfPoints: number): Xml[] => [
  xml('w:sz', { 'w:val': halfPoints }),
  xml('w:szCs', { 'w:val': halfPoints }),
];
const exact = xml('w:spacing', { 'w:before': 0, 'w:after': 0, 'w:line': LINE, 'w:lineRule': 'exact' });
const single = (gap: number) =>
  xml('w:spacing', { 'w:before': gap, 'w:after': gap, 'w:line': 240, 'w:lineRule': 'auto' });
const offGrid = xml('w:snapToGrid', { 'w:val': 0 });
const noIndent = xml('w:ind', { 'w:firstLineChars': 0, 'w:firstLine': 0 });
const justified = (value: string) => xml('w:jc', { 'w:val': value });

/** A paragraph's style. The parts are given in the order that the format asks for. */
function style(id: string, name: string, paragraph: (Xml | null)[], run: Xml[] = []): Xml {
  return xml(
    'w:style',
    { 'w:type': 'paragraph', 'w:customStyle': BUILT_IN.has(id) ? undefined : 1, 'w:styleId': id },
    xml('w:name', { 'w:val': name }),
    xml('w:basedOn', { 'w:val': 'Normal' }),
    xml('w:qFormat'),
    xml('w:pPr', {}, paragraph),
    run.length === 0 ? null : xml('w:rPr', {}, run),
  );
}
const BUILT_IN = new Set([
  'Title',
  'Subtitle',
  'Heading1',
  'Heading2',
  'Heading3',
  'Heading4',
  'Quote',
  'Caption',
]);

const heading = (level: 1 | 2 | 3 | 4, run: Xml[]): Xml =>
  style(
    `Heading${level}`,
    `heading ${level}`,
    [xml('w:keepNext'), xml('w:outlineLvl', { 'w:val': level - 1 })],
    run,
  );

const characterStyle = (id: string, name: string, run: Xml[]): Xml =>
  xml(
    'w:style',
    { 'w:type': 'character', 'w:customStyle': id === 'Hyperlink' ? undefined : 1, 'w:styleId': id },
    xml('w:name', { 'w:val': name }),
    xml('w:rPr', {}, run),
  );

const BOLD = xml('w:b');
export const LINK_COLOR = xml('w:color', { 'w:val': '2F4B7C' });
/** The fonts of the first, second, third and fourth level. */
const LEVELS: readonly Xml[][] = [[eastAsia('hei')], [eastAsia('kai')], [BOLD], []];

/** Styles that are smaller in a table's cell: there the name begins with `Cell`. */
export type CellStyle = `Heading${number}` | 'Quote' | 'ListParagraph' | 'Signature';

const inCell = (id: CellStyle, name: string, run: Xml[] = [], side = 'left'): Xml =>
  style(`Cell${id}`, `Cell ${name}`, [offGrid, single(0), noIndent, justified(side)], [...run, ...size(24)]);

export function stylesPart(namespace: string): Xml {
  return xml(
    'w:styles',
    { 'xmlns:w': namespace },
    xml(
      'w:docDefaults',
      {},
      xml(
        'w:rPrDefault',
        {},
        xml(
          'w:rPr',
          {},
          xml('w:rFonts', {
            'w:ascii': LATIN,
            'w:hAnsi': LATIN,
            'w:eastAsia': FONTS.fangsong.name,
            'w:cs': LATIN,
          }),
          size(32),
          xml('w:lang', { 'w:val': 'en-US', 'w:eastAsia': 'zh-CN', 'w:bidi': 'ar-SA' }),
        ),
      ),
    ),
    xml(
      'w:style',
      { 'w:type': 'paragraph', 'w:default': 1, 'w:styleId': 'Normal' },
      xml('w:name', { 'w:val': 'Normal' }),
      xml('w:qFormat'),
      xml(
        'w:pPr',
        {},
        xml('w:widowControl', { 'w:val': 0 }),
        // The room that Word gives between Han characters and others would break the count of 28.
        xml('w:autoSpaceDE', { 'w:val': 0 }),
        xml('w:autoSpaceDN', { 'w:val': 0 }),
        exact,
        xml('w:ind', { 'w:firstLineChars': 200, 'w:firstLine': 2 * CHARACTER }),
        justified('both'),
      ),
    ),
    style('Title', 'Title', [noIndent, justified('center')], [eastAsia('title'), ...size(44)]),
    style('Subtitle', 'Subtitle', [noIndent, justified('center')], [eastAsia('kai')]),
    style(
      'Byline',
      'Byline',
      [xml('w:spacing', { 'w:before': LINE, 'w:after': LINE }), noIndent, justified('center')],
      [eastAsia('kai')],
    ),
    heading(1, LEVELS[0] ?? []),
    heading(2, LEVELS[1] ?? []),
    heading(3, LEVELS[2] ?? []),
    heading(4, LEVELS[3] ?? []),
    style(
      'Quote',
      'Quote',
      [xml('w:ind', { 'w:leftChars': 200, 'w:left': 2 * CHARACTER })],
      [eastAsia('kai')],
    ),
    style('ListParagraph', 'List Paragraph', [noIndent]),
    style('Signature', 'Signature', [
      xml('w:ind', {
        'w:rightChars': 200,
        'w:right': 2 * CHARACTER,
        'w:firstLineChars': 0,
        'w:firstLine': 0,
      }),
      justified('right'),
    ]),
    style('Picture', 'Picture', [xml('w:keepNext'), offGrid, single(120), noIndent, justified('center')]),
    style('Caption', 'caption', [offGrid, single(60), noIndent, justified('center')], size(28)),
    style(
      'TableCaption',
      'Table Caption',
      [xml('w:keepNext'), offGrid, single(60), noIndent, justified('center')],
      size(28),
    ),
    style('CellText', 'Cell Text', [offGrid, single(0), noIndent, justified('left')], size(24)),
    style(
      'CellHeader',
      'Cell Header',
      [offGrid, single(0), noIndent, justified('left')],
      [BOLD, ...size(24)],
    ),
    // All bold: a level more would be too much in so little room.
    ...[1, 2, 3, 4].map((rank) => inCell(`Heading${rank}`, `Heading ${rank}`, [BOLD])),
    inCell('Quote', 'Quote', [eastAsia('kai')]),
    inCell('ListParagraph', 'List Paragraph'),
    inCell('Signature', 'Signature', [], 'right'),
    style('Divider', 'Divider', [
      xml('w:pBdr', {}, xml('w:bottom', { 'w:val': 'single', 'w:sz': 4, 'w:space': 1, 'w:color': 'auto' })),
      noIndent,
    ]),
    style('Imprint', 'Imprint', [noIndent], size(28)),
    style(
      'PageNumber',
      'Page Number Line',
      [offGrid, single(0), noIndent],
      [
        xml('w:rFonts', {
          'w:ascii': FONTS.song.name,
          'w:hAnsi': FONTS.song.name,
          'w:eastAsia': FONTS.song.name,
        }),
        ...size(28),
      ],
    ),
    characterStyle('RunIn1', 'Run-in Heading 1', LEVELS[0] ?? []),
    characterStyle('RunIn2', 'Run-in Heading 2', LEVELS[1] ?? []),
    characterStyle('RunIn3', 'Run-in Heading 3', LEVELS[2] ?? []),
    characterStyle('Hyperlink', 'Hyperlink', [LINK_COLOR, xml('w:u', { 'w:val': 'single' })]),
  );
}

export function fontTablePart(namespace: string): Xml {
  return xml(
    'w:fonts',
    { 'xmlns:w': namespace },
    Object.values(FONTS).map(({ name, alternative, family }) =>
      xml(
        'w:font',
        { 'w:name': name },
        xml('w:altName', { 'w:val': alternative }),
        xml('w:charset', { 'w:val': '86' }),
        xml('w:family', { 'w:val': family }),
      ),
    ),
  );
}
