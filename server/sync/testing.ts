/** A sync server for tests: real SQLite in a directory of its own, real sockets on a free port. */
import { copyFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { MESSAGE, SYNC, type ClientPerson, type Clients, type Info } from '#lib/sync/protocol.ts';
import { readDepartment } from '../people/departments.ts';
import { createAccess } from '../reports/access.ts';
import { insertReport } from '../reports/create.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import type { DocStore } from '../store/docs.ts';
import { openSqliteStore } from '../store/store.ts';
import { authenticate } from '../testing-people.ts';
import { LIMITS, type Limits } from './limits.ts';
import { NO_METER, type Meter } from './meter.ts';
import { Pauses } from './pauses.ts';
import type { Floor } from './session.ts';
import { Turns } from './turns.ts';
import { createSync, type SyncOptions, type SyncServer } from './sync.ts';

export const REPORT = 'report0000000001';

export interface Desk {
  county: County;
  sync: SyncServer;
  url: string;
  clock: { now: Date };
  /** Opens a raw socket to a room as somebody; null: without a cookie. */
  connect(who: Actor | null, options?: ConnectOptions): RawClient;
  /** Who is signed out, whatever their cookie says. */
  signedOut: Set<string>;
  /** Everyone as they are now. */
  people: Map<string, Actor>;
  /** Called when it has been read who a socket is, before that is answered. */
  asked: () => Promise<void>;
  /** Starts the sync server anew on the same database. */
  restart(): Promise<void>;
  /** Keeps the database as it is now. Answers what brings that back, as a restore from a backup would. */
  backup(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  room?: string;
  query?: string;
  origin?: string;
  doc?: Y.Doc;
  /** Where it comes from. */
  address?: string;
}

/** A report of Chen's that Wang and Li may write and Zhao may read. */
export async function writeReport(county: County, now: Date, reportId = REPORT): Promise<void> {
  const { db } = county.store;
  await db
    .transaction()
    .execute((trx) =>
      insertReport(trx, reportId, PEOPLE.chen, { from: 'template', template: 'blank', title: '春耕' }, now),
    );
  await db
    .insertInto('reportShare')
    .values([
      { reportId, subjectKind: 'person', subjectId: 'wang', role: 'editor' },
      { reportId, subjectKind: 'person', subjectId: 'li', role: 'editor' },
      { reportId, subjectKind: 'person', subjectId: 'zhao', role: 'viewer' },
    ])
    .execute();
}

/** `wrap` puts an implementation of the store's port before the real one, to choose the order of events. */
export async function openDesk(
  wrap: (docs: DocStore) => DocStore = (docs) => docs,
  limits: Limits = LIMITS,
  meter: Meter = NO_METER,
  follow?: SyncOptions['follow'],
  followReview?: SyncOptions['followReview'],
): Promise<Desk> {
  const county = await openCounty();
  const signedOut = new Set<string>();
  const people = new Map<string, Actor>(Object.values(PEOPLE).map((person) => [person.userId, person]));
  const clock = { now: new Date('2024-03-01T09:00:00Z') };
  await writeReport(county, clock.now);
  const open = (): SyncServer =>
    createSync({
      docs: wrap(county.store.docs),
      log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
      now: () => clock.now,
      isOwnOrigin: (origin, host) => origin === `http://${host}`,
      async authenticate(headers) {
        const signedIn = await authenticate(headers);
        const userId = signedIn?.actor.userId ?? '';
        const actor = signedOut.has(userId) ? undefined : people.get(userId);
        await desk.asked();
        return actor === undefined ? null : { actor };
      },
      actor: async (userId) => people.get(userId) ?? null,
      department: (id) => readDepartment(county.store.db, id),
      access: createAccess(county.store.db),
      addressOf: ({ headers }) => String(headers['x-address'] ?? ''),
      limits,
      meter,
      ...(follow !== undefined && { follow }),
      ...(followReview !== undefined && { followReview }),
    });
  let sync = open();
  const http: Server = createServer();
  http.on('upgrade', (request, socket, head) => {
    if (!sync.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clients: RawClient[] = [];
  const desk: Desk = {
    county,
    get sync() {
      return sync;
    },
    url,
    clock,
    signedOut,
    people,
    asked: async () => {},
    connect(who, options = {}) {
      const client = new RawClient(url, who, options);
      clients.push(client);
      return client;
    },
    async restart() {
      await sync.close();
      sync = open();
    },
    async backup() {
      const file = join(county.dir, 'huigao.db');
      const kept = join(county.dir, 'kept.db');
      const sql = `VACUUM INTO '${kept}'`;
      await county.store.connection.request({ op: 'query', sql, params: [] });
      return async () => {
        await sync.close();
        await county.store.close();
        for (const suffix of ['-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
        await copyFile(kept, file);
        county.store = await openSqliteStore(file);
        await county.store.docs.raiseEpochs(clock.now.toISOString());
        sync = open();
      };
    },
    async close() {
      for (const client of clients) client.socket.terminate();
      await sync.close();
      await new Promise((resolve) => http.close(resolve));
      await county.close();
    },
  };
  return desk;
}

/** A store whose commits wait while they are held. */
export function heldCommits(docs: DocStore) {
  let opened: Promise<void> | null = null;
  let open = () => {};
  let arrived = () => {};
  return {
    docs: {
      ...docs,
      async commit(batches) {
        arrived();
        await opened;
        return docs.commit(batches);
      },
    } satisfies DocStore,
    /** From now on commits wait; resolves when the first does. */
    hold(): Promise<void> {
      opened = new Promise((resolve) => (open = resolve));
      return new Promise((resolve) => (arrived = resolve));
    },
    release(): void {
      opened = null;
      open();
    },
  };
}

export interface Ack {
  epoch: number;
  seq: number;
  n: number;
}
export interface Nack {
  n: number;
  code: number;
  text: string;
}

/**
 * A client without y-websocket: it says what a test tells it to, and keeps what it hears. Step 1 is
 * answered by hand.
 */
export class RawClient {
  readonly socket: WebSocket;
  readonly doc: Y.Doc;
  readonly acks: Ack[] = [];
  readonly nacks: Nack[] = [];
  readonly infos: Info[] = [];
  /** What the server sent of the document: step 2 and updates. */
  readonly updates: Uint8Array[] = [];
  readonly awareness: Uint8Array[] = [];
  /** Who is behind the clients that are present, as the server said. */
  readonly clients = new Map<string, ClientPerson>();
  /** Everything it heard, by type and in order. */
  readonly heard: number[] = [];
  /** The server's state vectors. */
  readonly asked: Uint8Array[] = [];
  closed: number | null = null;
  sent = 0;
  #listeners = new Set<() => void>();

  constructor(url: string, who: Actor | null, options: ConnectOptions) {
    const { room = `${REPORT}/content`, query = '?ext=1', origin, address, doc = new Y.Doc() } = options;
    this.doc = doc;
    this.socket = new WebSocket(`${url}/sync/${room}${query}`, {
      headers: {
        ...(who !== null && { cookie: `user=${who.userId}` }),
        ...(origin !== undefined && { origin }),
        ...(address !== undefined && { 'x-address': address }),
      },
    });
    this.socket.on('message', (data: Buffer) => this.#hear(new Uint8Array(data)));
    this.socket.on('close', (code) => {
      this.closed = code;
      this.#tell();
    });
    this.socket.on('error', () => this.#tell());
  }

  #hear(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    this.heard.push(type);
    if (type === MESSAGE.sync) {
      const kind = decoding.readVarUint(decoder);
      const payload = decoding.readVarUint8Array(decoder);
      if (kind === SYNC.step1) this.asked.push(payload);
      else {
        this.updates.push(payload);
        Y.applyUpdate(this.doc, payload, 'server');
      }
    } else if (type === MESSAGE.awareness) this.awareness.push(decoding.readVarUint8Array(decoder));
    else if (type === MESSAGE.ack) {
      decoding.readVarUint(decoder);
      const [epoch, seq, n] = [0, 0, 0].map(() => decoding.readVarUint(decoder));
      this.acks.push({ epoch: epoch ?? 0, seq: seq ?? 0, n: n ?? 0 });
    } else if (type === MESSAGE.nack) {
      const n = decoding.readVarUint(decoder);
      this.nacks.push({ n, code: decoding.readVarUint(decoder), text: decoding.readVarString(decoder) });
    } else if (type === MESSAGE.info) this.infos.push(JSON.parse(decoding.readVarString(decoder)) as Info);
    else if (type === MESSAGE.clients) this.#hearClients(decoding.readVarString(decoder));
    this.#tell();
  }

  #hearClients(json: string): void {
    for (const [client, person] of Object.entries(JSON.parse(json) as Clients)) {
      if (person === null) this.clients.delete(client);
      else this.clients.set(client, person);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Calls back whenever something arrived or the socket closed, before the next thing is heard. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits until something holds, looking whenever anything arrives. */
  async until(holds: (client: this) => boolean): Promise<void> {
    if (holds(this)) return;
    await new Promise<void>((resolve) => {
      const stop = this.listen(() => {
        if (!holds(this)) return;
        stop();
        resolve();
      });
    });
  }

  /** Waits for the close code. */
  async untilClosed(): Promise<number> {
    await this.until(() => this.closed !== null);
    return this.closed ?? 0;
  }

  get acked(): number {
    return this.acks.at(-1)?.n ?? 0;
  }

  get text(): string {
    return this.doc.getXmlFragment(CONTENT_FRAGMENT).toString();
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  sendSync(kind: number, payload: Uint8Array): void {
    if (kind !== SYNC.step1) this.sent++;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
    this.send(encoding.toUint8Array(encoder));
  }

  sendUpdate(payload: Uint8Array): void {
    this.sendSync(SYNC.update, payload);
  }

  /** Says that a client is present; a state of null: that it left. */
  present(client: number, clock: number, state: unknown): void {
    const inner = encoding.createEncoder();
    for (const value of [1, client, clock]) encoding.writeVarUint(inner, value);
    encoding.writeVarString(inner, JSON.stringify(state));
    const outer = encoding.createEncoder();
    encoding.writeVarUint(outer, MESSAGE.awareness);
    encoding.writeVarUint8Array(outer, encoding.toUint8Array(inner));
    this.send(encoding.toUint8Array(outer));
  }

  /** What it heard of presence, as text. */
  get presences(): string {
    return this.awareness.map((bytes) => new TextDecoder().decode(bytes)).join();
  }

  /** Says something to the server and waits for the answer, so that all said before has been heard. */
  async echo(): Promise<void> {
    const before = this.updates.length;
    this.sendSync(SYNC.step1, Y.encodeStateVector(this.doc));
    await this.until(() => this.updates.length > before);
  }

  /** The whole exchange: has the document afterwards, and the server what this client had. */
  async join(): Promise<this> {
    await this.until(() => this.infos.length > 0);
    this.sendSync(SYNC.step1, Y.encodeStateVector(this.doc));
    await this.until(() => this.updates.length > 0);
    const [asked] = this.asked;
    if (asked !== undefined) this.sendSync(SYNC.step2, Y.encodeStateAsUpdate(this.doc, asked));
    await this.until(() => this.acked === this.sent);
    return this;
  }

  /** A change of the doc as one update, not sent. */
  change(change: (content: Y.XmlFragment) => void): Uint8Array {
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server') updates.push(update);
    };
    this.doc.on('update', keep);
    this.doc.transact(() => change(this.doc.getXmlFragment(CONTENT_FRAGMENT)));
    this.doc.off('update', keep);
    const [update] = updates;
    if (update === undefined) throw new Error('nothing was changed');
    return update;
  }

  /** Adds a paragraph at the end and sends it. */
  write(text: string): void {
    this.sendUpdate(this.change((content) => content.insert(content.length, [paragraph(text)])));
  }

  async settled(): Promise<void> {
    await this.until(() => this.acked === this.sent);
  }
}

export function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  element.setAttribute('style', 'body');
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

/** What sessions share, for those that no sync server made. */
export function testFloor(now: () => number = () => 0): Floor {
  const [limits, meter] = [LIMITS, NO_METER];
  const turns = new Turns(limits.turns);
  return { now, meter, limits, turns, pauses: new Pauses(), backlog: { bytes: 0 } };
}
