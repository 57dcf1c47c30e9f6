/**
 * Keeps the anchors of a report's threads and figures while its content is in memory, and how the text has
 * each figure: notes every transaction, and writes what changed into the review document a moment later. What
 * a crash leaves unwritten is found again when the content is loaded, by the sequence number that was written
 * last.
 */
import type { Logger } from 'pino';
import type { Kysely } from 'kysely';
import type * as Y from 'yjs';
import {
  findFigure,
  figuresOf,
  nowOf,
  readFigure,
  setSight,
  verificationOf,
  type FigureMap,
  type Sight,
} from '#lib/figures/register.ts';
import { Sights } from '#lib/figures/sight.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Anchors } from '#lib/review/anchors.ts';
import { readThreads, type Anchor } from '#lib/review/thread.ts';
import { anchorOf, findThread, setAnchor } from '#lib/review/write.ts';
import { done } from '../outcome.ts';
import { readSeen, writeSeen } from '../store/seen.ts';
import type { Database } from '../store/tables.ts';
import { authorOf } from '../sync/committed.ts';
import type { Followed, Follower } from '../sync/follower.ts';
import type { SyncServer } from '../sync/sync.ts';

export interface KeeperDeps {
  db: Kysely<Database>;
  sync: Pick<SyncServer, 'annotate' | 'readReview'>;
  log: Logger;
  now: () => Date;
  /** Verified figures are not what was verified any more; `by` made them so. */
  onStale: (reportId: string, stale: readonly Stale[]) => Promise<void>;
}

export interface Stale {
  figureId: string;
  departmentId: string | null;
  by: string;
}

/** How the text had a figure after somebody's edit. */
interface Seen {
  sight: Sight;
  by: string | null;
}

/** How long after an edit anchors are written, in milliseconds. */
const DELAY_MS = 250;
/** The same for figures: that one is not what was verified is to be seen at once. */
const FIGURES_DELAY_MS = 20;
const PROJECTION = 'anchors';

export class AnchorKeeper implements Follower {
  readonly #content: Followed;
  readonly #deps: KeeperDeps;
  readonly #loaded: Promise<Kept>;
  #kept: Kept | null = null;
  /** How each anchor stands in the review document, as far as is known here. */
  readonly #written = new Map<string, string>();
  /** What is to be written of figures, in the order of the edits. */
  #news = new Map<string, Seen[]>();
  /** The sequence number that is written; null: none. */
  #seen: number | null = null;
  #timer: { at: number; handle: NodeJS.Timeout } | null = null;
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

  /** The anchors and figures, once they are read. Rejects when they cannot be. */
  get kept(): Promise<Kept> {
    return this.#loaded;
  }

