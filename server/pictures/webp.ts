import type { Stripped } from './stripped.ts';

interface Chunk {
  type: string;
  data: Buffer;
  /** Header, data and padding. */
  whole: Buffer;
}
interface Size {
  width: number;
  height: number;
}

export function isWebp(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
}

/**
 * Without EXIF, XMP and unknown chunks (RFC 9649). Null: damaged, or a frame is of another size than
 * the canvas says, which is how a bomb would hide.
 */
export function stripWebp(bytes: Buffer): Stripped | null {
  if (bytes.length < 12) return null;
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return null;
  const chunks = readChunks(bytes.subarray(12, end));
  if (chunks === null) return null;
  const [first] = chunks;
  if (first === undefined) return null;
  if (first.type !== 'VP8X') {
    const size = bitstreamSize(first);
    return size && { ...size, frames: 1, bytes: riff([first.whole]) };
  }
  return stripExtended(first, chunks.slice(1));
}

function stripExtended(header: Chunk, chunks: Chunk[]): Stripped | null {
  if (header.data.length < 10) return null;
  const canvas = { width: header.data.readUIntLE(4, 3) + 1, height: header.data.readUIntLE(7, 3) + 1 };
  const flags = Buffer.from(header.whole);
  // Bits 3 and 2 announce EXIF and XMP.
  flags[8] = (flags[8] ?? 0) & ~0b1100;
  const parts: Buffer[] = [flags];
  let frames = 0;
  for (const chunk of chunks) {
    if (chunk.type === 'ICCP' || chunk.type === 'ANIM' || chunk.type === 'ALPH') parts.push(chunk.whole);
    else if (chunk.type === 'VP8 ' || chunk.type === 'VP8L') {
      if (!isSame(bitstreamSize(chunk), canvas)) return null;
      parts.push(chunk.whole);
      frames++;
    } else if (chunk.type === 'ANMF') {
      if (!isFrameWithin(chunk, canvas)) return null;
      parts.push(chunk.whole);
      frames++;
    }
  }
  return frames === 0 ? null : { ...canvas, frames, bytes: riff(parts) };
}

/** Null: the chunks do not fill their space. */
function readChunks(bytes: Buffer): Chunk[] | null {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) return null;
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (end > bytes.length) return null;
    chunks.push({
      type: bytes.toString('latin1', at, at + 4),
      data: bytes.subarray(at + 8, at + 8 + length),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return chunks;
}

/** The size that the picture's own bits give (RFC 6386, 9.1; RFC 9649, 3.4). Null: they are no picture. */
function bitstreamSize({ type, data }: Chunk): Size | null {
  if (type === 'VP8 ') {
    if (data.length < 10 || data.readUIntBE(3, 3) !== 0x9d012a) return null;
    return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
  }
  if (type === 'VP8L') {
    if (data.length < 5 || data[0] !== 0x2f) return null;
    const bits = data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return null;
}

function isFrameWithin({ data }: Chunk, canvas: Size): boolean {
  if (data.length < 16) return false;
  const size = { width: data.readUIntLE(6, 3) + 1, height: data.readUIntLE(9, 3) + 1 };
  if (size.width > canvas.width || size.height > canvas.height) return false;
  const inner = readChunks(data.subarray(16));
  const known = inner?.every(({ type }) => type === 'ALPH' || type === 'VP8 ' || type === 'VP8L') ?? false;
  const picture = inner?.find(({ type }) => type !== 'ALPH');
  return known && picture !== undefined && isSame(bitstreamSize(picture), size);
}

function isSame(a: Size | null, b: Size): boolean {
  return a !== null && a.width === b.width && a.height === b.height;
}

function riff(parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  header.writeUInt32LE(4 + body.length, 4);
  return Buffer.concat([header, body]);
}
