/** Turns what a hostile peer says into bytes on a socket, made for the document as it stands. */
import * as encoding from 'lib0/encoding';
import type { EventEmitter } from 'node:events';
import { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { MESSAGE, SYNC } from '#lib/sync/protocol.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { PEOPLE } from '../../testing-people.ts';
import { editAtRandom } from './edits.ts';
import type { Hostile, IdChoice, Mutation, Role } from './hostile.ts';
import { Random } from './random.ts';
import { bytesOf, filler, specOf, writeSpec, type Id, type UpdateSpec } from './structs.ts';

/** What a hostile peer knows of the document it attacks. */
export interface Target {
  url: string;
  report: string;
  /** The document as a reader has it. */
  doc: Y.Doc;
  /** The Yjs client ids of the honest writers. */
  writers: readonly number[];
  /** The id that the hostile editor writes under. */
  own: number;
  /** The last frames of everybody, to be sent again. */
  heard: Uint8Array[];
}

const ACTORS: Record<Role, Actor | null> = { nobody: null, viewer: PEOPLE.zhao, editor: PEOPLE.li };
/** How many frames are remembered. */
const MEMORY = 400;

/** Remembers a frame, to be sent again by whoever likes. */
export function overhear({ heard }: Target, frame: Uint8Array): void {
  // A frame of megabytes is sent once.
  if (frame.length > 10_000) return;
  if (heard.length >= MEMORY) heard.shift();
  heard.push(frame);
}

export function syncFrame(kind: number, payload: Uint8Array): Uint8Array {
  return bytesOf((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

/** A hostile peer: one socket at a time, opened anew when it was closed. */
export class Attacker {
  readonly role: Role;
  readonly #target: Target;
  #socket: WebSocket | null = null;

  constructor(role: Role, target: Target) {
    this.role = role;
    this.#target = target;
  }

  /** Sends it; with `isAwaited`, waits until the server has read it or closed the socket. */
  async send(what: Hostile, isAwaited: boolean): Promise<void> {
    if (what.kind === 'wire') return this.#onTheWire(what);
    if (what.kind === 'knock') return this.#knock(what);
    const socket = await this.#open();
    for (const frame of this.#framesOf(what)) socket.send(frame);
    if (isAwaited) await this.settled();
  }

  /** Waits until the server has read all that was sent, or closed the socket. */
  async settled(): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    // A ping is answered in its turn.
    const answered = firstOf(socket, 'pong', 'close');
    socket.ping();
    await answered;
  }

  close(): void {
    this.#socket?.terminate();
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    const { url, report } = this.#target;
    const socket = new WebSocket(`${url}/sync/${report}/content?ext=1`, { headers: this.#headers() });
    socket.on('error', () => {});
    this.#socket = socket;
    await firstOf(socket, 'open', 'close');
    return socket;
  }

  #headers(): Record<string, string> {
    const actor = ACTORS[this.role];
    return actor === null ? {} : { cookie: `user=${actor.userId}` };
  }

  #framesOf(what: Exclude<Hostile, { kind: 'wire' | 'knock' }>): (Uint8Array | string)[] {
    switch (what.kind) {
      case 'bytes':
        return [what.bytes];
      case 'field':
        return [
          bytesOf((encoder) => {
            encoding.writeVarUint(encoder, what.type);
            if (what.sub !== null) encoding.writeVarUint(encoder, what.sub);
            encoding.writeVarUint(encoder, what.claims);
            encoding.writeUint8Array(encoder, what.bytes);
          }),
        ];
      case 'edit':
        return this.#edits(what.seed, 1).map((update) => this.#sync(SYNC.update, update));
      case 'damaged': {
        const [update] = this.#edits(what.seed, 1);
        return update === undefined ? [] : [this.#sync(what.sub, damaged(update, what.cut, what.flips))];
      }
      case 'mutated': {
        const [update] = this.#edits(what.seed, 1);
        if (update === undefined) return [];
        const spec = specOf(update);
        for (const mutation of what.mutations) this.#mutate(spec, mutation);
        return [this.#sync(what.sub, writeSpec(spec))];
      }
      case 'swapped':
        return this.#edits(what.seed, 2)
          .toReversed()
          .map((update) => this.#sync(SYNC.update, update));
      case 'replayed': {
        const { heard } = this.#target;
        const frame = heard[what.at % Math.max(1, heard.length)];
        return frame === undefined ? [] : [frame];
      }
      case 'nested':
        return [this.#sync(SYNC.update, nested(what.depth, this.#target.own))];
      case 'huge':
        return [this.#sync(what.sub, new Uint8Array(what.size))];
      case 'presence':
        return [this.#presence(what)];
      case 'asking':
        return [this.#sync(SYNC.step1, what.vector)];
      case 'askingWhoIsHere':
        return [Uint8Array.of(MESSAGE.queryAwareness)];
      case 'text':
        return [what.text];
      default:
        return what satisfies never;
    }
  }

  #sync(kind: number, payload: Uint8Array): Uint8Array {
    const frame = syncFrame(kind, payload);
    overhear(this.#target, frame);
    return frame;
  }

  /** Edits that an honest client with our id would make now, one after another. */
  #edits(seed: number, count: number): Uint8Array[] {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.#target.doc));
    doc.clientID = this.#target.own;
    const random = new Random(seed);
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (let edit = 0; edit < count; edit++) {
      doc.transact(() => editAtRandom(doc.getXmlFragment(CONTENT_FRAGMENT), random));
    }
    doc.destroy();
    return updates;
  }

  #presence({ who, clock, state, times }: Extract<Hostile, { kind: 'presence' }>): Uint8Array {
    const { client } = this.#idOf(who);
    const states = bytesOf((encoder) => {
      encoding.writeVarUint(encoder, times);
      for (let index = 0; index < times; index++) {
        encoding.writeVarUint(encoder, client + index);
        encoding.writeVarUint(encoder, clock);
        encoding.writeVarString(encoder, state);
      }
    });
    return bytesOf((encoder) => {
      encoding.writeVarUint(encoder, MESSAGE.awareness);
      encoding.writeVarUint8Array(encoder, states);
    });
  }

  #mutate(spec: UpdateSpec, mutation: Mutation): void {
    if (mutation.change === 'delete') {
      const { client, clock } = this.#idOf(mutation.what);
      spec.deletes.push({ client, ranges: [[clock, mutation.length]] });
      return;
    }
    const places = spec.groups.flatMap((group) =>
      group.structs.map((struct, index) => ({ group, struct, index })),
    );
    const place = places[mutation.at % Math.max(1, places.length)];
    if (place === undefined) return;
    const { group, struct, index } = place;
    switch (mutation.change) {
      case 'id':
        Object.assign(group, this.#idOf(mutation.to));
        return;
      case 'origin':
      case 'right':
        struct[mutation.change] = mutation.to === null ? null : this.#idOf(mutation.to);
        return;
      case 'parent':
        struct.origin = null;
        struct.right = null;
        struct.parent =
          typeof mutation.to === 'string' ? { root: mutation.to } : { id: this.#idOf(mutation.to) };
        return;
      case 'sub':
        struct.sub = mutation.to;
        return;
      case 'content':
        Object.assign(struct, mutation.to);
        return;
      case 'filler':
        group.structs[index] = filler(mutation.ref, mutation.length);
        return;
      case 'repeat':
        group.structs.splice(index, 0, struct);
        return;
      case 'swap':
        spec.groups.reverse();
        group.structs.reverse();
        return;
      case 'split':
        spec.groups.push({
          client: group.client,
          clock: group.clock + index,
          structs: group.structs.splice(index),
        });
        return;
      default:
        return mutation satisfies never;
    }
  }

  #idOf({ whose, clock }: IdChoice): Id {
    const client = this.#clientOf(whose);
    const known = Y.getState(this.#target.doc.store, client);
    switch (clock) {
      case 'first':
        return { client, clock: 0 };
      case 'within':
        return { client, clock: known >> 1 };
      case 'last':
        return { client, clock: Math.max(0, known - 1) };
      case 'next':
        return { client, clock: known };
      case 'far':
        return { client, clock: known + 1_000_000 };
      default:
        return clock satisfies never;
    }
  }

  #clientOf(whose: IdChoice['whose']): number {
    const { doc, writers, own } = this.#target;
    switch (whose) {
      case 'own':
        return own;
      case 'writer':
        return writers[0] ?? 0;
      case 'seed': {
        const ids = [...doc.store.clients.keys()];
        return ids.find((id) => !writers.includes(id) && id !== own) ?? 0;
      }
      case 'unknown':
        return 424_242;
      case 'largest':
        return 2 ** 53 - 1;
      default:
        return whose satisfies never;
    }
  }

  /** Bytes that are no frame. Nobody waits for an answer: what they begin may never end. */
  async #onTheWire({ isUpgraded, bytes }: Extract<Hostile, { kind: 'wire' }>): Promise<void> {
    const { url, report } = this.#target;
    const { hostname, port } = new URL(url);
    const socket = createConnection(Number(port), hostname);
    // The server may reset it at any moment.
    socket.on('error', () => {});
    await firstOf(socket, 'connect', 'close');
    if (isUpgraded) {
      const cookie = Object.entries(this.#headers()).map(([key, value]) => `${key}: ${value}\r\n`);
      socket.write(
        `GET /sync/${report}/content?ext=1 HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\n` +
          'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
          `${cookie.join('')}\r\n`,
      );
      await firstOf(socket, 'data', 'close');
    }
    if (!socket.destroyed) await new Promise((resolve) => socket.write(bytes, resolve));
    socket.destroy();
  }

  async #knock({ room, query, origin }: Extract<Hostile, { kind: 'knock' }>): Promise<void> {
    let socket: WebSocket;
    try {
      const address = `${this.#target.url}/sync/${room}${query.startsWith('?') ? query : `?${query}`}`;
      socket = new WebSocket(address, { headers: { ...this.#headers(), origin } });
    } catch {
      // What is no address at all does not reach a server.
      return;
    }
    socket.on('error', () => {});
    await firstOf(socket, 'close');
  }
}

/** Resolves at the first of these events; `events.once` would reject when the peer resets the connection. */
function firstOf(emitter: EventEmitter, ...names: string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const name of names) emitter.off(name, done);
      resolve();
    };
    for (const name of names) emitter.on(name, done);
  });
}

/** `cut` below 0: so many bytes fewer; above: so many more. */
function damaged(update: Uint8Array, cut: number, flips: readonly [number, number][]): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, update.length + cut));
  bytes.set(update.subarray(0, bytes.length));
  for (const [at, byte] of flips) if (bytes.length > 0) bytes[at % bytes.length] = byte;
  return bytes;
}

function nested(depth: number, client: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = client;
  doc.transact(() => {
    let parent: Y.XmlFragment = doc.getXmlFragment(CONTENT_FRAGMENT);
    for (let level = 0; level < depth; level++) {
      const element = new Y.XmlElement('paragraph');
      parent.insert(0, [element]);
      parent = element;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}
