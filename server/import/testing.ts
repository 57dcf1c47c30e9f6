/** Documents for tests of importing, as Word writes them, and archives that lie. */
import { zipSync } from 'fflate';
import { detectIn } from '#lib/figures/cell.ts';
import { isSettable } from '#lib/figures/command.ts';
import { checkedReport } from '#lib/figures/document.ts';
import type { FigureFields } from '#lib/figures/register.ts';
import { statedOf } from '#lib/figures/stated.ts';
import type { ContentJson, StatedFigure } from '#lib/report/model.ts';

const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

const CONTENT_TYPES =
  `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
  '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>' +
  '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';

const rels = (inner: string) =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`;

export const STYLES =
  `${XML}<w:styles xmlns:w="${MAIN}">` +
  [
    ['Title', 'Title'],
    ['1', 'heading 1'],
    ['2', 'heading 2'],
    ['a9', 'caption'],
  ]
    .map(([id, name]) => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`)
    .join('') +
  '</w:styles>';

export const NUMBERING =
  `${XML}<w:numbering xmlns:w="${MAIN}">` +
  '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>' +
  '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>' +
  '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>';

/** A run of text; `properties` is the XML in its `w:rPr`. */
export const run = (text: string, properties = '') =>
  `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;

/** A paragraph of runs; `properties` is the XML in its `w:pPr`. */
export const paragraph = (runs: string, properties = '') =>
  `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${runs}</w:p>`;

/** A picture that stands in a paragraph, by the id of its relationship. */
export const picture = (relation: string, alt = '', how: 'embed' | 'link' = 'embed') =>
  '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">' +
  `<wp:docPr id="1" name="1" descr="${alt}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>` +
  '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>' +
  `<a:blip r:${how}="${relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

export interface Docx {
  body: string;
  /** `<Relationship …/>` of the document, their types without the beginning that all share. */
  relations?: readonly { id: string; type: string; target: string; isExternal?: boolean }[];
  /** More parts, or others in the place of those that are written here. */
  parts?: Readonly<Record<string, string | Uint8Array>>;
}

/** A whole DOCX file. */
export function docx({ body, relations = [], parts = {} }: Docx): Uint8Array {
  const each = relations.map(
    ({ id, type, target, isExternal }) =>
      `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${isExternal ? ' TargetMode="External"' : ''}/>`,
  );
  const all: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': CONTENT_TYPES,
    '_rels/.rels': rels(
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/>`,
    ),
    'word/document.xml': `${XML}<w:document xmlns:w="${MAIN}" xmlns:r="${OFFICE}"><w:body>${body}</w:body></w:document>`,
    'word/_rels/document.xml.rels': rels(each.join('')),
    'word/styles.xml': STYLES,
    'word/numbering.xml': NUMBERING,
    ...parts,
  };
  const files = Object.entries(all).map(([path, content]) => [
    path,
    typeof content === 'string' ? Buffer.from(content) : content,
  ]);
  return zipSync(Object.fromEntries(files));
}

/** All figures of a content as a register of it states them, the n-th with the n-th of what people set. */
export function statedIn(content: ContentJson, sets: readonly FigureFields[]): Record<string, StatedFigure> {
  const figures: Record<string, StatedFigure> = {};
  let number = 0;
  checkedReport(content).blocks.forEach((block, paragraph) => {
    for (const { start, end: _, ...now } of detectIn(block)) {
      const set = sets[number % sets.length] ?? {};
      const stated = statedOf(now, isSettable(set) ? set : {});
      if (stated !== null) figures[`figure${1_000_000 + number}`] = { ...stated, at: { paragraph, start } };
      number += 1;
    }
  });
  return figures;
}
