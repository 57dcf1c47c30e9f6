/**
 * The parts of a DOCX (ECMA-376, part 2: a ZIP archive) that are read, each unpacked within limits: sizes
 * are checked as the archive states them and once more while its bytes come out, since it may lie.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import type { ImportFault } from '#lib/import/imported.ts';

/** Bytes, unpacked. */
const MAX_XML = 24 * 1024 * 1024;
const MAX_MEDIA = 20 * 1024 * 1024;
const MAX_TOTAL = 96 * 1024 * 1024;
const MAX_PARTS = 4000;
/** More than real text is ever packed, counted from a size on where it matters. */
const MAX_RATIO = 300;
const RATIO_FROM = 1024 * 1024;

export interface Part {
  path: string;
  bytes: Uint8Array;
}
export type Unpacked = { ok: true; parts: Part[] } | { ok: false; fault: ImportFault };

interface Entry {
  path: string;
  method: number;
  isEncrypted: boolean;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const refuse = (fault: ImportFault): Unpacked => ({ ok: false, fault });

/** What of a document is read; the rest (fonts, themes, previews, settings) is not even unpacked. */
const READ =
  /^\[Content_Types\]\.xml$|^_rels\/\.rels$|^docProps\/app\.xml$|^word\/(?:_rels\/)?[\w-]+\.xml(?:\.rels)?$|^(?:word\/)?media\/[\w.-]+$/i;
const isMedia = (path: string) => /^(?:word\/)?media\//i.test(path);

export function unpackDocx(bytes: Uint8Array): Unpacked {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = entriesOf(archive);
  if (entries === null) return refuse('damaged');
  if (entries.length > MAX_PARTS) return refuse('bomb');
  if (entries.some(({ isEncrypted }) => isEncrypted)) return refuse('encrypted');
  if (entries.some(({ path }) => /(^|\/)vba(Project|Data)/i.test(path))) return refuse('macros');
  const paths = entries.map(({ path }) => path.toLowerCase());
  if (new Set(paths).size !== paths.length) return refuse('damaged');
  if (entries.some(isBomb) || entries.reduce((sum, { size }) => sum + size, 0) > 4 * MAX_TOTAL) {
    return refuse('bomb');
  }
  const wanted = entries.filter(({ path }) => READ.test(path));
  if (!paths.includes('[content_types].xml') || !paths.includes('word/document.xml'))
    return refuse('notWord');
  const parts: Part[] = [];
  let total = 0;
  for (const entry of wanted) {
    const limit = isMedia(entry.path) ? MAX_MEDIA : MAX_XML;
    if (entry.size > limit) {
      // A picture that no report may hold is left out where it stands.
      if (isMedia(entry.path)) continue;
      return refuse('tooComplex');
    }
    total += entry.size;
    if (total > MAX_TOTAL) return refuse('tooLarge');
    const part = unpack(archive, entry);
    if (part === null) return refuse('damaged');
    parts.push({ path: entry.path, bytes: part });
  }
  return { ok: true, parts };
}

const isBomb = ({ size, packed }: Entry) => size > RATIO_FROM && size > Math.max(1, packed) * MAX_RATIO;

/** The central directory; null when it is not whole. ZIP64 is for what is too large here. */
function entriesOf(archive: Buffer): Entry[] | null {
  const end = endOf(archive);
  if (end === null) return null;
  const count = archive.readUInt16LE(end + 10);
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== CENTRAL) return null;
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.subarray(at + 46, at + 46 + nameLength);
    entries.push({
      path: name.toString('utf8').replaceAll('\\', '/'),
      isEncrypted: (archive.readUInt16LE(at + 8) & 1) === 1,
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packed: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function endOf(archive: Buffer): number | null {
  // A comment of at most 65,535 bytes may follow the record.
  const first = Math.max(0, archive.length - 22 - 0xffff);
  for (let at = archive.length - 22; at >= first; at -= 1) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  return null;
}

/** The bytes of an entry, never more than the archive states; null when they are not what it states. */
function unpack(archive: Buffer, { offset, packed, size, method, crc }: Entry): Uint8Array | null {
  if (offset + 30 > archive.length || archive.readUInt32LE(offset) !== LOCAL) return null;
  const from = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  if (from + packed > archive.length) return null;
  const raw = archive.subarray(from, from + packed);
  let bytes: Buffer;
  if (method === 0) bytes = raw;
  else if (method === 8) {
    try {
      bytes = inflateRawSync(raw, { maxOutputLength: Math.max(1, size) });
    } catch {
      // Not deflated data, or more of it than was said.
      return null;
    }
  } else return null;
  return bytes.length === size && crc32(bytes) === crc ? bytes : null;
}