  get isClean(): boolean {
    if (this.#kept === null || this.#kept.anchors.size === 0) return true;
    const isWritten = !this.#kept.anchors.hasChanged && this.#news.size === 0 && this.#writing === null;
    return isWritten && this.#seen === this.#content.seq();
  }

  /** A command wrote this anchor. */
  put(id: string, anchor: Anchor): void {
    this.#written.set(id, stampOf(anchor));
    this.#kept?.anchors.put(id, anchor);
  }

  /** A command wrote this figure. */
  putFigure(id: string, map: FigureMap): void {
    const anchor = map.get('anchor') as Anchor;
    if (this.#written.get(id) !== stampOf(anchor)) this.put(id, anchor);
    this.#kept?.sights.put(id, knownOf(map, id));
  }

  remove(id: string): void {
    this.#written.delete(id);
    this.#news.delete(id);
    this.#kept?.anchors.remove(id);
    this.#kept?.sights.remove(id);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    this.#content.doc.off('afterTransaction', this.#observe);
  }

  /** Writes how the text has figures, if that is due: a command is about what the register says. */
  async settle(): Promise<void> {
    if (this.#news.size > 0 || this.#writing !== null) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    this.#timer = null;
    while (this.#writing !== null) await this.#writing;
    this.#writing = this.#write().finally(() => (this.#writing = null));
    await this.#writing;
  }

  readonly #observe = (transaction: Y.Transaction): void => {
    // Before they are read, what happens is found by reading.
    if (this.#kept === null) return;
    const { anchors } = this.#kept;
    anchors.observe(transaction);
    if (anchors.size === 0) return;
    this.#look(this.#kept, authorOf(transaction)?.userId ?? null);
    this.#touch();
  };

  /** Looks at the figures whose blocks somebody touched. */
  #look({ anchors, sights }: Kept, by: string | null): void {
    for (const id of anchors.takeTouched()) this.#lookAt(sights, id, by);
  }

  #lookAt(sights: Sights, id: string, by: string | null): void {
    const sight = sights.news(id);
    if (sight === null) return;
    const news = this.#news.get(id) ?? [];
    if (news.at(-1)?.by === by) news.pop();
    this.#news.set(id, [...news, { sight, by }]);
  }

  /** Something is to be written, soon. */
  #touch(): void {
    if (this.#isStopped) return;
    if (this.#news.size > 0) this.#schedule(FIGURES_DELAY_MS);
    else if (this.#kept?.anchors.hasChanged === true) this.#schedule(DELAY_MS);
  }

  #schedule(delay: number): void {
    const at = performance.now() + delay;
    if (this.#timer !== null && this.#timer.at <= at) return;
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    this.#timer = { at, handle: setTimeout(() => void this.flush(), delay).unref() };
  }

  async #load(): Promise<Kept> {
    const { reportId, doc } = this.#content;
    const { db, sync } = this.#deps;
    const seen = await readSeen(db, { reportId, kind: 'content', name: PROJECTION });
    const review = await sync.readReview(reportId, (one) => ({
      threads: readThreads(one),
      figures: [...figuresOf(one)].map(([id, map]) => ({
        id,
        anchor: map.get('anchor') as Anchor,
        known: knownOf(map, id),
      })),
    }));
    const anchors = new Anchors(doc.getXmlFragment(CONTENT_FRAGMENT));
    const sights = new Sights(anchors);
    for (const { id, anchor } of [...(review?.threads ?? []), ...(review?.figures ?? [])]) {
      this.#written.set(id, stampOf(anchor));
      anchors.put(id, anchor);
    }
    for (const { id, known } of review?.figures ?? []) sights.put(id, known);
    this.#kept = { anchors, sights };
    this.#seen = seen;
    if (this.#seen !== this.#content.seq()) {
      anchors.catchUp();
      for (const id of sights.ids()) this.#lookAt(sights, id, null);
    }
    anchors.takeTouched();
    this.#touch();
    return this.#kept;
  }

  async #write(): Promise<void> {
    const kept = this.#kept;
    if (kept === null || this.isClean) return;
    try {
      await this.#writeAll(kept);
    } catch (error) {
      this.#deps.log.warn({ err: error, report: this.#content.reportId }, 'anchors are not written yet');
      if (!this.#isStopped) this.#schedule(DELAY_MS);
    }
  }

  async #writeAll({ anchors }: Kept): Promise<void> {
    const { reportId } = this.#content;
    const seq = this.#content.seq();
    const changes = anchors.takeChanges();
    const news = this.#news;
    this.#news = new Map();
    const stale: Stale[] = [];
    if (changes.size > 0 || news.size > 0) {
      const at = this.#deps.now().toISOString();
      const outcome = await this.#deps.sync.annotate(
        { actor: null, action: 'read', key: null },
        reportId,
        (doc) => {
          for (const [id, anchor] of changes) this.#writeAnchor(doc, anchors, id, anchor);
          for (const [id, seen] of news) stale.push(...this.#writeSights(doc, id, seen, at));
          return done(null);
        },
      );
      if (!outcome.ok) {
        anchors.markChanged(changes.keys());
        for (const [id, seen] of news) this.#news.set(id, [...seen, ...(this.#news.get(id) ?? [])]);
        throw new Error(`anchors of ${changes.size} threads and figures: ${outcome.code}`);
      }
    }
    if (stale.length > 0) await this.#deps.onStale(reportId, stale);
    await writeSeen(this.#deps.db, { reportId, kind: 'content', name: PROJECTION }, seq);
    this.#seen = seq;
  }

  /** A command may have set the anchor meanwhile: then that is the one to keep. */
  #writeAnchor(doc: Y.Doc, anchors: Anchors, id: string, anchor: Anchor): void {
    const anchored = findThread(doc, id) ?? findFigure(doc, id);
    if (anchored === null) return;
    const stored = anchorOf(anchored);
    if (stampOf(stored) !== this.#written.get(id)) {
      this.#written.set(id, stampOf(stored));
      return anchors.put(id, stored);
    }
    this.#written.set(id, stampOf(anchor));
    setAnchor(anchored, anchor);
  }

  #writeSights(doc: Y.Doc, figureId: string, seen: readonly Seen[], at: string): Stale[] {
    const map = findFigure(doc, figureId);
    if (map === null) return [];
    return seen.flatMap(({ sight, by }) => {
      const { before, after } = setSight(map, sight, by, at);
      if (before !== 'verified' || after !== 'stale' || by === null) return [];
      return [{ figureId, departmentId: map.get('department') as string | null, by }];
    });
  }
}

export interface Kept {
  anchors: Anchors;
  sights: Sights;
}

function stampOf({ from, to, exact, state }: Anchor): string {
  return JSON.stringify([from, to, exact, state]);
}

function knownOf(map: FigureMap, id: string) {
  const { state, reworded } = readFigure(map, id);
  return { now: nowOf(map), state, reworded, verified: verificationOf(map) };
}
