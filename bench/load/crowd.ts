/** All the sockets of the load, and what they see of each other's edits. */
import { setTimeout as wait } from 'node:timers/promises';
import * as decoding from 'lib0/decoding';
import { LoadClient, UpdateReader } from './client.ts';
import { spreadOf } from './numbers.ts';
import { residentBytes, usageOf, type Usage } from './proc.ts';
import type { Idle, Moved, Room, Seat, Target, Typed } from './protocol.ts';
import { FIRST_CLOCK, Typist } from './typist.ts';

/** How many sockets are opened at once. */
const OPENING = 20;
/** How long late deliveries are waited for, in milliseconds. */
const DRAIN_MS = 3_000;

interface Writer {
  client: LoadClient;
  typist: Typist;
  room: OpenRoom;
  /** When the keystroke of each clock was sent, in milliseconds. */
  sentAt: number[];
}

interface OpenRoom {
  room: Room;
  clients: LoadClient[];
  writers: Writer[];
  reader: UpdateReader;
}

/** Something to do at a moment after the start, in milliseconds. */
interface Act {
  at: number;
  act: () => void;
}

export class Crowd {
  readonly #target: Target;
  readonly #rooms: OpenRoom[] = [];
  readonly #roomOf = new Map<LoadClient, OpenRoom>();
  /** By Yjs client id. */
  readonly #writers = new Map<number, Writer>();
  #latencies: number[] = [];
  #acks: number[] = [];
  #delivered = 0;
  readonly #ackedUpTo = new Map<LoadClient, number>();
  /** When each cursor's state was sent, by Yjs client id and clock. */
  readonly #moves = new Map<number, number[]>();
  readonly #cursorOf = new Map<LoadClient, number>();

  constructor(target: Target) {
    this.#target = target;
  }

  async open(rooms: readonly Room[]): Promise<void> {
    const opened = rooms.map((room) => ({ room, clients: [], writers: [], reader: new UpdateReader() }));
    this.#rooms.push(...opened);
    const seats = opened.flatMap((room: OpenRoom) => [
      ...room.room.writers.map((seat) => ({ room, seat, writes: true })),
      ...room.room.readers.map((seat) => ({ room, seat, writes: false })),
    ]);
    for (let from = 0; from < seats.length; from += OPENING) {
      await Promise.all(
        seats.slice(from, from + OPENING).map(async ({ room, seat, writes }) => {
          const client = await this.#enter(room, seat);
          if (!writes) return;
          const writer = { client, typist: new Typist(), room, sentAt: [] };
          client.onAck = (n) => this.#noteAck(client, n);
          this.#writers.set(writer.typist.client, writer);
          room.writers.push(writer);
        }),
      );
    }
  }

