/** How large a picture is, read from the beginning of its bytes. */
import type { PictureType } from '#lib/report/model.ts';

/** In pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

/** Null: the bytes do not say. */
export function imageSize(type: PictureType, bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = READERS[type](view);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

const READERS: Readonly<Record<PictureType, (view: DataView) => ImageSize | null>> = {
  'image/png': (view) =>
    view.byteLength < 24 ? null : { width: view.getUint32(16), height: view.getUint32(20) },
  'image/gif': (view) =>
    view.byteLength < 10 ? null : { width: view.getUint16(6, true), height: view.getUint16(8, true) },
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
};

/** ITU T.81, B.1.1.3: the frame header, SOF0 to SOF15 without DHT, JPG and DAC, follows other segments. */
function jpegSize(view: DataView): ImageSize | null {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      // A fill byte before the marker.
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649: extended, lossless or lossy. */
function webpSize(view: DataView): ImageSize | null {
  if (view.byteLength < 30) return null;
  const chunk = view.getUint32(12);
  if (chunk === 0x56503858) {
    const of = (at: number) => 1 + view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
    return { width: of(24), height: of(27) };
  }
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (chunk === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  return null;
}
