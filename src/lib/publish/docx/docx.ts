/**
 * The article as a Word document (ECMA-376) that is set as GB/T 9704-2012 asks: A4, a grid of 22 lines of 28
 * characters, page numbers at the outer edge. Written by hand (docs/decisions/0011): the same report gives the
 * same bytes.
 */
import { zipSync, type Zippable } from 'fflate';
import { OWN_FORMAT, type EmbeddedPicture, type PictureType } from '#lib/report/model.ts';
import type { Article } from '../article.ts';
import { bytesOf } from '../bytes.ts';
import { xml, xmlFile, type Xml } from './xml.ts';
import { listIndent, renderBody, type Needed, type Numbering } from './body.ts';
import { DRAWING_NAMESPACES } from './drawing.ts';
import { OWN_NAMESPACES } from './own.ts';
import { fontTablePart, LINE, stylesPart } from './styles.ts';

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
/** The earliest that the archive's format knows. */
const MTIME = new Date(1980, 0, 1);

const EXTENSIONS: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

export function renderDocx(article: Article): Uint8Array<ArrayBuffer> {
  const { blocks, needed } = renderBody(article);
  const files: Zippable = {
    '[Content_Types].xml': xmlFile(contentTypes()),
    '_rels/.rels': xmlFile(
      relationships([
        ['document', `${R}/officeDocument`, 'word/document.xml'],
        ['core', `${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml'],
        ['app', `${R}/extended-properties`, 'docProps/app.xml'],
      ]),
    ),
    'docProps/core.xml': xmlFile(coreProperties(article)),
    'docProps/app.xml': xmlFile(appProperties()),
    'word/document.xml': xmlFile(
      xml(
        'w:document',
        { 'xmlns:w': W, 'xmlns:r': R, ...DRAWING_NAMESPACES, ...OWN_NAMESPACES },
        xml('w:body', {}, blocks, pageSetup()),
      ),
    ),
    'word/_rels/document.xml.rels': xmlFile(documentRelationships(needed)),
    'word/styles.xml': xmlFile(stylesPart(W)),
    'word/fontTable.xml': xmlFile(fontTablePart(W)),
    'word/settings.xml': xmlFile(settings()),
    'word/numbering.xml': xmlFile(numbering(needed.numberings)),
    'word/footer1.xml': xmlFile(pageNumber('right')),
    'word/footer2.xml': xmlFile(pageNumber('left')),
  };
  needed.pictures.forEach((picture, index) => {
    // Pictures are compressed already.
    files[`word/${mediaName(picture, index)}`] = [bytesOf(picture.base64), { level: 0 }];
  });
  return zipSync(files, { mtime: MTIME });
}

const mediaName = ({ type }: EmbeddedPicture, index: number) => `media/image${index + 1}.${EXTENSIONS[type]}`;

function contentTypes(): Xml {
  const part = (path: string, type: string) => xml('Override', { PartName: path, ContentType: type });
  return xml(
    'Types',
    { xmlns: `${PACKAGE}/content-types` },
    xml('Default', {
      Extension: 'rels',
      ContentType: 'application/vnd.openxmlformats-package.relationships+xml',
    }),
    xml('Default', { Extension: 'xml', ContentType: 'application/xml' }),
    Object.entries(EXTENSIONS).map(([type, extension]) =>
      xml('Default', { Extension: extension, ContentType: type }),
    ),
    part('/word/document.xml', `${TYPE}.document.main+xml`),
    part('/word/styles.xml', `${TYPE}.styles+xml`),
    part('/word/fontTable.xml', `${TYPE}.fontTable+xml`),
    part('/word/settings.xml', `${TYPE}.settings+xml`),
    part('/word/numbering.xml', `${TYPE}.numbering+xml`),
    part('/word/footer1.xml', `${TYPE}.footer+xml`),
    part('/word/footer2.xml', `${TYPE}.footer+xml`),
    part('/docProps/app.xml', 'application/vnd.openxmlformats-officedocument.extended-properties+xml'),
    part('/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'),
  );
}

function relationships(
  parts: readonly (readonly [id: string, type: string, target: string, mode?: 'External'])[],
): Xml {
  return xml(
    'Relationships',
    { xmlns: `${PACKAGE}/relationships` },
    parts.map(([id, type, target, mode]) =>
      xml('Relationship', { Id: id, Type: type, Target: target, TargetMode: mode }),
    ),
  );
}

function documentRelationships({ pictures, links }: Needed): Xml {
  const part = (type: string, target: string) =>
    [target.replace('.xml', ''), `${R}/${type}`, target] as const;
  return relationships([
    part('styles', 'styles.xml'),
    part('fontTable', 'fontTable.xml'),
    part('settings', 'settings.xml'),
    part('numbering', 'numbering.xml'),
    part('footer', 'footer1.xml'),
    part('footer', 'footer2.xml'),
    ...pictures.map(
      (picture, index) => [`image${index + 1}`, `${R}/image`, mediaName(picture, index)] as const,
    ),
    ...links.map((href, index) => [`link${index + 1}`, `${R}/hyperlink`, href, 'External'] as const),
  ]);
}

function coreProperties({ title, meta }: Article): Xml {
  return xml(
    'cp:coreProperties',
    {
      'xmlns:cp': `${PACKAGE}/metadata/core-properties`,
      'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
      'xmlns:dcterms': 'http://purl.org/dc/terms/',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    },
    xml('dc:title', {}, title),
    meta.author === null ? null : xml('dc:creator', {}, meta.author),
    xml('dc:language', {}, 'zh-CN'),
    meta.date === null
      ? null
      : xml('dcterms:created', { 'xsi:type': 'dcterms:W3CDTF' }, `${meta.date}T00:00:00Z`),
  );
}

/** Who wrote it. Whoever saves it anew says another name, so that this one means: as we wrote it. */
function appProperties(): Xml {
  return xml(
    'Properties',
    { xmlns: 'http://schemas.openxmlformats.org/officeDocument/2006/extended-properties' },
    xml('Application', {}, OWN_FORMAT),
  );
}

/** A4 with margins of 37, 26, 35 and 28 mm; the grid gives 22 lines of 28 characters. Lengths in twentieths of a point. */
function pageSetup(): Xml {
  return xml(
    'w:sectPr',
    {},
    xml('w:footerReference', { 'w:type': 'default', 'r:id': 'footer1' }),
    xml('w:footerReference', { 'w:type': 'even', 'r:id': 'footer2' }),
    xml('w:pgSz', { 'w:w': 11_906, 'w:h': 16_838 }),
    xml('w:pgMar', {
      'w:top': 2098,
      'w:right': 1474,
      'w:bottom': 1984,
      'w:left': 1588,
      'w:header': 851,
      'w:footer': 1304,
      'w:gutter': 0,
    }),
    // charSpace is in 4,096ths of a point: -0.207 pt.
    xml('w:docGrid', { 'w:type': 'linesAndChars', 'w:linePitch': LINE, 'w:charSpace': -849 }),
  );
}

/** `— 1 —`: odd pages have it at the right, even ones at the left, one character from the edge. */
function pageNumber(side: 'left' | 'right'): Xml {
  const run = (child: Xml) =>
    xml('w:r', {}, xml('w:rPr', {}, xml('w:rFonts', { 'w:hint': 'eastAsia' })), child);
  const field = (type: string) => run(xml('w:fldChar', { 'w:fldCharType': type }));
  const said = (text: string) => run(xml('w:t', { 'xml:space': 'preserve' }, text));
  const indent =
    side === 'right' ? { 'w:rightChars': 100, 'w:right': 280 } : { 'w:leftChars': 100, 'w:left': 280 };
  return xml(
    'w:ftr',
    { 'xmlns:w': W },
    xml(
      'w:p',
      {},
      xml(
        'w:pPr',
        {},
        xml('w:pStyle', { 'w:val': 'PageNumber' }),
        xml('w:ind', { ...indent, 'w:firstLineChars': 0, 'w:firstLine': 0 }),
        xml('w:jc', { 'w:val': side }),
      ),
      said('— '),
      field('begin'),
      run(xml('w:instrText', { 'xml:space': 'preserve' }, ' PAGE ')),
      field('separate'),
      said('1'),
      field('end'),
      said(' —'),
    ),
  );
}

function settings(): Xml {
  return xml(
    'w:settings',
    { 'xmlns:w': W },
    xml('w:evenAndOddHeaders'),
    xml('w:characterSpacingControl', { 'w:val': 'doNotCompress' }),
    xml(
      'w:compat',
      {},
      // A line that a break ends is not stretched.
      xml('w:doNotExpandShiftReturn'),
      xml('w:compatSetting', {
        'w:name': 'compatibilityMode',
        'w:uri': 'http://schemas.microsoft.com/office/word',
        'w:val': 15,
      }),
    ),
    xml('w:themeFontLang', { 'w:val': 'en-US', 'w:eastAsia': 'zh-CN' }),
  );
}

const BULLETS = '•◦▪';

/** Each numbering begins at one, where it is used first; two outlines serve them all. */
function numbering(numberings: readonly Numbering[]): Xml {
  const outline = (id: number, ordered: boolean) =>
    xml(
      'w:abstractNum',
      { 'w:abstractNumId': id },
      xml('w:multiLevelType', { 'w:val': 'hybridMultilevel' }),
      Array.from({ length: 9 }, (_, level) =>
        xml(
          'w:lvl',
          { 'w:ilvl': level },
          xml('w:start', { 'w:val': 1 }),
          xml('w:numFmt', { 'w:val': ordered ? 'decimal' : 'bullet' }),
          xml('w:lvlText', {
            'w:val': ordered ? `%${level + 1}.` : (BULLETS[level % BULLETS.length] ?? '•'),
          }),
          xml('w:lvlJc', { 'w:val': 'left' }),
          xml('w:pPr', {}, xml('w:ind', { 'w:left': listIndent(level), 'w:hanging': 480 })),
        ),
      ),
    );
  return xml(
    'w:numbering',
    { 'xmlns:w': W },
    outline(0, true),
    outline(1, false),
    numberings.map(({ ordered, level }, index) =>
      xml(
        'w:num',
        { 'w:numId': index + 1 },
        xml('w:abstractNumId', { 'w:val': ordered ? 0 : 1 }),
        ordered ? xml('w:lvlOverride', { 'w:ilvl': level }, xml('w:startOverride', { 'w:val': 1 })) : null,
      ),
    ),
  );
}
