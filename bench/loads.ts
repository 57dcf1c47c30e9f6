/** The loads, one after another on one server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Contestant } from './contenders.ts';
import type { Load } from './load.ts';
import { median } from './load/numbers.ts';
import type { Idle, Joined, Moved, Recorded, Typed } from './load/protocol.ts';
import { bytesIn, type Server } from './server.ts';

export const LOADS = ['typing', 'many', 'audience', 'cursors', 'idle', 'cold', 'growth'] as const;
export type LoadName = (typeof LOADS)[number];

export interface Settings {
  loads: ReadonlySet<LoadName>;
  /** Edits a second of each writer, in the load `typing`. */
  rates: readonly number[];
  /** How long each load is measured, after warming up, in seconds. */
  seconds: number;
  warm: number;
  /** Where profiles go; null: none are taken. */
  profileDir: string | null;
  /** The recorded session; '': a made one. */
  trace: string;
}

export const SIZES = [1_000, 100_000, 2_000_000] as const;

export interface Results {
  /** 30 documents × (4 writers + 6 readers), by edits a second of each writer. */
  typing?: Record<number, Typed>;
  /** Bytes in the data directory after a clean stop, for each byte of update that was sent; null: keeps nothing. */
  stored?: number | null;
  /** 50 documents × 4 writers at 6 edits a second. */
  many?: Typed;
  /** One document, 200 readers, 4 writers at 6 edits a second. */
  audience?: Typed;
  /** 50 cursors in one document at 10 a second. */
  cursors?: Moved;
  idle?: Idle;
  /** Opening the recorded session after a restart; `warm` is a small document in memory. */
  cold?: { recorded: Recorded; cold: Joined | null; warm: Joined };
  /** 10 documents × 4 writers at 6 edits a second, by bytes of the document. */
  growth?: Record<number, Typed>;
}

/** How many keystrokes of the recorded session make an update. */
const BATCH = 100;
/** How often a restart is measured. */
const RESTARTS = 3;
/** How many sockets stay silent. */
const IDLE = 1_000;

interface Scene {
  load: Load;
  settings: Settings;
  say: (what: string) => void;
}

export async function measure(contestant: Contestant, scene: Scene): Promise<Results> {
  const { loads } = scene.settings;
  const results: Results = {};
  if (['typing', 'many', 'audience', 'cursors'].some((one) => loads.has(one as LoadName))) {
    await onFresh(contestant, scene, (contender, dir) => write(contestant, contender, dir, scene, results));
  }
  if (loads.has('idle')) {
    await onFresh(contestant, scene, async (contender) => {
      results.idle = await idle(contender, scene);
    });
  }
  if (loads.has('cold') && contestant.keeps) {
    await onFresh(contestant, scene, async (contender) => {
      results.cold = await openCold(contender, scene);
    });
  }
  if (loads.has('growth') && contestant.grows) {
    results.growth = {};
    for (const bytes of SIZES) {
      await onFresh(contestant, scene, async (contender) => {
        scene.say(`documents of ${bytes} bytes`);
        const typed = await withServer(contender, async ({ target }) => {
          const rooms = await contender.rooms({ documents: 10, writers: 4, readers: 0 });
          await scene.load.do({ job: 'open', target, rooms });
          await scene.load.do({ job: 'fill', bytes });
          await warmUp(scene);
          return scene.load.do({ job: 'type', rate: 6, ...timesOf(scene) });
        });
        await scene.load.do({ job: 'close' });
        results.growth = { ...results.growth, [bytes]: typed };
      });
    }
  }
  return results;
}

/** A process that has just begun spends more on compiling than on serving. */
const warmUp = ({ load }: Scene) => load.do({ job: 'type', rate: 20, warm: 0, seconds: 10 });

const timesOf = ({ settings: { seconds, warm } }: Scene) => ({ seconds, warm });

