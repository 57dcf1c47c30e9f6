/**
 * A Content-Disposition that has the browser save a file under its name (RFC 6266). `plain`, of letters and
 * digits, is what clients call it that know no `filename*`; it gets the name's ending.
 */
export function attachment(name: string, plain: string, how: 'attachment' | 'inline' = 'attachment'): string {
  const ending = /\.[a-z.]+$/.exec(name)?.[0] ?? '';
  return `${how}; filename="${plain}${ending}"; filename*=UTF-8''${extValue(name)}`;
}

/** RFC 8187's ext-value: what encodeURIComponent leaves and the RFC does not allow is escaped too. */
const extValue = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** An export is text of its own origin: nothing in it runs, asks the network, or is kept by a cache. */
export const EXPORT_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
};
