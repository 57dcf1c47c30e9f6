import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PICTURE_BYTES } from '#lib/report/model.ts';
import { cleanImage } from './image.ts';
import {
  exif,
  gif,
  gifExtension,
  jpeg,
  jpegSegment,
  jpegWith,
  png,
  pngChunk,
  webp,
  webpWith,
} from './testing.ts';

const PLACE = 'GPS 37.861N 112.549E';

function clean(bytes: Uint8Array) {
  const outcome = cleanImage(bytes);
  if (!outcome.ok) throw new Error(`${outcome.code} ${outcome.detail}`);
  return outcome.value;
}
function code(bytes: Uint8Array): string {
  const outcome = cleanImage(bytes);
  return outcome.ok ? 'ok' : outcome.code;
}

test('the type and the size come from the bytes', () => {
  expect(clean(png())).toMatchObject({ type: 'image/png', width: 6, height: 4 });
  expect(clean(jpeg())).toMatchObject({ type: 'image/jpeg', width: 6, height: 4 });
  expect(clean(webp())).toMatchObject({ type: 'image/webp', width: 6, height: 4 });
  expect(clean(gif())).toMatchObject({ type: 'image/gif', width: 1, height: 1 });
});

test('a picture without metadata is kept byte for byte', () => {
  for (const plain of [png(), jpeg(), webp(), gif()]) expect(clean(plain).bytes.equals(plain)).toBe(true);
});

test('cleaning what was cleaned changes nothing', () => {
  for (const upload of [jpegWith(jpegSegment(0xe1, exif(6))), webpWith(['EXIF', PLACE])]) {
    const once = clean(upload).bytes;
    expect(clean(once).bytes.equals(once)).toBe(true);
  }
});

test('text, EXIF, times and private chunks leave a PNG; its colours stay', () => {
  const extra = ['tEXt', 'iTXt', 'zTXt', 'eXIf', 'tIME', 'prVt'].map((type) =>
    pngChunk(type, Buffer.from(PLACE)),
  );
  const gamma = pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]));
  expect(clean(png({ extra: [...extra, gamma] })).bytes.equals(png({ extra: [gamma] }))).toBe(true);
});

test('a JPEG loses place, maker, XMP, IPTC, comments and hidden pictures, and keeps profile and pixels', () => {
  const upload = jpegWith(
    jpegSegment(0xe1, exif(1)),
    jpegSegment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${PLACE}`)),
    jpegSegment(0xe2, Buffer.from(`MPF\0${PLACE}`)),
    jpegSegment(0xed, Buffer.from(`Photoshop 3.0\0${PLACE}`)),
    jpegSegment(0xfe, Buffer.from(PLACE)),
  );
  expect(clean(Buffer.concat([upload, Buffer.from(PLACE)])).bytes.equals(jpeg())).toBe(true);
});

test.each(['II', 'MM'] as const)('a photo that lies on its side stays the right way up (%s)', (order) => {
  const { bytes } = clean(jpegWith(jpegSegment(0xe1, exif(6, order))));
  expect(bytes.includes(PLACE)).toBe(false);
  const at = bytes.indexOf('Exif\0\0');
  expect(bytes.readUInt16BE(at + 6 + 8 + 2)).toBe(0x0112);
  expect(bytes.readUInt16BE(at + 6 + 8 + 2 + 8)).toBe(6);
  expect(bytes.length).toBe(jpeg().length + 36);
});

test('a WebP loses EXIF, XMP and unknown chunks, and no longer announces them', () => {
  const upload = webpWith(['EXIF', PLACE], ['XMP ', `${PLACE}!`], ['PRVT', PLACE]);
  expect(clean(upload).bytes.equals(webp())).toBe(true);
});

test('a GIF loses comments and XMP, and goes on repeating', () => {
  const loop = gifExtension(0xff, 'NETSCAPE2.0', '\x01\0\0');
  const upload = gif(loop, gifExtension(0xfe, PLACE), gifExtension(0xff, 'XMP DataXMP', PLACE));
  expect(clean(Buffer.concat([upload, Buffer.from(PLACE)])).bytes.equals(gif(loop))).toBe(true);
});

test('a web page, a drawing with scripts, and nothing at all are no pictures, whatever they begin like', () => {
  for (const text of [
    '<html><script>1</script>',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '%PDF-1.7',
    '',
  ]) {
    expect(code(Buffer.from(text))).toBe('unsupported_type');
  }
  expect(code(Buffer.concat([png().subarray(0, 8), Buffer.from('<html><script>1</script></html>')]))).toBe(
    'invalid',
  );
  expect(code(Buffer.from('GIF89a<html><script>1</script></html>'))).toBe('invalid');
  expect(code(Buffer.from('RIFF\x20\0\0\0WEBP<html><script>1</script></html>', 'latin1'))).toBe('invalid');
});

test('a picture cut short anywhere is refused', () => {
  for (const whole of [png(), jpeg(), webp(), gif()]) {
    for (let length = 0; length < whole.length; length++)
      expect(code(whole.subarray(0, length))).not.toBe('ok');
  }
});

test('a PNG whose bits have turned over is refused', () => {
  const damaged = png();
  damaged[45] = (damaged[45] ?? 0) ^ 1;
  expect(code(damaged)).toBe('invalid');
});

test('a small file that would fill the memory is refused', () => {
  expect(code(png({ says: [60_000, 60_000] }))).toBe('too_large');
  expect(code(png({ says: [40_000, 1] }))).toBe('too_large');
  expect(code(png({ says: [0, 4] }))).toBe('invalid');
  const frame = gif().subarray(19 + 8, -1);
  const wide = Buffer.from(frame);
  wide.writeUInt16LE(0xffff, 5);
  wide.writeUInt16LE(0xffff, 7);
  expect(code(gif(wide))).toBe('too_large');
  const many = gif(...Array.from({ length: 1001 }, () => frame));
  expect(code(many)).toBe('too_large');
  const lying = webp();
  lying.writeUIntLE(0, 24, 3);
  expect(code(lying)).toBe('invalid');
});

test('more than 20 MB is refused before it is looked at', () => {
  expect(code(Buffer.concat([png(), Buffer.alloc(MAX_PICTURE_BYTES)]))).toBe('too_large');
});

test('no bytes make it throw or answer a picture that is not one', () => {
  const start = fc.constantFrom(png(), jpeg(), jpegWith(jpegSegment(0xe1, exif(6))), webp(), gif());
  const spot = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(start, fc.array(spot, { minLength: 1, maxLength: 6 }), (whole, spots) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of spots) bytes[at % bytes.length] = value;
      const outcome = cleanImage(bytes);
      return outcome.ok ? cleanImage(outcome.value.bytes).ok : outcome.code !== 'storage_full';
    }),
    { numRuns: 2000 },
  );
});
