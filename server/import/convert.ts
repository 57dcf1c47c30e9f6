/** A file of any kind made into a report's content. What a file is, is decided by its bytes and never by its name alone. */
import type { Draft } from '#lib/import/draft.ts';
import { finishDraft, halfWidthMarks, type Source, summarise } from '#lib/import/finish.ts';
import { readHtml } from '#lib/import/html.ts';
import { withOwnFigures } from '#lib/import/figures.ts';
import { type ImportFault, type ImportOptions, type ImportResult, LeftOuts } from '#lib/import/imported.ts';
import { readPlain } from '#lib/import/plain.ts';
import { parseContent, parseReport } from '#lib/report/parse.ts';
import { pictureIds } from '#lib/report/pictures.ts';
import { cleanImage } from '../pictures/image.ts';
import { readDocx } from './docx.ts';
import { decodeText } from './encoding.ts';

/** The largest file, in bytes: our JSON with its pictures, as `PUT …/content` takes it. */
export const MAX_IMPORT_BYTES = 36 * 1024 * 1024;
/** The largest page or text, in bytes; a page may hold pictures. */
const MAX_HTML_BYTES = 24 * 1024 * 1024;
const MAX_TEXT_BYTES = 8 * 1024 * 1024;
/** The most pictures of a report. */
const MAX_PICTURES = 500;

const refuse = (fault: ImportFault, detail?: string): ImportResult =>
  detail === undefined ? { ok: false, fault } : { ok: false, fault, detail };

const begins = (bytes: Uint8Array, sign: readonly number[]) =>
  sign.every((byte, index) => bytes[index] === byte);
const ZIP = [0x50, 0x4b];
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const PDF = [0x25, 0x50, 0x44, 0x46];
const RTF = [0x7b, 0x5c, 0x72, 0x74, 0x66];

/** A page, or a piece of one: it has elements that pages have. */
const HTML =
  /<!doctype\s+html|<html[\s>]|<body[\s>]|^\s*<(?:meta|head|div|p|h[1-6]|article|section|table|ul|ol|blockquote)[\s>]/i;

export async function convertFile(
  fileName: string,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<ImportResult> {
  if (bytes.length === 0) return refuse('empty');
  if (bytes.length > MAX_IMPORT_BYTES) return refuse('tooLarge', megabytes(MAX_IMPORT_BYTES));
  const leftOut = new LeftOuts();
  if (begins(bytes, ZIP)) {
    const read = await readDocx(bytes, leftOut);
    if (!read.ok) return refuse(read.fault);
    return finish(read.draft, { format: 'docx', fileName, encoding: null }, leftOut, options);
  }
  if (begins(bytes, OLE)) return refuse(isEncryptedOle(bytes) ? 'encrypted' : 'oldWord');
  if (begins(bytes, PDF)) return refuse('pdf');
  if (begins(bytes, RTF)) return refuse('oldWord');
  const decoded = decodeText(bytes);
  if (decoded === null) return refuse(cleanImage(bytes).ok || hasNuls(bytes) ? 'unknownType' : 'encoding');
  const { text, encoding } = decoded;
  const extension = /\.([^.]*)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  if (extension === 'json' || /^\s*\{\s*"schema"\s*:/.test(text)) return convertJson(text, leftOut);
  if (text.includes('\u0000')) leftOut.add('controlCharacter');
  const clean = text.replaceAll('\u0000', '');
  if (clean.trim() === '') return refuse('empty');
  const isHtml = ['html', 'htm', 'xhtml'].includes(extension) || HTML.test(clean.slice(0, 2048));
  const limit = isHtml ? MAX_HTML_BYTES : MAX_TEXT_BYTES;
  if (bytes.length > limit) return refuse('tooLarge', megabytes(limit));
  const draft = isHtml ? readHtml(clean, leftOut) : readPlain(clean);
  return finish(draft, { format: isHtml ? 'html' : 'text', fileName, encoding }, leftOut, options);
}

const megabytes = (bytes: number) => `${bytes / 2 ** 20} MB`;
const hasNuls = (bytes: Uint8Array) => bytes.subarray(0, 4096).includes(0);

/** An encrypted document is kept in an OLE file, in a stream of this name (MS-OFFCRYPTO 2.3.1). */
const isEncryptedOle = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(
    Buffer.from('EncryptedPackage', 'utf16le'),
  );

/** Leaves out the pictures that no report may hold, then makes the rest a report. */
function finish(draft: Draft, source: Source, leftOut: LeftOuts, options: ImportOptions): ImportResult {
  const good = draft.pictures.filter(({ bytes }) => cleanImage(bytes).ok);
  if (good.length > MAX_PICTURES) return refuse('tooManyPictures', `${MAX_PICTURES}`);
  const ids = new Set(good.map(({ id }) => id));
  const bad = draft.pictures.length - good.length;
  for (let count = 0; count < bad; count += 1) leftOut.add('unusablePicture');
  const blocks = bad === 0 ? draft.blocks : withoutPictures(draft.blocks, ids);
  return finishDraft({ ...draft, blocks, pictures: good }, source, leftOut, options);
}

/** Without the pictures that are not among some; a caption stays as a line. */
function withoutPictures(blocks: Draft['blocks'], ids: ReadonlySet<string>): Draft['blocks'] {
  return blocks.flatMap((block): Draft['blocks'] => {
    if (block.type === 'table') {
      const content = (block.content ?? []).map((row) => ({
        ...row,
        content: (row.content ?? []).map((cell) => ({
          ...cell,
          content: withoutPictures(cell.content ?? [], ids),
        })),
      }));
      return [{ ...block, content }];
    }
    if (block.type !== 'picture' || (block.attrs.id !== null && ids.has(block.attrs.id))) return [block];
    const { caption } = block.attrs;
    return caption === '' ? [] : [{ type: 'paragraph', content: [{ type: 'text', text: caption }] }];
  });
}

/** Our JSON, exactly: what the schema does not know is refused, and nothing is looked for in it. */
function convertJson(text: string, leftOut: LeftOuts): ImportResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('badJson');
  }
  const parsed = parseReport(json);
  if (!parsed.ok) {
    const [first] = parsed.errors;
    if (first?.code === 'newer_schema') return refuse('newerJson');
    return refuse('badJson', first === undefined ? undefined : `${first.path || 'body'}: ${first.code}`);
  }
  const { report } = parsed;
  const { content, figures } = withOwnFigures(report, leftOut);
  // Tables take more room than the figures that they are made of.
  if (!parseContent(content).ok) return refuse('tooLong');
  const shown = pictureIds(content);
  if (shown.length > MAX_PICTURES) return refuse('tooManyPictures', `${MAX_PICTURES}`);
  const pictures = [];
  for (const id of shown) {
    const embedded = report.pictures[id];
    // One that was lost before the export still has its caption.
    if (embedded === undefined) {
      leftOut.add('unusablePicture', id);
      continue;
    }
    const bytes = Buffer.from(embedded.base64, 'base64');
    if (!cleanImage(bytes).ok) return refuse('badJson', `pictures.${id}`);
    pictures.push({ id, bytes: new Uint8Array(bytes) });
  }
  const source = {
    format: 'json' as const,
    encoding: null,
    titleFrom: 'marked' as const,
    registered: figures.length,
  };
  const marks = halfWidthMarks(content.content ?? []);
  return {
    ok: true,
    value: { content, pictures, figures, summary: summarise(content, source, leftOut, marks, false) },
  };
}
