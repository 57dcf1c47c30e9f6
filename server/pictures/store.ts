/**
 * Where the bytes of pictures are kept: by the SHA-256 of the bytes, so that a copy of a picture in
 * another report costs a row and no bytes, and a file never changes once it is there.
 */
export interface PictureStore {
  /** Keeps the bytes for good once it resolves; keeping the same key again changes nothing. */
  put(key: PictureKey, bytes: Uint8Array): Promise<void>;
  /** Null: nothing is kept under this key, or not any more what it was. */
  get(key: PictureKey): Promise<Uint8Array | null>;
  /** Nothing happens when there is nothing. */
  delete(key: PictureKey): Promise<void>;
  /** All keys, in no order. */
  list(): Promise<PictureKey[]>;
}

/** 64 lower-case hexadecimal digits: the SHA-256 of the bytes. */
export type PictureKey = string;

export const PICTURE_KEY = /^[0-9a-f]{64}$/;
