/**
 * What was accepted for one document and waits for its commit. An update is judged from its decoded structs
 * against the committed state and what is queued before it; it is applied, told to the room and acknowledged
 * when its commit returns.
 */
import type { Author } from '#lib/review/authorship.ts';
import type { Actor, ReportAction } from '#lib/review/permissions.ts';
import { NACK } from '#lib/sync/protocol.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { CommittedSizes, DocBatch, DocCommit, NewUpdate, StoredDoc } from '../store/docs.ts';
import type { Backlog } from './backlog.ts';
import type { CommittedDoc } from './committed.ts';
import { nestsTooDeep, type FindStruct } from './nesting.ts';
import { claimsOf, MAX_CLAIMS, Owners, type Bringer, type Holders, type Present } from './owners.ts';
import type { Session } from './session.ts';
import { canBeApplied, shapeOf } from './shape.ts';
import { judge, Queued, withoutKnown, type Known, type Update } from './update.ts';
import type { Journal } from './writer.ts';

/** Who brought an update. `frames` of a session are settled with it. */
export type Source = { from: 'session'; session: Session; frames: number[] } | ServerSource;

/** The server's own edit, on somebody's behalf. `actor` null: its own upkeep, which needs no right. */
export interface ServerSource {
  from: 'server';
  actor: Actor | null;
  /** What the actor must be allowed to do. */
  action: ReportAction;
  settle: (outcome: Outcome<{ seq: number }>) => void;
}

/** A change of the report's other document that is committed with an entry, or not at all. */
export interface Companion {
  docId: string;
  update: NewUpdate;
  onCommitted: (sizes: CommittedSizes) => void;
}

/** Something that waits for its commit. */
export interface Entry {
  source: Source;
  /** `userId` null: nobody. */
  author: Omit<Author, 'at' | 'userId'> & { userId: string | null };
  /** Whether it may bring back what a restored document lost. */
  mayRecover: boolean;
  update: Update;
  /** False: it changes nothing, and only waits for what it repeats. */
  isNew: boolean;
  /** Client ids that become the author's with its commit. */
  claims: readonly number[];
  /** Of the command that it carries out. */
  key?: string | null;
  companion?: Companion | null;
}

/**
 * What is to be done with an update. `foreign`: it writes under an id that is not its bringer's; `misshapen`:
 * no editor made it.
 */
export type Judged =
  | { verdict: 'new'; update: Update; claims: readonly number[] }
  | { verdict: 'noop' }
  | { verdict: Unacceptable };
type Unacceptable = 'missing' | 'foreign' | 'tooDeep' | 'tooManyClients' | 'misshapen';

/** Whether what someone sent may still be written. */
export type MayWrite = (source: Source) => boolean;

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { update }) => sum + update.bytes.length, 0);
}

export interface CommitQueueOptions {
  backlog: Backlog;
  committed: CommittedDoc;
  now: () => Date;
  /** Who is present under a client id. */
  present: (client: number) => Present | null;
  /** There is something to commit. */
  wake: (journal: Journal) => void;
  /** Entries were committed and applied; nobody was told yet. */
  onCommitted: (entries: readonly Entry[]) => void;
  /** Rights changed: asks anew about everyone in the room, and about whoever sent what waits. */
  judgeAnew: (sources: readonly Source[]) => Promise<MayWrite>;
  /** It cannot go on; null: the document is not there any more. */
  onBroken: (error: unknown) => void;
}

export class CommitQueue implements Journal {
  /** The last committed sequence number. */
  seq: number;
  /** Of the stored document, in bytes. */
  sizes: { logBytes: number; snapBytes: number };
  readonly #options: CommitQueueOptions;
  readonly #queued = new Queued();
  readonly #known: Known & Holders;
  readonly #owners: Owners;
  readonly #find: FindStruct;
  readonly #docId: string;
  readonly #epoch: number;
  #accessEpoch: number;
  #waiting: Entry[] = [];
  #inFlight: Entry[] = [];
  #inFlightAt = '';
  /** Not null while rights are being asked for anew: nothing is committed meanwhile. */
  #resumed: PromiseWithResolvers<void> | null = null;
  #isClosed = false;

  constructor(stored: StoredDoc, options: CommitQueueOptions) {
    const { committed, present } = options;
    this.#options = options;
    this.#docId = stored.id;
    this.#epoch = stored.epoch;
    this.seq = stored.headSeq;
    this.sizes = { logBytes: stored.logBytes, snapBytes: stored.snapBytes };
    this.#accessEpoch = stored.accessEpoch;
    this.#owners = new Owners(stored.owners);
    const [queued, owners] = [this.#queued, this.#owners];
    this.#find = (client, clock) => committed.find(client, clock) ?? queued.find(client, clock);
    this.#known = {
      clock: (client) => Math.max(committed.clock(client), queued.clock(client)),
      isDeleted: (client, clock, length) =>
        committed.isDeleted(client, clock, length) || queued.isDeleted(client, clock, length),
      owner: (client) => owners.of(client) ?? queued.owner(client),
      present,
    };
  }

