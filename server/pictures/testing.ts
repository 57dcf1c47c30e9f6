/** Real pictures for tests, six by four pixels, and ways to put into them what cameras and editors put. */
import { crc32, deflateSync } from 'node:zlib';

/** Encoded by Chromium from one canvas; the JPEG and the WebP carry a colour profile. */
const JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAEAAYDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAaEAACAwEBAAAAAAAAAAAAAAAAAwECERIx/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCRzmPbLW26vb2cwAB1R//Z';
const WEBP =
  'UklGRiQCAABXRUJQVlA4WAoAAAAgAAAABQAAAwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggNgAAANABAJ0BKgYABAAEAGglsAJ0AQ77EXQAAPa+ZoHyFxM7fJR9rXFzZEUf7sY3pE/Ll/EFYAAAAA==';

export const jpeg = () => Buffer.from(JPEG, 'base64');
export const webp = () => Buffer.from(WEBP, 'base64');

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** A grey PNG; `says` is the size that its header claims, `extra` are chunks after the header. */
export function png({ says = [6, 4], extra = [], seed = 0 }: Partial<PngOptions> = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(says[0], 0);
  header.writeUInt32BE(says[1], 4);
  header[8] = 8;
  const pixels = Buffer.concat(Array.from({ length: 4 }, () => Buffer.from([0, 1, 2, 3, 4, 5, seed])));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
interface PngOptions {
  says: [number, number];
  extra: Buffer[];
  seed: number;
}

/** A one-pixel GIF with the given blocks before its picture. */
export function gif(...extra: Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff', 'latin1'),
    ...extra,
    Buffer.from(
      '!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;',
      'latin1',
    ),
  ]);
}
export function gifExtension(label: number, ...blocks: string[]): Buffer {
  const parts = blocks.map((block) =>
    Buffer.concat([Buffer.from([block.length]), Buffer.from(block, 'latin1')]),
  );
  return Buffer.concat([Buffer.from([0x21, label]), ...parts, Buffer.from([0])]);
}

/** A JPEG with the given segments after its first marker. */
export function jpegWith(...segments: Buffer[]): Buffer {
  const plain = jpeg();
  return Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2)]);
}
export function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** EXIF as a phone writes it: an orientation, a place, a maker. `order` is that of the bytes. */
export function exif(orientation: number, order: 'II' | 'MM' = 'II'): Buffer {
  const data = Buffer.alloc(6 + 8 + 2 + 24 + 4);
  data.write(`Exif\0\0${order}`, 'latin1');
  const u16 = (value: number, at: number) =>
    order === 'II' ? data.writeUInt16LE(value, at) : data.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    order === 'II' ? data.writeUInt32LE(value, at) : data.writeUInt32BE(value, at);
  u16(42, 8);
  u32(8, 10);
  u16(2, 14);
  u16(0x010f, 16);
  u16(2, 18);
  u32(4, 20);
  u32(0x41424300, 24);
  u16(0x0112, 28);
  u16(3, 30);
  u32(1, 32);
  u16(orientation, 36);
  return Buffer.concat([data, Buffer.from('GPS 37.861N 112.549E')]);
}

/** The WebP with chunks appended inside its container, and EXIF and XMP announced. */
export function webpWith(...chunks: [type: string, data: string][]): Buffer {
  const plain = webp();
  plain[20] = (plain[20] ?? 0) | 0b1100;
  const parts = chunks.map(([type, data]) => {
    const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
    chunk.write(type, 'latin1');
    chunk.writeUInt32LE(data.length, 4);
    chunk.write(data, 8, 'latin1');
    return chunk;
  });
  const whole = Buffer.concat([plain, ...parts]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}
