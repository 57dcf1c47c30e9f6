/** The XML parts of a DOCX before mammoth reads them: checked, told of what it does not see, and named where nothing of them stays. */
import { OWN_FORMAT } from '#lib/report/model.ts';
import type { ImportFault, LeftOuts } from '#lib/import/imported.ts';
import type { Part } from './package.ts';

type Prepared = { ok: true; parts: Part[]; isOwn: boolean } | { ok: false; fault: ImportFault };

export function prepareParts(parts: readonly Part[], leftOut: LeftOuts): Prepared {
  const prepared: Part[] = [];
  let isOwn = false;
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
    isOwn ||= part.path === 'docProps/app.xml' && xml.includes(`<Application>${OWN_FORMAT}</Application>`);
    prepared.push({ path: part.path, bytes: Buffer.from(readable(part.path, xml)) });
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

function readable(path: string, xml: string): string {
  if (path === 'word/document.xml') return withChineseFonts(xml);
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
