/** What a format's reader found, and the bytes that are kept. Width and height in pixels. */
export interface Stripped {
  width: number;
  height: number;
  frames: number;
  bytes: Buffer;
}
