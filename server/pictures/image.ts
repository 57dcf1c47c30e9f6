/**
 * What an uploaded picture really is, decided by its bytes and never by its name or declared type; and
 * the same picture, pixel for pixel, without where and by whom it was taken.
 */
import { MAX_PICTURE_BYTES, type PictureType } from '#lib/report/model.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { isGif, stripGif } from './gif.ts';
import { isJpeg, stripJpeg } from './jpeg.ts';
import { isPng, stripPng } from './png.ts';
import type { Stripped } from './stripped.ts';
import { isWebp, stripWebp } from './webp.ts';

/** The most pixels of a picture: decoded they take four bytes each in every reader's browser. */
const MAX_PICTURE_PIXELS = 64_000_000;
/** The longest side, in pixels. */
const MAX_PICTURE_SIDE = 30_000;
/** The most frames of an animation. */
const MAX_PICTURE_FRAMES = 1000;

export interface CleanImage {
  type: PictureType;
  width: number;
  height: number;
  bytes: Buffer;
}

const FORMATS: readonly {
  type: PictureType;
  is: (bytes: Buffer) => boolean;
  strip: (bytes: Buffer) => Stripped | null;
}[] = [
  { type: 'image/png', is: isPng, strip: stripPng },
  { type: 'image/jpeg', is: isJpeg, strip: stripJpeg },
  { type: 'image/webp', is: isWebp, strip: stripWebp },
  { type: 'image/gif', is: isGif, strip: stripGif },
];

/** Refused with `unsupported_type`, `too_large` (bytes, pixels or frames) or `invalid` (damaged). */
export function cleanImage(upload: Uint8Array): Outcome<CleanImage> {
  const bytes = Buffer.from(upload.buffer, upload.byteOffset, upload.byteLength);
  if (bytes.length > MAX_PICTURE_BYTES) return refuse('too_large', `${MAX_PICTURE_BYTES / 2 ** 20} MB`);
  const format = FORMATS.find(({ is }) => is(bytes));
  if (format === undefined) return refuse('unsupported_type', 'PNG, JPEG, WebP, GIF');
  const found = format.strip(bytes);
  if (found === null || found.width === 0 || found.height === 0) return refuse('invalid', 'picture');
  const { width, height, frames } = found;
  if (width * height > MAX_PICTURE_PIXELS || Math.max(width, height) > MAX_PICTURE_SIDE) {
    return refuse('too_large', `${width} × ${height}`);
  }
  if (frames > MAX_PICTURE_FRAMES) return refuse('too_large', `${frames} frames`);
  return done({ type: format.type, width, height, bytes: found.bytes });
}
