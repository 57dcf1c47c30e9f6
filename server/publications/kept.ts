/**
 * Pages of the reading site as they went out, kept in memory for whoever asks next. Only what everybody may
 * read is kept, and all of it is forgotten when anything changes that a page could show.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { EventType } from '../event.ts';

export interface KeptPage {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array<ArrayBuffer>;
  /** Compressed; null: that would save nothing. */
  gzip: Uint8Array<ArrayBuffer> | null;
  etag: string;
}

/** What all kept pages may take, and one of them, in bytes. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_PAGE_BYTES = 4 * 2 ** 20;

/** What says something of articles, departments, or the site. */
const CHANGES: ReadonlySet<EventType> = new Set<EventType>([
  'report.published',
  'report.withdrawn',
  'department.created',
  'department.renamed',
  'department.removed',
  'workspace.created',
  'workspace.renamed',
  'site.changed',
]);

const COMPRESSIBLE = /^(text\/|application\/(atom\+xml|xml|json))/;

/** Names an answer's bytes. Weak: it is the same for both encodings. */
export function etagOf(body: Uint8Array): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/** A page ready to be sent again and again. */
export function toKept(headers: Readonly<Record<string, string>>, body: Uint8Array<ArrayBuffer>): KeptPage {
  const isCompressible = COMPRESSIBLE.test(headers['content-type'] ?? '');
  const gzip = isCompressible ? new Uint8Array(gzipSync(body)) : null;
  return {
    headers,
    body,
    gzip: gzip !== null && gzip.length < body.length ? gzip : null,
    etag: etagOf(body),
  };
}

const sizeOf = ({ body, gzip }: KeptPage) => body.length + (gzip?.length ?? 0);

export class KeptPages {
  /** The one that was asked for last is last. */
  readonly #pages = new Map<string, KeptPage>();
  #bytes = 0;
  #generation = 0;

  /** Rises with each change: what was rendered before one must not be kept after it. */
  get generation(): number {
    return this.#generation;
  }

  /** How much is kept, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): KeptPage | null {
    const page = this.#pages.get(key);
    if (page === undefined) return null;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page;
  }

  /** Keeps a page that was begun in the generation, unless there was a change meanwhile or it is too large. */
  keep(key: string, page: KeptPage, generation: number): void {
    const size = sizeOf(page);
    if (generation !== this.#generation || size > MAX_PAGE_BYTES) return;
    this.#drop(key);
    this.#pages.set(key, page);
    this.#bytes += size;
    for (const [oldest] of this.#pages) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#drop(oldest);
    }
  }

  /** To be told of all that happens. */
  heard(events: readonly { type: EventType }[]): void {
    if (!events.some(({ type }) => CHANGES.has(type))) return;
    this.#generation += 1;
    this.#pages.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    const page = this.#pages.get(key);
    if (page === undefined) return;
    this.#pages.delete(key);
    this.#bytes -= sizeOf(page);
  }
}