/** Everyone at work: the loads that share one process, as in a day of its life. */
async function write(
  { keeps }: Contestant,
  contender: Contender,
  dir: string,
  scene: Scene,
  results: Results,
): Promise<void> {
  const { load, settings, say } = scene;
  const { loads } = settings;
  const times = timesOf(scene);
  if (loads.has('typing')) {
    const rooms = { documents: 30, writers: 4, readers: 6 };
    let sent = 0;
    results.typing = {};
    const made = await withServer(contender, () => contender.rooms(rooms));
    const before = bytesIn(dir);
    await withServer(contender, async ({ target }) => {
      await load.do({ job: 'open', target, rooms: made });
      sent += (await warmUp(scene)).sentInAll;
      for (const rate of settings.rates) {
        say(`30 documents × (4 writers at ${rate}/s + 6 readers)`);
        const typed = await load.do({ job: 'type', rate, ...times });
        results.typing = { ...results.typing, [rate]: typed };
        sent += typed.sentInAll;
      }
      await load.do({ job: 'close' });
    });
    results.stored = keeps ? (bytesIn(dir) - before) / sent : null;
  }
  await withServer(contender, async ({ target }) => {
    const open = async (documents: number, writers: number, readers: number) => {
      const rooms = await contender.rooms({ documents, writers, readers });
      await load.do({ job: 'open', target, rooms });
    };
    if (loads.has('many')) {
      say('50 documents × 4 writers at 6/s');
      await open(50, 4, 0);
      await warmUp(scene);
      results.many = await load.do({ job: 'type', rate: 6, ...times });
      await load.do({ job: 'close' });
    }
    if (loads.has('audience')) {
      say('1 document × (4 writers at 6/s + 200 readers)');
      await open(1, 4, 200);
      results.audience = await load.do({ job: 'type', rate: 6, ...times });
      await load.do({ job: 'close' });
    }
    if (loads.has('cursors')) {
      say('50 cursors in one document at 10/s');
      await open(1, 50, 0);
      results.cursors = await load.do({ job: 'move', rate: 10, ...times });
      await load.do({ job: 'close' });
    }
  });
}

/** The median of several servers: how far a heap has grown by chance is as much as a thousand sockets take. */
async function idle(contender: Contender, { load, say }: Scene): Promise<Idle> {
  const bytes: number[] = [];
  for (let times = 0; times < RESTARTS; times++) {
    say('1,000 idle sockets');
    bytes.push(
      await withServer(contender, async ({ target }) => {
        const rooms = await contender.rooms({ documents: 50, writers: 4, readers: 6 });
        await load.do({ job: 'open', target, rooms });
        // A heap that is still small grows with the first garbage, whatever that is made for.
        await load.do({ job: 'type', rate: 20, warm: 0, seconds: 4 });
        const measured = await load.do({ job: 'idle', sockets: IDLE });
        await load.do({ job: 'close' });
        return measured.bytes;
      }),
    );
  }
  return { sockets: IDLE, bytes: median(bytes) };
}

async function openCold(contender: Contender, { load, settings, say }: Scene) {
  say('a recorded session is sent');
  const shape = { documents: 1, writers: 1, readers: 1 };
  const prepared = await withServer(contender, async ({ target }) => {
    const [small] = await contender.rooms(shape);
    const [large] = await contender.rooms(shape);
    if (small === undefined || large === undefined) throw new Error('no document was made');
    const { trace } = settings;
    return {
      small,
      large,
      recorded: await load.do({ job: 'record', target, room: large, trace, batch: BATCH }),
    };
  });
  const { small, large, recorded } = prepared;
  const cold: Joined[] = [];
  const warm: Joined[] = [];
  for (let times = 0; times < RESTARTS; times++) {
    say('it is opened after a restart');
    await withServer(contender, async ({ target }) => {
      // The first of all sockets would measure how long the code takes to load.
      for (let visits = 0; visits < 20; visits++) {
        const joined = await load.do({ job: 'join', target, room: small });
        if (visits === 19) warm.push(joined);
      }
      cold.push(await load.do({ job: 'join', target, room: large }));
    });
  }
  const middle = (all: readonly Joined[]): Joined => ({
    first: median(all.map(({ first }) => first)),
    joined: median(all.map(({ joined }) => joined)),
  });
  return { recorded, cold: middle(cold), warm: middle(warm) };
}

async function withServer<T>(contender: Contender, use: (server: Server) => Promise<T>): Promise<T> {
  const server = await contender.start();
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

async function onFresh(
  contestant: Contestant,
  { settings }: Scene,
  use: (contender: Contender, dir: string) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'huigao-bench-'));
  try {
    await use(await contestant.open(dir, settings.profileDir), dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
