/** The XML parts of a DOCX before mammoth reads them: checked, told of what it does not see, and named where nothing of them stays. */
import { OWN_FORMAT } from '#lib/report/model.ts';
import type { ImportFault, LeftOuts } from '#lib/import/imported.ts';
import { OWN_PREFIX } from '#lib/publish/docx/own.ts';
import type { Part } from './package.ts';

type Prepared = { ok: true; parts: Part[]; isOwn: boolean } | { ok: false; fault: ImportFault };

export function prepareParts(parts: readonly Part[], leftOut: LeftOuts): Prepared {
  const prepared: Part[] = [];
  const isOwn = parts.some(
    ({ path, bytes }) =>
      path === 'docProps/app.xml' && readXml(bytes)?.includes(`<Application>${OWN_FORMAT}</Application>`),
  );
  for (const part of parts) {
    if (!/\.(xml|rels)$/i.test(part.path)) {
      prepared.push(part);
      continue;
    }
    const xml = readXml(part.bytes);
    if (xml === null) return { ok: false, fault: 'damaged' };
    // Office writes none; a document that declares entities means to grow while it is read.
    if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return { ok: false, fault: 'entities' };
    if (isTooDeep(xml)) return { ok: false, fault: 'tooComplex' };
    if (/macroEnabled|vbaProject/i.test(part.path === '[Content_Types].xml' ? xml : '')) {
      return { ok: false, fault: 'macros' };
    }
    if (part.path.endsWith('.rels')) noteExternal(xml, leftOut);
    noteMargin(part.path, xml, leftOut);
    prepared.push({ path: part.path, bytes: Buffer.from(readable(part.path, xml, isOwn)) });
  }
  return { ok: true, parts: prepared, isOwn };
}

function readXml(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Word writes UTF-8 and nothing else.
    return null;
  }
}

/** Elements inside elements, as deep as no document is; whoever reads them does so by recursion. */
const MAX_XML_DEPTH = 400;

function isTooDeep(xml: string): boolean {
  let depth = 0;
  for (const [, closing, selfClosed] of xml.matchAll(/<(\/?)[a-z][^<>]*?(\/?)>/gi)) {
    if (closing === '/') depth -= 1;
    else if (selfClosed !== '/') depth += 1;
    if (depth > MAX_XML_DEPTH) return true;
  }
  return false;
}

