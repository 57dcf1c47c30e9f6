/** An address as a QR code (ISO/IEC 18004), drawn as one path. */
import { encode } from 'uqr';

export interface QrCode {
  /** The side in modules, with the quiet border of four that readers of codes want. */
  size: number;
  /** The dark modules, as the `d` of an SVG path. */
  path: string;
}

/** The quiet border, in modules. */
const BORDER = 4;

/** With level M a seventh of the code may be unreadable. Throws for what no code holds (some 2,300 bytes). */
export function qrCode(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'M', border: BORDER });
  let path = '';
  for (const [y, row] of data.entries()) {
    let x = 0;
    while (x < row.length) {
      const from = x;
      while (row[x] === true) x += 1;
      // Modules beside each other are one rectangle, or hair lines would show between them.
      if (x > from) path += `M${from} ${y}h${x - from}v1h-${x - from}z`;
      else x += 1;
    }
  }
  return { size, path };
}
