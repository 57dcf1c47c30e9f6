import type { Stripped } from './stripped.ts';

const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);

export function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * Without its metadata (ITU-T T.81, B.1: marker by marker), but for the orientation, without which a
 * photo lies on its side. Null: damaged, or cut short.
 */
export function stripJpeg(bytes: Buffer): Stripped | null {
  const parts: Buffer[] = [SOI];
  let size: { width: number; height: number } | null = null;
  let hasScan = false;
  let hasOrientation = false;
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === undefined || marker === 0x00) return null;
    if (marker === 0xd9) {
      if (size === null || !hasScan) return null;
      return { ...size, frames: 1, bytes: Buffer.concat([...parts, EOI]) };
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (at + 2 > bytes.length) return null;
    const end = at + bytes.readUInt16BE(at);
    if (end < at + 2 || end > bytes.length) return null;
    const payload = bytes.subarray(at + 2, end);
    if (isFrameHeader(marker)) {
      if (payload.length < 6 || size !== null) return null;
      size = { height: payload.readUInt16BE(1), width: payload.readUInt16BE(3) };
    }
    if (isKept(marker, payload)) parts.push(Buffer.from([0xff, marker]), bytes.subarray(at, end));
    else if (marker === 0xe1 && !hasOrientation) {
      const orientation = exifOrientation(payload);
      if (orientation > 1) {
        parts.push(orientationSegment(orientation));
        hasOrientation = true;
      }
    }
    at = end;
    if (marker === 0xda) {
      hasScan = true;
      const scanEnd = endOfScan(bytes, at);
      if (scanEnd === null) return null;
      parts.push(bytes.subarray(at, scanEnd));
      at = scanEnd;
    }
  }
  return null;
}

/** SOF0–SOF15, without the tables (DHT, JPG, DAC) that lie between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Tables and frames are needed; of the application's segments only JFIF, the colour profile and Adobe's transform. */
function isKept(marker: number, payload: Buffer): boolean {
  const begins = (text: string) => payload.subarray(0, text.length).equals(Buffer.from(text, 'latin1'));
  if (marker === 0xe0) return begins('JFIF\0');
  if (marker === 0xe2) return begins('ICC_PROFILE\0');
  if (marker === 0xee) return begins('Adobe');
  const isApplication = marker >= 0xe0 && marker <= 0xef;
  const isComment = marker === 0xfe;
  return !isApplication && !isComment;
}

/** Where the entropy-coded bytes end: at the next marker that is no restart and no stuffed FF 00. */
function endOfScan(bytes: Buffer, from: number): number | null {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return null;
    if (next === 0x00 || next === 0xff || (next >= 0xd0 && next <= 0xd7)) continue;
    return at;
  }
  return null;
}

/** The orientation in an EXIF segment, 1 to 8 (Exif 2.32, tag 274); 1 when it says none. */
function exifOrientation(payload: Buffer): number {
  if (payload.toString('latin1', 0, 6) !== 'Exif\0\0') return 1;
  const tiff = payload.subarray(6);
  if (tiff.length < 14) return 1;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return 1;
  const u16 = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const ifd = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (ifd + 2 > tiff.length) return 1;
  for (let entry = 0, at = ifd + 2; entry < u16(ifd) && at + 12 <= tiff.length; entry++, at += 12) {
    if (u16(at) !== 0x0112) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** An EXIF segment that says the orientation and nothing else. */
function orientationSegment(orientation: number): Buffer {
  const segment = Buffer.alloc(36);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(34, 2);
  segment.write('Exif\0\0MM\0*', 4, 'latin1');
  segment.writeUInt32BE(8, 14);
  segment.writeUInt16BE(1, 18);
  segment.writeUInt16BE(0x0112, 20);
  segment.writeUInt16BE(3, 22);
  segment.writeUInt32BE(1, 24);
  segment.writeUInt16BE(orientation, 28);
  return segment;
}