/** Linked pictures are named; mammoth could not fetch them if it would. */
function noteExternal(rels: string, leftOut: LeftOuts): void {
  for (const [tag] of rels.matchAll(/<Relationship\b[^>]*>/g)) {
    if (!/TargetMode="External"/i.test(tag) || !/\/image"/.test(tag)) continue;
    leftOut.add('externalPicture', /Target="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What stands at the top and foot of each page is the paper's: page numbers, secrecy, letterheads. */
function noteMargin(path: string, xml: string, leftOut: LeftOuts): void {
  const kind = /^word\/(header|footer)\d*\.xml$/i.exec(path)?.[1]?.toLowerCase();
  if (kind === undefined) return;
  const texts = [...xml.matchAll(/<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>/g)].map(([, text = '']) => text);
  const said = texts.join('').replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
  if (said.trim() !== '') leftOut.add(kind === 'header' ? 'pageHeader' : 'pageFooter', said);
}

function readable(path: string, xml: string, isOwn: boolean): string {
  if (path === 'word/document.xml') {
    const tables = withColumns(withChineseFonts(xml), isOwn);
    return isOwn ? withHeads(tables) : tables;
  }
  return path === 'word/numbering.xml' ? withOwnNumberings(xml) : xml;
}

/** The font that Chinese text is set in, where mammoth looks: it knows the western one alone. */
function withChineseFonts(xml: string): string {
  return xml.replace(/<w:rFonts\b[^>]*>/g, (tag) => {
    const font = /w:eastAsia="([^"]*)"/.exec(tag)?.[1];
    if (font === undefined) return tag;
    return `<w:rFonts w:ascii="${font}"${tag.endsWith('/>') ? '/>' : '>'}`;
  });
}

/** Begins the name of a table's style that says its columns. */
const COLUMNS = 'columns:';
/** CSS pixels to the twentieth of a point. */
const PIXEL = 15;

/**
 * The widths of columns, where mammoth looks: of a table it gives out the style's name alone. Our own documents say
 * what the columns were; in others columns of one width say nothing.
 */
function withColumns(xml: string, isOwn: boolean): string {
  const table =
    /<w:tblPr(?:\s[^>]*)?(?:\/>|>(?:(?!<\/?w:tbl[\s>]).)*?<\/w:tblPr>)\s*<w:tblGrid>((?:<w:gridCol\s[^>]*\/>\s*)+)<\/w:tblGrid>/gs;
  return xml.replace(table, (all, grid: string) => {
    const columns = [...grid.matchAll(/<w:gridCol\s[^>]*>/g)].map(([tag]) => {
      if (isOwn) return Number(OWN_WIDTH.exec(tag)?.[1] ?? 0);
      return Math.round(Number(/w:w="(\d+)"/.exec(tag)?.[1] ?? 0) / PIXEL);
    });
    if (!isOwn && new Set(columns).size === 1) return all;
    return `<w:tblPr><w:tblStyle w:val="${COLUMNS}${columns.join()}"/></w:tblPr>`;
  });
}
const OWN_WIDTH = new RegExp(`${OWN_PREFIX}:width="([^"]*)"`);

/** The widths of a table's columns in CSS pixels, as the style says that they were put into; 0: not known. */
export function columnsSaid(styleId: string | null | undefined): number[] {
  if (!styleId?.startsWith(COLUMNS)) return [];
  return styleId.slice(COLUMNS.length).split(',').map(Number);
}

/** A cell of the head says so by a paragraph of its style: there may be none in it, or others. */
function withHeads(xml: string): string {
  return xml.replace(
    new RegExp(`<w:tc ${OWN_PREFIX}:head="1"><w:tcPr>.*?</w:tcPr>`, 'gs'),
    (cell) => `${cell}<w:p><w:pPr><w:pStyle w:val="CellHeader"/></w:pPr></w:p>`,
  );
}

/** More lists than a report has that begin anew; those beyond go on with the numbers before them. */
const MAX_RESTARTS = 2000;

/**
 * A numbering that begins anew gets an outline of its own. mammoth gives all that share an outline out as one,
 * so that the second of two lists would go on with the numbers of the first.
 */
function withOwnNumberings(xml: string): string {
  const outlines = new Map<string, string>();
  for (const [, id = '', inner = ''] of xml.matchAll(
    /<w:abstractNum\b[^>]*w:abstractNumId="([^"]*)"[^>]*>(.*?)<\/w:abstractNum>/gs,
  )) {
    if (inner.includes('<w:numStyleLink')) continue;
    const levels = [...inner.matchAll(/<w:lvl\b[^>]*w:ilvl="(\d)"[^>]*>.*?<w:numFmt\b[^>]*w:val="(\w+)"/gs)];
    outlines.set(
      id,
      levels
        .map(([, level, kind]) => `<w:lvl w:ilvl="${level}"><w:numFmt w:val="${kind}"/></w:lvl>`)
        .join(''),
    );
  }
  const added: string[] = [];
  const renumbered = xml.replace(/<w:num\s[^>]*>.*?<\/w:num>/gs, (num) => {
    const outline = outlines.get(/<w:abstractNumId\b[^>]*w:val="([^"]*)"/.exec(num)?.[1] ?? '');
    if (outline === undefined || !num.includes('<w:startOverride') || added.length >= MAX_RESTARTS)
      return num;
    const id = `own${added.length}`;
    added.push(`<w:abstractNum w:abstractNumId="${id}">${outline}</w:abstractNum>`);
    return num.replace(/(<w:abstractNumId\b[^>]*w:val=")[^"]*"/, `$1${id}"`);
  });
  return renumbered.replace('</w:numbering>', `${added.join('')}</w:numbering>`);
}
