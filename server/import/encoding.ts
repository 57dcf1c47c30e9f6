/** Text in whatever encoding a Chinese office saved it: UTF-8, UTF-16, GB18030 (and so GBK), Big5 where a page says so. */

export interface Decoded {
  text: string;
  encoding: string;
}

const BOMS: readonly [encoding: string, bytes: readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** More NUL bytes than this, of a hundred, are no text of single bytes. */
const MOST_NULS = 20;

/** Null: it is text in no encoding known here, or no text. */
export function decodeText(bytes: Uint8Array): Decoded | null {
  const marked = BOMS.find(([, bom]) => bom.every((byte, index) => bytes[index] === byte));
  if (marked !== undefined) return decodeAs(bytes, marked[0]);
  const nuls = bytes.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0);
  const utf8 = decodeAs(bytes, 'utf-8');
  if (utf8 !== null && nuls * 100 <= bytes.length * MOST_NULS) return utf8;
  const wide = ['utf-16le', 'utf-16be'].find((encoding) => looksLikeText(bytes, encoding));
  if (wide !== undefined) return decodeAs(bytes, wide);
  if (nuls > 0) return null;
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const declared = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1]?.toLowerCase();
  const candidates = [...(declared === 'big5' ? ['big5'] : []), 'gb18030'];
  for (const encoding of candidates) {
    const decoded = decodeAs(bytes, encoding);
    if (decoded !== null) return decoded;
  }
  return null;
}

function decodeAs(bytes: Uint8Array, encoding: string): Decoded | null {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    // Not this one: the next is tried.
    return null;
  }
}

/** What Chinese text and its markup are made of. */
const USUAL = /[\t\r\n\u0020-\u007e\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uff65]/g;

/** Whether bytes read as UTF-16 are mostly usual characters: in the wrong order or encoding they are not. */
function looksLikeText(bytes: Uint8Array, encoding: string): boolean {
  if (bytes.length % 2 !== 0) return false;
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, 4096));
  return (text.match(USUAL)?.length ?? 0) > text.length * 0.9;
}
