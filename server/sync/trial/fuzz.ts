/**
 * Hostile peers against a server in a process of its own, while two people write and one reads: the
 * process goes on and stays small, and the three notice nothing but what an editor may do to a text.
 */
import * as fc from 'fast-check';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as Y from 'yjs';
import { openCounty, PEOPLE, type County } from '../../reports/testing.ts';
import { keepAsStored } from '../../store/snapshot.ts';
import { RawClient, writeReport } from '../testing.ts';
import { SYNC } from '#lib/sync/protocol.ts';
import { Attacker, overhear, syncFrame, type Target } from './attacker.ts';
import { checkDisk, readDisk } from './disk.ts';
import { hostilities, type Role, type Sent } from './hostile.ts';
import { firstDifference, stateDifference } from './ledger.ts';
import { Nursery, type HostProcess } from './process.ts';
import { Random } from './random.ts';
import { Typist } from './typist.ts';
import { TrialFailure, Watch } from './watch.ts';

export interface FuzzOptions {
  messages: number;
  seed: number;
  /** Told now and then how far it is. */
  say: (line: string) => void;
}

export interface FuzzResult {
  messages: number;
  batches: number;
  reports: number;
  /** Edits of the honest writers, all of them acknowledged. */
  edits: number;
  /** Updates of the hostile editor that the server took. */
  taken: number;
  /** The process after the first report and at its largest, in bytes: live objects, and all that it holds. */
  heap: { first: number; largest: number };
  rss: { first: number; largest: number };
}

/** A report is attacked so often; then the next one is. */
const MESSAGES_A_REPORT = 2_500;
/** How many messages a batch has on average. */
const BATCH = 50;
/** Honest people wait no longer than this, in milliseconds. */
const PATIENCE_MS = 30_000;
/** What the process may grow by while it is attacked, in bytes: live objects, and all that it holds. */
export const BOUNDS = { heap: 64 * 2 ** 20, rss: 256 * 2 ** 20 };
/** How long a counterexample is made smaller, in milliseconds. */
const SHRINKING_MS = 60_000;
/**
 * How many times faster than the world's the server's clock runs: reports leave memory while others are
 * attacked, and a busy machine still answers a ping in time.
 */
const PACE = 5;

/** Throws at the first promise that was not kept, with the smallest messages that break it. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const county = await openCounty();
  const fuzz = new Fuzz(options, county);
  try {
    return await fuzz.run();
  } finally {
    await fuzz.close();
    await county.store.close();
    await rm(county.dir, { recursive: true });
  }
}

/** A report under attack, and the people who work on it. */
interface Chapter extends Target {
  watch: Watch;
  writers: number[];
  typists: Typist[];
  reader: RawClient;
  until: number;
}

