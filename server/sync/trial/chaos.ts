/**
 * The server is killed again and again while people type, and whatever it acknowledged or showed must be
 * on its disk each time, before anyone who still has it comes back. A seed repeats every choice; how the
 * machine orders what happens at once is its own.
 */
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openCounty, PEOPLE } from '../../reports/testing.ts';
import { writeReport } from '../testing.ts';
import { Wire } from './cut.ts';
import { checkDisk, readDisk } from './disk.ts';
import { cutting, ending, endingFull, type Ending } from './fate.ts';
import { firstDifference, stateDifference } from './ledger.ts';
import { Nursery, type HostProcess } from './process.ts';
import { Random } from './random.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { Typist } from './typist.ts';
import { TrialFailure, Watch } from './watch.ts';

export interface ChaosOptions {
  kills: number;
  seed: number;
  /** Told now and then how far it is. */
  say: (line: string) => void;
}

export interface ChaosResult {
  kills: number;
  /** Kills while the server was still opening its database. */
  opening: number;
  terminations: number;
  stops: number;
  /** Lives of the server on a disk that became full; a text: why there were none. */
  full: number | string;
  cuts: number;
  reloads: number;
  edits: number;
  acknowledged: number;
  /** Of the texts that everybody agreed on in the end. */
  characters: number;
}

/** How many times faster than the world's the server's clock runs, so that its patience ends in a second or two. */
const PACE = 20;
/** The longest silence that a client bears, in milliseconds of the server's clock. */
const PATIENCE_MS = 30_000;
/** A stop that takes longer than this has failed, in milliseconds. */
const STOP_MS = 10_000;
/** Everybody is brought together, and compared, after so many lives of the server. */
const MEETING = 100;
/** The store is checked after so many: as a killed process left it, or one that was stopped. */
const CHECK = 25;
/** One kill of so many is on a disk that becomes full. */
const FULL = 50;

/** Throws {@link TrialFailure} at the first promise that was not kept. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const dirs = [await furnish(), await furnish()] as const;
  const nursery = new Nursery(join(dirs[0], 'code'), 3);
  const disk = await mountSmallDisk();
  const { kills, seed } = options;
  const full = typeof disk === 'string' ? 0 : Math.ceil(kills / FULL);
  const half = Math.ceil((kills - full) / 2);
  const saying = (where: string) => ({ ...options, say: (line: string) => options.say(`${where}: ${line}`) });
  try {
    // Two workspaces at once: while one server opens the other is written to.
    const lives = await Promise.allSettled([
      new Chaos({ ...saying('first workspace'), kills: half }, { dir: dirs[0], nursery, next: ending }).run(),
      new Chaos(
        { ...saying('second workspace'), kills: kills - full - half, seed: seed + 1 },
        { dir: dirs[1], nursery, next: ending },
      ).run(),
    ]);
    const [one, two] = lives.map(valueOf) as [ChaosResult, ChaosResult];
    if (typeof disk === 'string') return { ...sum(one, two), full: disk };
    await copyFile(join(dirs[0], 'huigao.db'), join(disk.dir, 'huigao.db'));
    const last = new Chaos(
      { ...options, kills: full, seed: seed + 2 },
      { dir: disk.dir, nursery, next: endingFull, disk },
    );
    return sum(sum(one, two), await last.run());
  } finally {
    await nursery.close();
    if (typeof disk !== 'string') await disk.unmount();
    for (const dir of dirs) await rm(dir, { recursive: true });
  }
}

/** A workspace with a report, which from here on only the server's processes have open. Answers its directory. */
async function furnish(): Promise<string> {
  const county = await openCounty();
  await writeReport(county, new Date());
  await county.store.close();
  return county.dir;
}

