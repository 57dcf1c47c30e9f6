/** Where to go on after a step: a path of this site, never another site's address. */
export function destination(to: unknown): string {
  if (typeof to !== 'string' || !URL.canParse(to, SITE)) return '/';
  const { origin, pathname, search, hash } = new URL(to, SITE);
  // A back-slash or a second slash would be another host to a browser; the parser has made them plain.
  if (!to.startsWith('/') || origin !== SITE || pathname.startsWith('//')) return '/';
  return pathname + search + hash;
}

const SITE = 'http://site.invalid';
