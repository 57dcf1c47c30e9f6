import { crc32 } from 'node:zlib';
import type { Stripped } from './stripped.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CRITICAL = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);
/** What changes how the pixels look. Everything else (text, EXIF, time, private chunks) is left out. */
const KEPT = new Set('tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT'.split(' '));

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).equals(SIGNATURE);
}

/** Without its metadata (PNG, third edition: chunk by chunk, checksums verified). Null: damaged. */
export function stripPng(bytes: Buffer): Stripped | null {
  const parts: Buffer[] = [SIGNATURE];
  let size: { width: number; height: number } | null = null;
  let frames = 0;
  let hasPixels = false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) return null;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return null;
    const isFirst = at === 8;
    if ((type === 'IHDR') !== isFirst) return null;
    if (type === 'IHDR') {
      if (length !== 13) return null;
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    }
    const isCritical = /^[A-Z]/.test(type);
    if (isCritical && !CRITICAL.has(type)) return null;
    if (isCritical || KEPT.has(type)) parts.push(bytes.subarray(at, end));
    if (type === 'IDAT') hasPixels = true;
    if (type === 'fcTL') frames++;
    if (type === 'IEND') {
      if (size === null || !hasPixels) return null;
      return { ...size, frames: Math.max(1, frames), bytes: Buffer.concat(parts) };
    }
    at = end;
  }
  return null;
}
