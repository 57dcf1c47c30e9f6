const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new block's hint of a name: ten letters or digits. It may come to be duplicated, so it is never a key. */
export function newBid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
