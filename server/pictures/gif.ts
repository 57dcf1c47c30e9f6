import type { Stripped } from './stripped.ts';

/** The two application extensions that say how often an animation repeats. */
const LOOPS = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

export function isGif(bytes: Buffer): boolean {
  return /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6));
}

/** Without comments, plain text and applications' data such as XMP (GIF89a, block by block). Null: damaged. */
export function stripGif(bytes: Buffer): Stripped | null {
  if (bytes.length < 13) return null;
  let width = bytes.readUInt16LE(6);
  let height = bytes.readUInt16LE(8);
  let at = 13 + colourTable(bytes[10] ?? 0);
  const parts = [bytes.subarray(0, at)];
  let frames = 0;
  while (at < bytes.length) {
    const from = at;
    const kind = bytes[at];
    if (kind === 0x3b) {
      if (frames === 0) return null;
      return { width, height, frames, bytes: Buffer.concat([...parts, bytes.subarray(at, at + 1)]) };
    }
    if (kind === 0x2c) {
      if (at + 10 > bytes.length) return null;
      // A frame may be larger than the screen says; what is decoded counts.
      width = Math.max(width, bytes.readUInt16LE(at + 5));
      height = Math.max(height, bytes.readUInt16LE(at + 7));
      const end = endOfSubBlocks(bytes, at + 10 + colourTable(bytes[at + 9] ?? 0) + 1);
      if (end === null) return null;
      parts.push(bytes.subarray(from, end));
      frames++;
      at = end;
    } else if (kind === 0x21) {
      const end = endOfSubBlocks(bytes, at + 2);
      if (end === null) return null;
      if (isKept(bytes, at)) parts.push(bytes.subarray(from, end));
      at = end;
    } else return null;
  }
  return null;
}

/** Bytes of the colour table that the packed field announces. */
function colourTable(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 0x07) + 1);
}

function endOfSubBlocks(bytes: Buffer, from: number): number | null {
  for (let at = from; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return null;
}

function isKept(bytes: Buffer, at: number): boolean {
  const label = bytes[at + 1];
  if (label === 0xf9) return true;
  return label === 0xff && LOOPS.has(bytes.toString('latin1', at + 3, at + 14));
}
