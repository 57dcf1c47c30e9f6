/** The load, as a process of its own: does one job after another and answers what it measured. */
import { setTimeout as wait } from 'node:timers/promises';
import { LoadClient, type ClientEvents } from './client.ts';
import { Crowd } from './crowd.ts';
import type { Job, Joined, Recorded } from './protocol.ts';
import { readTrace, updatesOf } from './trace.ts';

const IGNORE: ClientEvents = { onUpdate: () => {}, onAwareness: () => {} };
/** How many updates of a recording may be on their way, so that no server is flooded. */
const ON_THEIR_WAY = 50;

let crowd: Crowd | null = null;

function present(): Crowd {
  if (crowd === null) throw new Error('nobody is there yet');
  return crowd;
}

async function join({ target, room }: Extract<Job, { job: 'join' }>): Promise<Joined> {
  const [seat = {}] = room.readers;
  const client = new LoadClient(target, room.place, seat, IGNORE);
  await client.joined;
  const { begun, first, joined } = client.times;
  client.destroy();
  return { first: first - begun, joined: joined - begun };
}

async function record({ target, room, trace, batch }: Extract<Job, { job: 'record' }>): Promise<Recorded> {
  const keystrokes = readTrace(trace);
  const updates = updatesOf(keystrokes, batch);
  const [seat = {}] = room.writers;
  const writer = new LoadClient(target, room.place, seat, IGNORE);
  await writer.joined;
  // Its empty step 2 is the first frame that is acknowledged.
  const settled = () => writer.acked - 1;
  const start = performance.now();
  for (const [index, update] of updates.entries()) {
    while (index - settled() > ON_THEIR_WAY && !writer.isClosed) await wait(1);
    writer.sendUpdate(writer.wire.update(update));
  }
  while (settled() < updates.length && !writer.isClosed) await wait(10);
  if (writer.isClosed) throw new Error('the socket was closed before all was acknowledged');
  const seconds = (performance.now() - start) / 1000;
  writer.destroy();
  return {
    keystrokes: keystrokes.length,
    sent: updates.reduce((sum, { length }) => sum + length, 0),
    seconds,
  };
}

async function work(job: Job): Promise<unknown> {
  switch (job.job) {
    case 'open':
      crowd = new Crowd(job.target);
      return crowd.open(job.rooms);
    case 'fill':
      return present().fill(job.bytes);
    case 'type':
      return present().type(job);
    case 'move':
      return present().move(job);
    case 'idle':
      return present().idle(job.sockets);
    case 'record':
      return record(job);
    case 'join':
      return join(job);
    case 'close':
      crowd?.close();
      crowd = null;
      return null;
    default:
      return job satisfies never;
  }
}

process.on('message', (job: Job) => {
  work(job).then(
    (value) => process.send?.({ ok: true, value: value ?? null }),
    (error: unknown) =>
      process.send?.({ ok: false, error: error instanceof Error ? error.stack : String(error) }),
  );
});
