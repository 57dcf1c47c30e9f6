/**
 * Keeps the anchors of a report's threads while its content is in memory: notes every transaction, and writes
 * what changed into the review document a moment later. What a crash leaves unwritten is found again when the
 * content is loaded, by the sequence number that was written last.
 */
import type { Logger } from 'pino';
import type { Kysely } from 'kysely';
import type * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Anchors } from '#lib/review/anchors.ts';
import { readThreads, type Anchor } from '#lib/review/thread.ts';
import { anchorOf, findThread, setAnchor } from '#lib/review/write.ts';
import { done } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import type { Followed, Follower } from '../sync/follower.ts';
import type { SyncServer } from '../sync/sync.ts';

export interface KeeperDeps {
  db: Kysely<Database>;
  sync: Pick<SyncServer, 'annotate' | 'readReview'>;
  log: Logger;
}

/** How long after an edit anchors are written, in milliseconds. */
const DELAY_MS = 250;
const PROJECTION = 'anchors';

export class AnchorKeeper implements Follower {
  readonly #content: Followed;
  readonly #deps: KeeperDeps;
  readonly #loaded: Promise<Anchors>;
  #anchors: Anchors | null = null;
  /** How each anchor stands in the review document, as far as is known here. */
  readonly #written = new Map<string, string>();
  /** The sequence number that is written; null: none. */
  #seen: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #isStopped = false;

  constructor(content: Followed, deps: KeeperDeps) {
    this.#content = content;
    this.#deps = deps;
    content.doc.on('afterTransaction', this.#observe);
    this.#loaded = this.#load();
    // Whoever asks for the anchors hears of it as well.
    this.#loaded.catch((error: unknown) => {
      deps.log.error({ err: error, report: content.reportId }, 'the anchors could not be read');
    });
  }

  /** The anchors, once they are read. Rejects when they cannot be. */
  get anchors(): Promise<Anchors> {
    return this.#loaded;
  }

  get isClean(): boolean {
    if (this.#anchors === null || this.#anchors.size === 0) return true;
    return !this.#anchors.hasChanged && this.#seen === this.#content.seq() && this.#writing === null;
  }

  /** A command wrote this anchor. */
  put(id: string, anchor: Anchor): void {
    this.#written.set(id, stampOf(anchor));
    this.#anchors?.put(id, anchor);
  }

  remove(id: string): void {
    this.#written.delete(id);
    this.#anchors?.remove(id);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#content.doc.off('afterTransaction', this.#observe);
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#writing !== null) await this.#writing;
    this.#writing = this.#write().finally(() => (this.#writing = null));
    await this.#writing;
  }

  readonly #observe = (transaction: Y.Transaction): void => {
    // Before they are read, what happens is found by reading.
    if (this.#anchors === null) return;
    this.#anchors.observe(transaction);
    if (this.#anchors.hasChanged) this.#touch();
  };

  #touch(): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS).unref();
  }

  async #load(): Promise<Anchors> {
    const { reportId, doc } = this.#content;
    const { db, sync } = this.#deps;
    const projection = await db
      .selectFrom('docProjection')
      .innerJoin('doc', 'doc.id', 'docProjection.docId')
      .select('docProjection.seq')
      .where('doc.reportId', '=', reportId)
      .where('doc.kind', '=', 'content')
      .where('docProjection.name', '=', PROJECTION)
      .executeTakeFirst();
    const threads = (await sync.readReview(reportId, readThreads)) ?? [];
    const anchors = new Anchors(doc.getXmlFragment(CONTENT_FRAGMENT));
    for (const { id, anchor } of threads) {
      this.#written.set(id, stampOf(anchor));
      anchors.put(id, anchor);
    }
    this.#anchors = anchors;
    this.#seen = projection?.seq ?? null;
    if (this.#seen !== this.#content.seq()) anchors.catchUp();
    if (anchors.hasChanged) this.#touch();
    return anchors;
  }

  async #write(): Promise<void> {
    const anchors = this.#anchors;
    if (anchors === null || this.isClean) return;
    try {
      await this.#writeAnchors(anchors);
    } catch (error) {
      this.#deps.log.warn({ err: error, report: this.#content.reportId }, 'anchors are not written yet');
      this.#touch();
    }
  }

  async #writeAnchors(anchors: Anchors): Promise<void> {
    const { reportId } = this.#content;
    const seq = this.#content.seq();
    const changes = anchors.takeChanges();
    if (changes.size > 0) {
      const outcome = await this.#deps.sync.annotate(
        { actor: null, action: 'read', key: null },
        reportId,
        (doc) => {
          for (const [id, anchor] of changes) this.#writeAnchor(doc, anchors, id, anchor);
          return done(null);
        },
      );
      if (!outcome.ok) {
        anchors.markChanged(changes.keys());
        throw new Error(`anchors of ${changes.size} threads: ${outcome.code}`);
      }
    }
    await this.#deps.db
      .insertInto('docProjection')
      .columns(['docId', 'name', 'seq', 'state'])
      .expression((from) =>
        from
          .selectFrom('doc')
          .select((get) => [
            'id',
            get.val(PROJECTION).as('name'),
            get.val(seq).as('seq'),
            get.val(null).as('state'),
          ])
          .where('reportId', '=', reportId)
          .where('kind', '=', 'content'),
      )
      .onConflict((on) => on.columns(['docId', 'name']).doUpdateSet({ seq }))
      .execute();
    this.#seen = seq;
  }

  /** A command may have set the anchor meanwhile: then that is the one to keep. */
  #writeAnchor(doc: Y.Doc, anchors: Anchors, id: string, anchor: Anchor): void {
    const thread = findThread(doc, id);
    if (thread === null) return;
    const stored = anchorOf(thread);
    if (stampOf(stored) !== this.#written.get(id)) {
      this.#written.set(id, stampOf(stored));
      return anchors.put(id, stored);
    }
    this.#written.set(id, stampOf(anchor));
    setAnchor(thread, anchor);
  }
}

function stampOf({ from, to, exact, state }: Anchor): string {
  return JSON.stringify([from, to, exact, state]);
}
