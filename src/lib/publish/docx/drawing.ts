/** A picture in a line of text (DrawingML). Lengths are in EMU, 36,000 to the millimetre. */
import type { EmbeddedPicture } from '#lib/report/model.ts';
import { bytesOf } from '../bytes.ts';
import { imageSize } from '../imagesize.ts';
import { xml, type Xml } from './xml.ts';

const PIXEL = 9525;
/** The type area, with room for a caption below. */
const MAX_WIDTH = 156 * 36_000;
const MAX_HEIGHT = 200 * 36_000;
/** Of a picture that does not say how large it is, in pixels. */
const UNKNOWN = { width: 480, height: 320 };
const PICTURE = 'http://schemas.openxmlformats.org/drawingml/2006/picture';

export const DRAWING_NAMESPACES = {
  'xmlns:wp': 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing',
  'xmlns:a': 'http://schemas.openxmlformats.org/drawingml/2006/main',
  'xmlns:pic': PICTURE,
} as const;

/** The `number`th picture of the document, as large as it is, or as the page takes it. */
export function drawing(picture: EmbeddedPicture, number: number, alt: string): Xml {
  const { width, height } = imageSize(picture.type, bytesOf(picture.base64)) ?? UNKNOWN;
  const scale = Math.min(1, MAX_WIDTH / (width * PIXEL), MAX_HEIGHT / (height * PIXEL));
  const extent = (side: number) => Math.max(1, Math.round(side * PIXEL * scale));
  const size = { cx: extent(width), cy: extent(height) };
  const name = `image${number}`;
  return xml(
    'w:drawing',
    {},
    xml(
      'wp:inline',
      { distT: 0, distB: 0, distL: 0, distR: 0 },
      xml('wp:extent', size),
      xml('wp:docPr', { id: number, name, descr: alt }),
      xml(
        'a:graphic',
        {},
        xml(
          'a:graphicData',
          { uri: PICTURE },
          xml(
            'pic:pic',
            {},
            xml('pic:nvPicPr', {}, xml('pic:cNvPr', { id: number, name, descr: alt }), xml('pic:cNvPicPr')),
            xml(
              'pic:blipFill',
              {},
              xml('a:blip', { 'r:embed': name }),
              xml('a:stretch', {}, xml('a:fillRect')),
            ),
            xml(
              'pic:spPr',
              {},
              xml('a:xfrm', {}, xml('a:off', { x: 0, y: 0 }), xml('a:ext', size)),
              xml('a:prstGeom', { prst: 'rect' }, xml('a:avLst')),
            ),
          ),
        ),
      ),
    ),
  );
}