  /** Whether everything that was accepted is committed. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#inFlight.length === 0;
  }

  /**
   * Calls `use`, at once, with a judgement of rights that no change of rights has overtaken: changes raise
   * the access number after they are made, and no commit passes under the old one. A refusal is never old.
   */
  async whileJudged<J extends { verdict: string }, T>(
    ask: () => Promise<J>,
    use: (judgement: J) => T,
  ): Promise<Awaited<T>> {
    for (;;) {
      const accessEpoch = this.#accessEpoch;
      const judgement = await ask();
      const isCurrent = accessEpoch === this.#accessEpoch && this.#resumed === null;
      if (isCurrent || this.#isClosed || judgement.verdict !== 'admitted') return await use(judgement);
      await this.#resumed?.promise;
    }
  }

  /** What is known of client ids, with what waits. */
  get holders(): Holders {
    return this.#known;
  }

  judge(update: Update, bringer: Bringer): Judged {
    const verdict = judge(update, this.#known);
    if (verdict !== 'new') return { verdict };
    if (nestsTooDeep(update, this.#find)) return { verdict: 'tooDeep' };
    const claims = claimsOf(update, bringer, this.#known);
    if (claims === null) return { verdict: 'foreign' };
    if (claims.length > MAX_CLAIMS) return { verdict: 'tooManyClients' };
    const rest = withoutKnown(update, this.#known);
    if (rest === null || !this.#isInShape(rest)) return { verdict: 'misshapen' };
    return { verdict, update: rest, claims };
  }

  #isInShape(update: Update): boolean {
    const shape = shapeOf(update, this.#find);
    if (shape !== 'odd') return shape === 'plain';
    return canBeApplied(update, this.#options.committed.whole, this.#queued.bytes());
  }

  add(entry: Entry): void {
    // What repeats something that is still queued is acknowledged with that commit.
    const isCommitted = !entry.isNew && judge(entry.update, this.#options.committed) === 'noop';
    if (isCommitted) return this.#acknowledge([entry]);
    this.#push(entry);
    this.#options.wake(this);
  }

  #push(entry: Entry): void {
    if (entry.isNew) this.#queued.add(entry.update, entry.author.userId ?? '', entry.claims);
    this.#options.backlog.bytes += entry.update.bytes.length;
    this.#waiting.push(entry);
  }

  take(): DocBatch | null {
    if (this.#resumed !== null || this.#inFlight.length > 0 || this.#waiting.length === 0) return null;
    const entries = this.#waiting;
    this.#waiting = [];
    const updates = entries
      .filter(({ isNew }) => isNew)
      .map(({ author, update, claims, key = null }): NewUpdate => ({
        userId: author.userId,
        bytes: update.bytes,
        claims,
        key,
      }));
    if (updates.length === 0) {
      this.#options.backlog.bytes -= bytesOf(entries);
      this.#acknowledge(entries);
      return null;
    }
    this.#inFlight = entries;
    const companion = companionOf(entries);
    this.#inFlightAt = this.#options.now().toISOString();
    return {
      docId: this.#docId,
      epoch: this.#epoch,
      accessEpoch: this.#accessEpoch,
      at: this.#inFlightAt,
      updates,
      also: companion === null ? null : { docId: companion.docId, update: companion.update },
    };
  }

  settle(commit: DocCommit): void {
    if (this.#isClosed) return;
    switch (commit.state) {
      case 'committed': {
        this.sizes = { logBytes: commit.logBytes, snapBytes: commit.snapBytes };
        return this.#settleCommitted(commit.lastSeq, commit.also);
      }
      case 'stale':
        void this.#reauthorise(commit.accessEpoch).catch((error: unknown) => this.fail(error));
        return;
      case 'gone':
        return this.#options.onBroken(null);
      default:
        return commit satisfies never;
    }
  }

  /** What people typed is kept until it can be written; whoever waits for the server's own edit is told. */
  takeBack(): void {
    const entries = [...this.#inFlight, ...this.#waiting];
    this.#inFlight = [];
    this.#waiting = entries.filter(({ source }) => source.from === 'session');
    this.#options.backlog.bytes -= bytesOf(entries) - bytesOf(this.#waiting);
    this.#requeued();
    for (const { source } of entries) if (source.from === 'server') source.settle(refuse('storage_full'));
  }

  fail(error: unknown): void {
    this.#options.onBroken(error);
  }

  /** Takes and commits nothing more; nothing of what waits was acknowledged. */
  close(reason: 'not_found' | 'storage_full'): void {
    this.#isClosed = true;
    this.#resume();
    const entries = [...this.#inFlight, ...this.#waiting];
    this.#options.backlog.bytes -= bytesOf(entries);
    for (const { source } of entries) {
      if (source.from === 'server') source.settle(refuse(reason));
    }
    this.#inFlight = [];
    this.#waiting = [];
  }

  /** Takes in what was committed with an entry of the report's other document. */
  adopt(entry: Entry, { lastSeq, logBytes, snapBytes }: CommittedSizes): void {
    try {
      this.#options.committed.apply(entry.update.bytes, null);
    } catch (error) {
      return this.#options.onBroken(error);
    }
    this.seq = lastSeq;
    this.sizes = { logBytes, snapBytes };
    this.#options.onCommitted([entry]);
  }

  #settleCommitted(lastSeq: number, also: CommittedSizes | null): void {
    const entries = this.#inFlight;
    this.#inFlight = [];
    const applied = entries.filter(({ isNew }) => isNew);
    try {
      for (const { update, author, claims } of applied) {
        const { userId } = author;
        const written = userId === null ? null : { ...author, userId, at: this.#inFlightAt };
        this.#options.committed.apply(update.bytes, written);
        if (userId !== null) this.#owners.claim(userId, claims);
      }
    } catch (error) {
      this.#inFlight = entries;
      return this.#options.onBroken(error);
    }
    this.seq = lastSeq;
    this.#options.backlog.bytes -= bytesOf(entries);
    this.#requeued();
    this.#options.onCommitted(applied);
    if (also !== null) companionOf(entries)?.onCommitted(also);
    this.#acknowledge(entries);
    if (this.#waiting.length > 0) this.#options.wake(this);
  }

  /** What is queued is now exactly what waits. */
  #requeued(): void {
    this.#queued.clear();
    for (const { update, isNew, author, claims } of this.#waiting) {
      if (isNew) this.#queued.add(update, author.userId ?? '', claims);
    }
  }

  #acknowledge(entries: readonly Entry[]): void {
    const sessions = new Set<Session>();
    for (const { source } of entries) {
      if (source.from === 'server') source.settle(done({ seq: this.seq }));
      else {
        source.session.settle(source.frames);
        sessions.add(source.session);
      }
    }
    for (const session of sessions) session.acknowledge();
  }

  /** Rights changed since the batch was judged: everyone here is judged anew, and only the revoked lose. */
  async #reauthorise(accessEpoch: number): Promise<void> {
    this.#resumed = Promise.withResolvers();
    this.#waiting = [...this.#inFlight, ...this.#waiting];
    this.#inFlight = [];
    const mayWrite = await this.#options.judgeAnew(this.#waiting.map(({ source }) => source));
    if (this.#isClosed) return;
    this.#accessEpoch = accessEpoch;
    this.#resume();
    const entries = this.#waiting;
    this.#waiting = [];
    this.#queued.clear();
    this.#options.backlog.bytes -= bytesOf(entries);
    for (const entry of entries) {
      if (mayWrite(entry.source)) this.#judgeAgain(entry);
      else refuseEntry(entry);
    }
    this.#options.wake(this);
  }

  #resume(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }

  /** Queues an entry again, now that some before it are gone. */
  #judgeAgain(entry: Entry): void {
    const { source, author, update, mayRecover } = entry;
    if (source.from === 'server') {
      const verdict = judge(update, this.#known);
      if (verdict === 'missing') return source.settle(refuse('conflict'));
      return this.#push({ ...entry, isNew: verdict === 'new' });
    }
    const judged = this.judge(update, { userId: author.userId ?? '', mayRecover });
    switch (judged.verdict) {
      case 'new':
        return this.#push({ ...entry, isNew: true, update: judged.update, claims: judged.claims });
      case 'noop':
        return this.#push({ ...entry, isNew: false, claims: [] });
      default:
        for (const n of source.frames) turnAway(source.session, n, judged.verdict);
    }
  }
}

/** One at most: a report's other document is changed by one entry at a time. */
function companionOf(entries: readonly Entry[]): Companion | null {
  return entries.find(({ companion = null }) => companion !== null)?.companion ?? null;
}

/** Refuses a frame whose update can never be taken. */
export function turnAway(session: Session, n: number, why: Unacceptable): void {
  switch (why) {
    case 'missing':
      return session.refuseAndClose(n, NACK.missingDependency, 'missing dependency');
    case 'foreign':
      return session.refuseAndClose(n, NACK.foreignClient, 'a client id of somebody else');
    case 'tooDeep':
      return session.refuse(n, NACK.malformed, 'nested too deeply');
    case 'misshapen':
      return session.refuse(n, NACK.malformed, 'not of an editor');
    case 'tooManyClients':
      return session.refuse(n, NACK.malformed, 'too many client ids');
    default:
      return why satisfies never;
  }
}

function refuseEntry({ source }: Entry): void {
  if (source.from === 'server') return source.settle(refuse('forbidden'));
  for (const n of source.frames) source.session.refuse(n, NACK.readOnly, 'rights were withdrawn');
}