class Fuzz {
  readonly #options: FuzzOptions;
  readonly #county: County;
  readonly #nursery: Nursery;
  readonly #random: Random;
  readonly #result: FuzzResult = {
    messages: 0,
    batches: 0,
    reports: 0,
    edits: 0,
    taken: 0,
    heap: { first: 0, largest: 0 },
    rss: { first: 0, largest: 0 },
  };
  #host: HostProcess | null = null;
  #url = '';
  #chapter: Chapter | null = null;
  /** When a counterexample is small enough; null: there is none. */
  #givesUpAt: number | null = null;

  constructor(options: FuzzOptions, county: County) {
    this.#options = options;
    this.#county = county;
    this.#random = new Random(options.seed);
    this.#nursery = new Nursery(join(county.dir, 'code'), 1);
  }

  async run(): Promise<FuzzResult> {
    const { messages, seed, say } = this.#options;
    for (let round = 0; this.#result.messages < messages; round++) {
      const left = Math.min(messages - this.#result.messages, 10_000);
      const property = fc.asyncProperty(hostilities, (batch) => this.#try(batch));
      await fc.assert(property, { seed: seed + round, numRuns: Math.ceil(left / BATCH) });
      if (this.#result.messages < messages) say(this.#progress());
    }
    await this.#endChapter();
    await checkDisk(this.#county.dir);
    this.#host?.signal('SIGTERM');
    const ended = await this.#host?.ended;
    if (ended?.code !== 0) throw new TrialFailure(`the server stopped with ${ended?.signal ?? ended?.code}`);
    return this.#result;
  }

  async close(): Promise<void> {
    this.#leave();
    await this.#host?.kill();
    await this.#nursery.close();
  }

  async #try(batch: readonly Sent[]): Promise<void> {
    if (this.#givesUpAt !== null && Date.now() > this.#givesUpAt) return;
    try {
      await this.#play(batch);
    } catch (error) {
      this.#givesUpAt ??= Date.now() + SHRINKING_MS;
      // What comes next is tried on a report that nothing happened to.
      this.#leave();
      throw error;
    }
  }

  async #play(batch: readonly Sent[]): Promise<void> {
    if (this.#chapter !== null && this.#result.messages >= this.#chapter.until) await this.#endChapter();
    const chapter = (this.#chapter ??= await this.#beginChapter());
    const { watch, typists } = chapter;
    const roles: Role[] = ['nobody', 'viewer', 'editor'];
    const attackers = new Map(roles.map((role) => [role, new Attacker(role, chapter)]));
    for (const typist of typists) typist.budget = this.#random.between(1, 3);
    for (const typist of typists) typist.type();
    for (const { by, what, isAwaited } of batch) {
      await attackers.get(by)?.send(what, isAwaited);
      this.#result.messages++;
    }
    await Promise.all([...attackers.values()].map((attacker) => attacker.settled()));
    for (const typist of typists) typist.type();
    await this.#agree(chapter);
    watch.check();
    for (const attacker of attackers.values()) attacker.close();
    this.#result.batches++;
  }

  /** The honest are served, and have one text. */
  async #agree({ watch, typists, reader }: Chapter): Promise<void> {
    const [first] = typists;
    await watch.until(
      'everybody honest is saved',
      () => typists.every(({ isSaved }) => isSaved),
      PATIENCE_MS,
    );
    await watch.until(
      'everybody honest has one text',
      () =>
        typists.every(({ isSaved }) => isSaved) &&
        [...typists.map(({ doc }) => doc), reader.doc].every(
          (doc) => first !== undefined && stateDifference(doc, first.doc) === null,
        ),
      PATIENCE_MS,
    );
  }

  async #beginChapter(): Promise<Chapter> {
    const { db } = this.#county.store;
    const report = `report${String(++this.#result.reports).padStart(10, '0')}`;
    await writeReport(this.#county, new Date(), report);
    await db
      .insertInto('reportShare')
      .values({ reportId: report, subjectKind: 'person', subjectId: 'lone', role: 'viewer' })
      .execute();
    if (this.#host === null || this.#host.hasEnded) {
      this.#host = this.#nursery.take();
      this.#url = `ws://127.0.0.1:${await this.#host.open(this.#county.dir, PACE)}`;
      const host = this.#host;
      void host.ended.then(({ code, signal }) => {
        if (code !== 0) this.#chapter?.watch.fail(`the server's process ended (${signal ?? code})`);
      });
    }
    const watch: Watch = new Watch(() => typists.map(({ state }) => state).join(' '));
    const doc = new Y.Doc();
    keepAsStored(doc);
    const typists: Typist[] = [PEOPLE.chen, PEOPLE.wang].map(
      (who) => new Typist({ name: who.userId, who, random: this.#random.fork(), watch, report }),
    );
    const reader = new RawClient(this.#url, PEOPLE.lone, { doc, room: `${report}/content` });
    const chapter: Chapter = {
      url: this.#url,
      report,
      doc,
      own: 900_000 + this.#result.reports,
      heard: [],
      watch,
      typists,
      reader,
      writers: typists.map((typist) => typist.doc.clientID),
      until: this.#result.messages + MESSAGES_A_REPORT,
    };
    let heard = 0;
    reader.listen(() => {
      for (; heard < reader.updates.length; heard++) {
        overhear(chapter, syncFrame(SYNC.update, reader.updates[heard] ?? new Uint8Array()));
      }
      if (reader.closed !== null) watch.fail(`the reader was sent away (${reader.closed})`);
      watch.look();
    });
    await reader.until(() => reader.infos.length > 0);
    reader.sendSync(SYNC.step1, Y.encodeStateVector(doc));
    for (const typist of typists) {
      typist.connect(this.#url, () => watch.fail(`${typist.name} lost the connection`));
    }
    const isEverybodyHere = () => typists.every(({ isSaved }) => isSaved);
    await watch.until('everybody honest is there', isEverybodyHere, PATIENCE_MS);
    // Their ids are theirs from the first commit on.
    for (const typist of typists) typist.type();
    await this.#agree(chapter);
    return chapter;
  }

  #leave(): void {
    const chapter = this.#chapter;
    this.#chapter = null;
    for (const typist of chapter?.typists ?? []) typist.disconnect();
    chapter?.reader.socket.terminate();
  }

  /** What is stored is what the honest have; each wrote what is under their name, and nobody else did. */
  async #endChapter(): Promise<void> {
    const chapter = this.#chapter;
    if (chapter === null) return;
    const { report, reader, typists } = chapter;
    await this.#agree(chapter);
    const stored = readDisk(this.#county.dir, report);
    const difference = stateDifference(stored, reader.doc);
    if (difference !== null) {
      throw new TrialFailure(`what is stored is not what the reader has: ${difference}`);
    }
    for (const { name, doc, ledger } of typists) {
      const lost = ledger.firstLost(stored);
      if (lost !== null) throw new TrialFailure(`edit ${lost.number} of ${name} is lost`);
      const differs = firstDifference(doc, stored);
      if (differs !== null)
        throw new TrialFailure(`the text of ${name} is another: ${JSON.stringify(differs)}`);
      if (Y.getState(stored.store, doc.clientID) !== Y.getState(doc.store, doc.clientID)) {
        throw new TrialFailure(`somebody wrote under the name of ${name}`);
      }
      this.#result.edits += ledger.edits.length;
    }
    await this.#countRows(report);
    await this.#measure();
    this.#leave();
  }

  async #countRows(report: string): Promise<void> {
    const rows = await this.#county.store.db
      .selectFrom('docUpdate')
      .innerJoin('doc', 'doc.number', 'docUpdate.docNumber')
      .select('userId')
      .where('doc.reportId', '=', report)
      .execute();
    const stranger = rows.find(({ userId }) => !['chen', 'wang', 'li', null].includes(userId));
    if (stranger !== undefined) throw new TrialFailure(`${stranger.userId}, who may not write, wrote`);
    this.#result.taken += rows.filter(({ userId }) => userId === 'li').length;
  }

  async #measure(): Promise<void> {
    const measured = await this.#host?.measure();
    if (measured === undefined) return;
    for (const kind of ['heap', 'rss'] as const) {
      const seen = this.#result[kind];
      seen.first ||= measured[kind];
      seen.largest = Math.max(seen.largest, measured[kind]);
      if (seen.largest - seen.first > BOUNDS[kind]) {
        throw new TrialFailure(`the process grew from ${seen.first} to ${seen.largest} bytes (${kind})`);
      }
    }
  }

  #progress(): string {
    const { messages, taken, heap, rss } = this.#result;
    return `${messages} messages, ${taken} of the hostile editor's updates taken; heap ${mib(heap.largest)}, RSS ${mib(rss.largest)}`;
  }
}

export function mib(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