  async #enter(room: OpenRoom, seat: Seat): Promise<LoadClient> {
    const client = new LoadClient(this.#target, room.room.place, seat, {
      onUpdate: (to, bytes) => this.#noteUpdate(to, bytes),
      onAwareness: (to, bytes) => this.#noteStates(to, bytes),
    });
    this.#roomOf.set(client, room);
    await client.joined;
    room.clients.push(client);
    return client;
  }

  /** Puts text into each room, and waits until everyone has it. */
  async fill(bytes: number): Promise<void> {
    const update = Typist.fill(bytes);
    for (const { writers } of this.#rooms) {
      const [writer] = writers;
      writer?.client.sendUpdate(writer.client.wire.update(update));
      await wait(50);
    }
    await wait(DRAIN_MS);
  }

  async type({ rate, warm, seconds }: { rate: number; warm: number; seconds: number }): Promise<Typed> {
    const writers = [...this.#writers.values()];
    const count = Math.ceil((warm + seconds) * rate);
    const acts = writers.flatMap((writer) => this.#keystrokes(writer, rate, count));
    // Those who had not begun put their paragraph in first.
    await wait(500);
    let sent = 0;
    let sentInAll = 0;
    const counted = acts.map(({ at, act, bytes }) => ({
      at,
      act() {
        act();
        sent += bytes;
        sentInAll += bytes;
      },
    }));
    const { latencies, acks, ...measured } = await this.#run(counted, warm, seconds, () => (sent = 0));
    const others = writers.map(({ room }) => room.clients.length - 1);
    const expected = others.reduce((sum, clients) => sum + clients * count, 0);
    for (let left = DRAIN_MS; left > 0 && this.#delivered < expected; left -= 50) await wait(50);
    const lost = expected - this.#delivered;
    this.#delivered = 0;
    for (const { client } of writers) if (client.isClosed) throw new Error('a socket of the load was closed');
    return {
      ...measured,
      edits: acts.filter(({ at }) => at >= warm * 1000).length,
      sent,
      sentInAll,
      lost,
      propagation: spreadOf(latencies),
      acknowledged: spreadOf(acks),
    };
  }

  /** One writer's keystrokes, unevenly spaced. */
  #keystrokes(writer: Writer, rate: number, count: number): (Act & { bytes: number })[] {
    const { client, typist, sentAt } = writer;
    const updates = typist.type(count);
    if (updates.length > count) client.sendUpdate(client.wire.update(updates.shift() ?? Uint8Array.of()));
    const first = Math.max(sentAt.length, FIRST_CLOCK);
    const interval = 1000 / rate;
    const phase = Math.random() * interval;
    return updates.map((update, index) => {
      const frame = client.wire.update(update);
      const clock = first + index;
      sentAt[clock] = 0;
      return {
        at: Math.max(0, phase + (index + (Math.random() - 0.5) * 0.8) * interval),
        bytes: update.length,
        act() {
          sentAt[clock] = performance.now();
          client.sendUpdate(frame);
        },
      };
    });
  }

  async move({ rate, warm, seconds }: { rate: number; warm: number; seconds: number }): Promise<Moved> {
    const interval = 1000 / rate;
    const acts = this.#rooms
      .flatMap(({ clients }) => clients)
      .flatMap((client, index) => {
        const id = 1 + index;
        const times: number[] = [];
        this.#moves.set(id, times);
        this.#cursorOf.set(client, id);
        const phase = Math.random() * interval;
        return Array.from({ length: Math.ceil((warm + seconds) * rate) }, (_, step) => {
          const clock = step + 1;
          const state = cursorState(id, clock);
          const frame = client.wire.awareness(id, clock, state);
          const act = () => {
            times[clock] = performance.now();
            client.send(frame);
          };
          return { at: phase + step * interval, act };
        });
      });
    const { deliveries, latencies, cpu } = await this.#run(acts, warm, seconds, () => {});
    return { deliveries, seconds, cpu, propagation: spreadOf(latencies) };
  }

  /** Opens silent sockets, and measures what they add when all is quiet again. */
  async idle(sockets: number): Promise<Idle> {
    await wait(DRAIN_MS);
    const before = residentBytes(this.#target.pid);
    const added = this.#rooms.map(({ clients }) => clients.length).reduce((sum, count) => sum + count, 0);
    for (let opened = 0; opened < sockets; opened += OPENING) {
      await Promise.all(
        Array.from({ length: Math.min(OPENING, sockets - opened) }, (_, index) => {
          const room = this.#rooms[(opened + index) % this.#rooms.length];
          const seats = room === undefined ? [] : [...room.room.writers, ...room.room.readers];
          const seat = seats[Math.floor((added + opened + index) / this.#rooms.length) % seats.length];
          return room && seat && this.#enter(room, seat);
        }),
      );
    }
    await wait(2 * DRAIN_MS);
    return { sockets, bytes: (residentBytes(this.#target.pid) - before) / sockets };
  }

  close(): void {
    for (const { clients } of this.#rooms) for (const client of clients) client.destroy();
  }

  async #run(acts: readonly Act[], warm: number, seconds: number, onWarm: () => void) {
    const { pid } = this.#target;
    const sorted = acts.toSorted((a, b) => a.at - b.at);
    const start = performance.now();
    let next = 0;
    let before: Usage | null = null;
    let loadBefore = process.cpuUsage();
    let already = 0;
    while (performance.now() - start < (warm + seconds) * 1000) {
      const now = performance.now() - start;
      if (before === null && now >= warm * 1000) {
        before = usageOf(pid);
        loadBefore = process.cpuUsage();
        this.#latencies = [];
        this.#acks = [];
        already = this.#delivered;
        onWarm();
      }
      for (let act = sorted[next]; act !== undefined && act.at <= now; act = sorted[++next]) act.act();
      await wait(1);
    }
    const after = usageOf(pid);
    const { user, system } = process.cpuUsage(loadBefore);
    const measured = {
      deliveries: this.#delivered - already,
      latencies: this.#latencies,
      acks: this.#acks,
      seconds,
      cpu: after.cpu - (before?.cpu ?? 0),
      loop: after.loop - (before?.loop ?? 0),
      written: after.written - (before?.written ?? 0),
      loadCpu: (user + system) / 1000,
    };
    for (const { act } of sorted.slice(next)) act();
    return measured;
  }

  #noteUpdate(to: LoadClient, bytes: Buffer): void {
    const room = this.#roomOf.get(to);
    if (room === undefined) return;
    const now = performance.now();
    for (const { client, clock, length } of room.reader.read(bytes)) {
      const writer = this.#writers.get(client);
      // Some servers send an edit back to who made it.
      if (writer === undefined || writer.client === to) continue;
      for (let at = Math.max(clock, FIRST_CLOCK); at < clock + length; at++) {
        this.#delivered++;
        this.#latencies.push(now - (writer.sentAt[at] ?? now));
      }
    }
  }

  #noteAck(client: LoadClient, n: number): void {
    const now = performance.now();
    for (let frame = this.#ackedUpTo.get(client) ?? 1; frame < n;) {
      frame++;
      this.#acks.push(now - (client.sentAt[frame] ?? now));
    }
    this.#ackedUpTo.set(client, n);
  }

  #noteStates(to: LoadClient, bytes: Buffer): void {
    const now = performance.now();
    const own = this.#cursorOf.get(to);
    const decoder = decoding.createDecoder(bytes);
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const length = decoding.readVarUint(decoder);
      decoder.pos += length;
      if (client === own) continue;
      const sentAt = this.#moves.get(client)?.[clock];
      if (sentAt === undefined) continue;
      this.#delivered++;
      this.#latencies.push(now - sentAt);
    }
  }
}

/** A presence as the editor makes them. */
function cursorState(id: number, clock: number): string {
  const at = { type: { client: 7, clock: 1 }, tname: null, item: { client: 7, clock: 2 + clock }, assoc: 0 };
  return JSON.stringify({ user: { id: `u${id}`, hue: id % 12 }, cursor: { anchor: at, head: at } });
}
