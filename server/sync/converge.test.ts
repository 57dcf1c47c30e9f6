/** Three editors, random edits, random offline windows, and every order of messages that a socket allows. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { pino } from 'pino';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { MESSAGE, SYNC } from '#lib/sync/protocol.ts';
import { memoryDocStore, type MemoryDocStore } from '../store/docs.memory.ts';
import { NO_METER } from './meter.ts';
import { Rooms } from './rooms.ts';
import { Session, standingOf } from './session.ts';
import { paragraph, testFloor } from './testing.ts';

const REPORT = 'report';
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Commits only when it is told to. */
function held(store: MemoryDocStore) {
  let waiting: (() => void)[] = [];
  return {
    store: {
      ...store,
      async commit(batches) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return store.commit(batches);
      },
    } satisfies MemoryDocStore,
    commit() {
      const all = waiting;
      waiting = [];
      for (const go of all) go();
      return all.length;
    },
  };
}

/** A document with one paragraph, as the server seeds it. */
const SEED = (() => {
  const doc = new Y.Doc();
  doc.clientID = 9;
  doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('')]);
  return Y.encodeStateAsUpdate(doc);
})();

function textOf(doc: Y.Doc): Y.XmlText {
  const block = doc.getXmlFragment(CONTENT_FRAGMENT).get(0);
  const text = block instanceof Y.XmlElement ? block.get(0) : null;
  if (!(text instanceof Y.XmlText)) throw new Error('the paragraph is gone');
  return text;
}

/** A writer as y-websocket makes one, whose messages go only as far as a test moves them. */
class Editor {
  readonly doc = new Y.Doc();
  readonly #rooms: Rooms;
  readonly #userId: string;
  #session: Session | null = null;
  #toServer: Uint8Array[] = [];
  #fromServer: Uint8Array[] = [];

  constructor(rooms: Rooms, userId: string, clientID: number) {
    this.#rooms = rooms;
    this.#userId = userId;
    this.doc.clientID = clientID;
    Y.applyUpdate(this.doc, SEED, 'server');
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server') this.#sendSync(SYNC.update, update);
    });
  }

  async online(): Promise<void> {
    if (this.#session !== null) return;
    const inbox: Uint8Array[] = (this.#fromServer = []);
    this.#toServer = [];
    const session = new Session({
      socket: {
        bufferedBytes: 0,
        send: (frame) => void inbox.push(frame),
        close: () => this.offline(),
        pause: () => {},
        resume: () => {},
        ping: () => {},
        terminate: () => {},
      },
      userId: this.#userId,
      extended: true,
      credentials: {},
      floor: testFloor(),
    });
    this.#session = session;
    this.#sendSync(SYNC.step1, Y.encodeStateVector(this.doc));
    await this.#rooms.use(REPORT, 'content', (room) => room.join(session));
  }

  offline(): void {
    const session = this.#session;
    this.#session = null;
    this.#toServer = [];
    this.#fromServer = [];
    session?.closed();
  }

  #sendSync(kind: number, payload: Uint8Array): void {
    if (this.#session === null) return;
    const encoder = encoding.createEncoder();
    for (const value of [MESSAGE.sync, kind]) encoding.writeVarUint(encoder, value);
    encoding.writeVarUint8Array(encoder, payload);
    this.#toServer.push(encoding.toUint8Array(encoder));
  }

  /** Moves one message to the server; false: there is none. */
  say(): boolean {
    const frame = this.#toServer.shift();
    if (frame !== undefined) this.#session?.receive(frame);
    return frame !== undefined;
  }

  /** Takes one message from the server; false: there is none. */
  hear(): boolean {
    const frame = this.#fromServer.shift();
    if (frame === undefined) return false;
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    expect(type).not.toBe(MESSAGE.nack);
    if (type !== MESSAGE.sync) return true;
    const kind = decoding.readVarUint(decoder);
    const payload = decoding.readVarUint8Array(decoder);
    if (kind === SYNC.step1) this.#sendSync(SYNC.step2, Y.encodeStateAsUpdate(this.doc, payload));
    else Y.applyUpdate(this.doc, payload, 'server');
    return true;
  }
}

const step = fc.record({
  who: fc.nat(2),
  action: fc.constantFrom(
    'type',
    'type',
    'delete',
    'bold',
    'say',
    'say',
    'hear',
    'hear',
    'commit',
    'offline',
    'online',
  ),
  at: fc.nat(50),
  text: fc.string({ minLength: 1, maxLength: 4 }),
});

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function play(steps: Step[]): Promise<void> {
  const memory = memoryDocStore();
  memory.create('doc', REPORT, 'content');
  await memory.commit([
    { docId: 'doc', epoch: 1, accessEpoch: 1, at: '', updates: [{ userId: 'an', bytes: SEED, claims: [] }] },
  ]);
  const { store, commit } = held(memory);
  const actor = { userId: 'an', name: '安', role: 'member', departmentId: null } as const;
  const standing = standingOf(actor, null, { given: 'editor', status: 'draft', trashed: false }, true);
  if (standing === null) throw new Error('an editor may write');
  const rooms = new Rooms({
    docs: store,
    log: pino({ level: 'silent' }),
    now: () => new Date('2024-03-01T09:00:00Z'),
    judgeSession: async () => ({ verdict: 'admitted', standing }),
    judgeActor: async () => ({ verdict: 'admitted', standing }),
    wait: turn as () => Promise<void>,
    meter: NO_METER,
    backlog: { bytes: 0 },
  });
  const editors = ['an', 'bo', 'ci'].map((userId, index) => new Editor(rooms, userId, index + 1));
  for (const editor of editors) await editor.online();
  for (const { who, action, at, text } of steps) {
    const editor = editors[who];
    if (editor === undefined) continue;
    const content = textOf(editor.doc);
    const position = at % (content.length + 1);
    if (action === 'type') content.insert(position, text);
    else if (action === 'delete') content.delete(position, Math.min(3, content.length - position));
    else if (action === 'bold')
      content.format(position, Math.min(2, content.length - position), { bold: true });
    else if (action === 'say') editor.say();
    else if (action === 'hear') editor.hear();
    else if (action === 'commit') commit();
    else if (action === 'offline') editor.offline();
    else await editor.online();
    await turn();
  }
  for (const editor of editors) await editor.online();
  for (let quiet = 0; quiet < 3;) {
    let moved = commit() > 0;
    for (const editor of editors) moved = [editor.say(), editor.hear(), moved].some(Boolean);
    await turn();
    quiet = moved ? 0 : quiet + 1;
  }
  const [first, ...others] = editors.map(({ doc }) => textOf(doc).toDelta() as unknown);
  for (const other of others) expect(other).toEqual(first);
  const served = await rooms.use(REPORT, 'content', ({ committed }) => textOf(committed.doc).toDelta());
  expect(served).toEqual(first);
  const logged = await store.load(REPORT, 'content');
  const replayed = new Y.Doc();
  for (const { bytes } of logged?.rows ?? []) Y.applyUpdate(replayed, bytes);
  expect(Y.encodeStateVector(replayed)).toEqual(
    await rooms.use(REPORT, 'content', ({ committed }) => Y.encodeStateVector(committed.doc)),
  );
  rooms.close();
}

test('three editors converge whatever they do and whenever they are away, and the server agrees', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), play), { numRuns: 120 });
});