function valueOf(settled: PromiseSettledResult<ChaosResult>): ChaosResult {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function sum(a: ChaosResult, b: ChaosResult): ChaosResult {
  const total = { ...a, full: b.full };
  for (const key of [
    'kills',
    'opening',
    'terminations',
    'stops',
    'cuts',
    'reloads',
    'edits',
    'acknowledged',
    'characters',
  ] as const) {
    total[key] += b[key];
  }
  return total;
}

/** Where a server lives, and how its lives end. `disk`: the small one that it is on. */
interface Surroundings {
  dir: string;
  nursery: Nursery;
  next: (random: Random) => Ending;
  disk?: SmallDisk;
}

class Chaos {
  readonly #options: ChaosOptions;
  readonly #dir: string;
  readonly #random: Random;
  readonly #nursery: Nursery;
  readonly #next: Surroundings['next'];
  readonly #disk: SmallDisk | null;
  readonly #watch = new Watch(() => this.#state());
  readonly #typists: Typist[];
  readonly #result: ChaosResult = {
    kills: 0,
    opening: 0,
    terminations: 0,
    stops: 0,
    full: 0,
    cuts: 0,
    reloads: 0,
    edits: 0,
    acknowledged: 0,
    characters: 0,
  };
  #wire: Wire | null = null;
  #host: HostProcess | null = null;
  #lives = 0;
  /** Whether whoever loses the connection comes back at once. */
  #isUp = false;

  constructor(options: ChaosOptions, { dir, nursery, next, disk }: Surroundings) {
    this.#options = options;
    this.#dir = dir;
    this.#nursery = nursery;
    this.#next = next;
    this.#disk = disk ?? null;
    this.#random = new Random(options.seed);
    // The last is one of the others at another desk.
    const people = [PEOPLE.chen, PEOPLE.wang, PEOPLE.li, PEOPLE.chen];
    this.#typists = people.map(
      (who, index) =>
        new Typist({ name: `${who.userId}#${index}`, who, random: this.#random.fork(), watch: this.#watch }),
    );
  }

  async run(): Promise<ChaosResult> {
    try {
      return await this.#run();
    } finally {
      await this.#close();
    }
  }

  async #run(): Promise<ChaosResult> {
    const cuts = this.#random.fork();
    const wire = await Wire.lay(() => (this.#isUp ? cutting(cuts) : null));
    this.#wire = wire;
    const { kills, say } = this.#options;
    while (this.#result.kills < kills) {
      const life = ++this.#lives;
      const before = this.#result.kills;
      if (life % MEETING === 0) await this.#meet(wire);
      else await this.#live(wire, this.#next(this.#random));
      this.#verify();
      if (life % CHECK === 0) await checkDisk(this.#dir);
      const { kills: done } = this.#result;
      if (done > before && done % 100 === 0 && done < kills) say(this.#progress());
    }
    await this.#meet(wire);
    this.#verify();
    await checkDisk(this.#dir);
    return this.#account();
  }

  async #close(): Promise<void> {
    this.#isUp = false;
    for (const typist of this.#typists) typist.disconnect();
    await this.#host?.kill();
    await this.#wire?.close();
  }

  /** One life of the server, from its start to its end. */
  async #live(wire: Wire, end: Ending): Promise<void> {
    const host = this.#nursery.take();
    this.#host = host;
    if (end.how === 'opening') {
      const opening = host.open(this.#dir, PACE).catch(() => 0);
      await wait(end.afterMs);
      this.#result.opening++;
      await this.#kill(host);
      await opening;
      return;
    }
    wire.target = await host.open(this.#dir, PACE);
    const present = this.#bringIn(wire);
    const heard = () => present.reduce((sum, typist) => sum + typist.heard, 0);
    const begun = heard();
    const enough = (count: number) => this.#watch.until(`${count} messages`, () => heard() - begun >= count);
    switch (end.how) {
      case 'burst':
        await enough(end.heard);
        if (end.afterMs > 0) await wait(end.afterMs);
        break;
      case 'later':
        // Some edits, and then silence: what is derived is written a second after an edit.
        for (const typist of present) typist.budget = this.#random.between(1, 60);
        await wait(end.afterMs);
        break;
      case 'terminate':
        await enough(end.heard);
        return this.#terminate(host);
      case 'stop':
        await enough(end.heard);
        await this.#stop(host, wire);
        break;
      case 'full':
        await enough(end.heard);
        await this.#fill(present, end.isKilledFull ? () => this.#kill(host) : null);
        if (end.isKilledFull) return;
        break;
      default:
        return end satisfies never;
    }
    this.#watch.check();
    await this.#kill(host);
  }

  /** Who comes, by a choice: the others write at home, without a connection. */
  #bringIn(wire: Wire): Typist[] {
    const random = this.#random;
    this.#isUp = true;
    const present: Typist[] = [];
    for (const typist of this.#typists) {
      if (typist.ledger.unsaved === 0 && random.chance(0.03)) {
        typist.reload();
        this.#result.reloads++;
      }
      const isHere = random.chance(0.8) || (present.length === 0 && typist === this.#typists.at(-1));
      typist.budget = isHere ? Infinity : 0;
      typist.ahead = random.between(1, 12);
      if (!isHere) for (let edits = random.between(0, 3); edits > 0; edits--) typist.type();
      else {
        present.push(typist);
        this.#connect(typist, wire);
      }
    }
    return present;
  }

  #connect(typist: Typist, wire: Wire): void {
    typist.connect(wire.url, () => {
      if (this.#isUp) this.#connect(typist, wire);
    });
  }

  async #kill(host: HostProcess): Promise<void> {
    this.#isUp = false;
    if (host.hasEnded) throw new TrialFailure('the server ended by itself');
    await host.kill();
    this.#result.kills++;
    for (const typist of this.#typists) typist.disconnect();
  }

  async #terminate(host: HostProcess): Promise<void> {
    this.#isUp = false;
    host.signal('SIGTERM');
    const late = wait(STOP_MS, null, { ref: false });
    const ended = await Promise.race([host.ended, late]);
    if (ended === null) throw new TrialFailure(`the server did not stop in ${STOP_MS / 1000} s`);
    if (ended.code !== 0) throw new TrialFailure(`the server stopped with ${ended.signal ?? ended.code}`);
    this.#result.terminations++;
    for (const typist of this.#typists) typist.disconnect();
    this.#watch.check();
  }

  /** Half of the people lose patience while the server is held; all are served when it goes on. */
  async #stop(host: HostProcess, wire: Wire): Promise<void> {
    const connected = this.#typists.filter((typist) => typist.isConnected);
    host.signal('SIGSTOP');
    await wait((1.2 * PATIENCE_MS) / PACE);
    for (const typist of connected) {
      if (this.#random.chance(0.5)) continue;
      typist.disconnect();
      this.#connect(typist, wire);
    }
    host.signal('SIGCONT');
    for (const typist of connected) typist.budget = 0;
    await this.#watch.until('everybody is served after the server was held', () =>
      connected.every((typist) => typist.isSaved),
    );
    this.#result.stops++;
  }

  /** What is acknowledged or shown while the disk is full would not be found on it afterwards. */
  async #fill(present: readonly Typist[], kill: (() => Promise<void>) | null): Promise<void> {
    if (this.#disk === null) throw new Error('there is no disk to fill');
    this.#disk.fill();
    await this.#watch.until('people are told that nothing is stored', () =>
      present.some(({ client }) => client?.infos.at(-1)?.storing === false),
    );
    await kill?.();
    await this.#disk.empty();
    this.#result.full = Number(this.#result.full) + 1;
    if (kill !== null) return;
    for (const typist of present) typist.budget = 0;
    await this.#watch.until('everything arrives once there is room', () =>
      present.every((typist) => typist.isSaved),
    );
  }

  /** Everybody comes, everything is saved, and everybody has what the server has. */
  async #meet(wire: Wire): Promise<void> {
    const host = this.#nursery.take();
    this.#host = host;
    // Not hurried: here a lost connection is a fault, and a busy machine may take a second to answer.
    wire.target = await host.open(this.#dir, 1);
    const everybody = this.#typists;
    this.#isUp = false;
    for (const typist of everybody) {
      typist.budget = 1;
      typist.ahead = 1;
      typist.connect(wire.url, () => this.#watch.fail(`${typist.name} lost a whole connection`));
    }
    const [first] = everybody;
    await this.#watch.until('everything is saved and everybody agrees', () => {
      if (!everybody.every((typist) => typist.isSaved && typist.budget === 0)) return false;
      return everybody.every(({ doc }) => first !== undefined && stateDifference(doc, first.doc) === null);
    });
    for (const typist of everybody) typist.disconnect();
    await this.#terminate(host);
    const stored = readDisk(this.#dir);
    for (const { name, doc } of everybody) {
      const difference = stateDifference(doc, stored);
      if (difference !== null) {
        throw new TrialFailure(`${name} has another text than the server: ${difference}`);
      }
    }
    this.#result.characters = first?.content.toString().length ?? 0;
  }

  /** What the dead server left must hold all that it acknowledged and all that it showed. */
  #verify(): void {
    const stored = readDisk(this.#dir);
    for (const typist of this.#typists) {
      for (const { doc, ledger } of [typist, ...typist.past]) {
        const lost = ledger.acked.lacking(stored);
        if (lost !== null) {
          const edit = ledger.firstLost(stored);
          throw new TrialFailure(
            `an acknowledged edit is lost: number ${edit?.number} of ${edit?.by}, ${JSON.stringify({ inserted: edit?.inserted, deleted: edit?.deleted, lost })}`,
          );
        }
        const vanished = ledger.shown.lacking(stored);
        if (vanished !== null) {
          throw new TrialFailure(`${typist.name} was shown what is not stored: ${JSON.stringify(vanished)}`);
        }
        const differs = doc === typist.doc ? firstDifference(doc, stored) : null;
        if (differs !== null) {
          throw new TrialFailure(`${typist.name} has another text under one id: ${JSON.stringify(differs)}`);
        }
      }
    }
  }

  #account(): ChaosResult {
    const ledgers = this.#typists.flatMap(({ ledger, past }) => [ledger, ...past.map((one) => one.ledger)]);
    const edits = ledgers.flatMap((ledger) => ledger.edits);
    this.#result.cuts = this.#wire?.cuts ?? 0;
    this.#result.edits = edits.length;
    this.#result.acknowledged = edits.filter(({ isAcked }) => isAcked).length;
    return this.#result;
  }

  #state(): string {
    const server = this.#host?.hasEnded === true ? 'the server has ended; ' : '';
    return `(${server}life ${this.#lives}; ${this.#typists.map(({ state }) => state).join(' ')})`;
  }

  #progress(): string {
    const { kills, edits, acknowledged } = this.#account();
    return `${kills} kills: ${edits} edits, ${acknowledged} of them acknowledged, none lost`;
  }
}
