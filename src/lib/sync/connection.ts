/** The browser's end of a report: the document, who is here, and whether what was written is safe. */
import * as decoding from 'lib0/decoding';
import { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { AfterPicture } from './afterpicture.ts';
import { isFromLocalCopy, openLocalCopy, type LocalCopy } from './local.ts';
import {
  CLIENT_PARAMS,
  MESSAGE,
  NACK,
  SYNC,
  type ClientPerson,
  type Clients,
  type Info,
  type NackCode,
} from './protocol.ts';
import { narrowRescued, passagesOf, rescue } from './rescue.ts';
import {
  INITIAL,
  isOfContent,
  next,
  refusalOf,
  savedState,
  unsavedChanges,
  wouldLose,
  type Facts,
  type SavedEvent,
  type SavedState,
} from './saved.ts';

export interface ConnectOptions {
  /** Where rooms are, without a slash at the end: `wss://host/sync`. */
  url: string;
  reportId: string;
  userId: string;
  /** The WebSocket to connect with, where it is not the browser's own. */
  Socket?: typeof WebSocket;
}

/** `doc`, `awareness` and `provider` are replaced when a refusal or a restore makes a fresh document necessary. */
export interface ReportConnection {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly provider: WebsocketProvider;
  readonly state: SavedState;
  /** What the server says of this socket; null before it said anything. */
  readonly info: Info | null;
  /** Whether something would be lost with the window: neither the server nor the browser's copy has it. */
  readonly wouldLose: boolean;
  /** Who is behind each Yjs client id that is present, by the server's word. */
  readonly clients: ReadonlyMap<number, ClientPerson>;
  /** Calls back now and whenever the state, info or clients change. Answers what ends it. */
  subscribe(listener: (connection: ReportConnection) => void): () => void;
  /**
   * Calls back with a fresh document: after a refusal, when what was refused is in the rescue store, and when
   * the server's was restored from a backup; then it holds what the last one held.
   */
  onReset(listener: (doc: Y.Doc) => void): () => void;
  /** Goes on after the same person signed in again, or after being sent away. */
  resume(): void;
  /** What was refused has been seen. */
  dismissRefusal(): void;
  destroy(): void;
}

/** After so many refusals without anything saved in between, nothing more is tried. */
const MAX_REFUSALS = 3;

/** What is replaced when a fresh document is begun. */
interface Attempt {
  doc: Y.Doc;
  awareness: Awareness;
  provider: WebsocketProvider;
  local: LocalCopy | null;
  /** Of the server's document that it belongs to; null: not known yet. */
  epoch: number | null;
}

/** What a frame says of this client's document, by its first bytes; null: nothing. */
function claimOf(data: unknown): 'answer' | 'update' | 'presence' | null {
  if (!(data instanceof Uint8Array)) return null;
  if (data[0] === MESSAGE.awareness) return 'presence';
  if (data[0] !== MESSAGE.sync) return null;
  return data[1] === SYNC.step2 ? 'answer' : data[1] === SYNC.update ? 'update' : null;
}

export function connectReport(options: ConnectOptions): ReportConnection {
  const { url, reportId, userId, Socket = WebSocket } = options;
  const listeners = new Set<(connection: ReportConnection) => void>();
  const resetListeners = new Set<(doc: Y.Doc) => void>();
  let facts: Facts = INITIAL;
  let state = savedState(facts);
  let info: Info | null = null;
  let clients: ReadonlyMap<number, ClientPerson> = new Map();
  let refusals = 0;
  let isDestroyed = false;
  let isResetting = false;

  function tell(): void {
    for (const listener of listeners) listener(connection);
  }

  function see(event: SavedEvent): void {
    const { changes, saved } = facts;
    facts = next(facts, event);
    if (facts.changes !== changes || facts.saved !== saved) keep();
    const now = savedState(facts);
    if (now.kind === 'saved') refusals = 0;
    if (JSON.stringify(now) === JSON.stringify(state)) return;
    state = now;
    tell();
  }

  /** Has the browser's copy write down what no server has, and counts it when that is done. */
  function keep(): void {
    const { local } = attempt;
    const { changes } = facts;
    local?.setUnsaved(unsavedChanges(facts), (isKept) => {
      if (attempt.local === local && !isDestroyed) see({ type: 'kept', changes: isKept ? changes : null });
    });
  }

  /**
   * Counts what goes out. Holds back what a reader may not send (Yjs tidies documents by itself), and what
   * would be said under a client id of another epoch: the answer to the server's state has all of it. What goes
   * out waits for the picture of the key that wrote it; the browser's copy has it before.
   */
  class CountingSocket extends Socket {
    readonly #sending = new AfterPicture();
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      info = null;
      clients = new Map();
      see({ type: 'connecting' });
    }
    override send(data: string | BufferSource | Blob): void {
      const claim = claimOf(data);
      if (claim !== null && info === null) return;
      if (claim === 'answer' || claim === 'update') {
        if (info?.canWrite === false) return;
        see({ type: 'sent', isAnswer: claim === 'answer' });
      }
      this.#sending.do(() => super.send(data));
    }
    override close(code?: number, reason?: string): void {
      this.#sending.now();
      super.close(code, reason);
    }
  }

  /** A fresh document, with what another one holds. */
  function begin(from: Y.Doc | null): Attempt {
    const doc = new Y.Doc();
    if (from !== null) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
    // Before the provider listens: a change is counted before the frame that covers it.
    doc.on('update', (_update: Uint8Array, origin: unknown) => {
      // Yjs takes another id when somebody wrote under this one: then the server's text is not this one.
      if (isCurrent() && doc.clientID !== awareness.clientID) void startAfresh(begun, NACK.foreignClient);
      if (!isCurrent() || origin === begun.provider || isFromLocalCopy(origin)) return;
      // A reader's document changes only by Yjs tidying it up, which is not sent.
      if (info?.canWrite !== false) see({ type: 'changed' });
    });
    const awareness = new Awareness(doc);
    const provider = new WebsocketProvider(url, `${reportId}/content`, doc, {
      connect: false,
      awareness,
      params: { ...CLIENT_PARAMS },
      // BroadcastChannel would pass edits between tabs behind the back of the server's rights.
      disableBc: true,
      WebSocketPolyfill: CountingSocket,
    });
    const begun: Attempt = { doc, awareness, provider, local: null, epoch: null };
    const isCurrent = () => attempt === begun && !isDestroyed;
    provider.on('status', ({ status }) => {
      if (isCurrent() && status === 'connected') see({ type: 'opened' });
    });
    provider.on('sync', (isSynced) => {
      if (isCurrent() && isSynced) see({ type: 'synced' });
    });
    provider.on('connection-close', (event) => {
      if (isCurrent()) closed(begun, event?.code ?? null);
    });
    provider.messageHandlers[MESSAGE.ack] = (_encoder, decoder) => {
      const [, , , n] = [0, 1, 2, 3].map(() => decoding.readVarUint(decoder));
      if (isCurrent()) see({ type: 'acked', n: n ?? 0 });
    };
    provider.messageHandlers[MESSAGE.nack] = (_encoder, decoder) => {
      decoding.readVarUint(decoder);
      const code = decoding.readVarUint(decoder) as NackCode;
      if (isCurrent() && isOfContent(code)) void startAfresh(begun, code);
    };
    provider.messageHandlers[MESSAGE.info] = (_encoder, decoder) => {
      const said = JSON.parse(decoding.readVarString(decoder)) as Info;
      if (isCurrent()) informed(begun, said);
    };
    provider.messageHandlers[MESSAGE.clients] = (_encoder, decoder) => {
      const moved = JSON.parse(decoding.readVarString(decoder)) as Clients;
      if (isCurrent()) meet(moved);
    };
    return begun;
  }

  /** Connects only after the browser's own copy is there: its edits then go out with the first answer. */
  async function load(begun: Attempt): Promise<void> {
    const local = await openLocalCopy(begun.doc, userId, reportId);
    if (attempt !== begun || isDestroyed) {
      await local?.destroy();
      return;
    }
    begun.local = local;
    if (begun.epoch === null) {
      begun.epoch = local?.epoch ?? null;
      if (local !== null) see({ type: 'loaded', unsaved: local.unsaved });
    } else local?.setEpoch(begun.epoch);
    keep();
    begun.provider.connect();
  }

  function informed(begun: Attempt, said: Info): void {
    if (begun.epoch !== null && begun.epoch !== said.epoch) return renew(begun, said.epoch);
    begun.epoch = said.epoch;
    begun.local?.setEpoch(said.epoch);
    const isFirst = info === null;
    info = said;
    // Others ignore a state whose clock they saw leave.
    if (isFirst) begun.awareness.setLocalState(begun.awareness.getLocalState());
    see({ type: 'info', canWrite: said.canWrite, storing: said.storing });
    tell();
    // Written offline by someone who may not write any more.
    if (!said.canWrite && unsavedChanges(facts) > 0) void startAfresh(begun, 1);
  }

  /** A new map each time, so that whoever keeps one sees that it changed. */
  function meet(moved: Clients): void {
    const known = new Map(clients);
    for (const [client, person] of Object.entries(moved)) {
      if (person === null) known.delete(Number(client));
      else known.set(Number(client), person);
    }
    clients = known;
    tell();
  }

  function closed(begun: Attempt, code: number | null): void {
    const refusal = code === null ? null : refusalOf(code);
    see({ type: 'closed', code });
    if (refusal !== null) void startAfresh(begun, refusal);
  }

  /** Puts what was refused aside, forgets the local copy and goes on with a fresh document. */
  async function startAfresh(refused: Attempt, code: NackCode): Promise<void> {
    if (isResetting) return;
    isResetting = true;
    see({ type: 'refused', code });
    disconnect(refused);
    const at = new Date().toISOString();
    const kept = await rescue({ userId, reportId, code, at, passages: passagesOf(refused.doc) });
    await refused.local?.clear();
    if (isDestroyed) return;
    if (++refusals < MAX_REFUSALS) {
      info = null;
      see({ type: 'reset' });
      const { doc, provider } = replace(begin(null));
      provider.once('sync', () => {
        if (kept !== null) void narrowRescued(kept, doc);
      });
      void load(attempt);
      void end(refused);
    }
    isResetting = false;
    tell();
  }

  /**
   * The server's document was restored from a backup, and may lack what is here. Goes on with the same text
   * under a fresh client id, as nobody may write under those that it knew before; the answer to the
   * server's state then brings what it lost.
   */
  function renew(old: Attempt, epoch: number): void {
    if (isResetting) return;
    disconnect(old);
    see({ type: 'renewed' });
    const fresh = replace(begin(old.doc));
    fresh.epoch = epoch;
    // What the old one still writes to the local copy comes first.
    void end(old).then(() => load(fresh));
    tell();
  }

  function replace(fresh: Attempt): Attempt {
    attempt = fresh;
    for (const listener of resetListeners) listener(fresh.doc);
    return fresh;
  }

  let attempt: Attempt = begin(null);
  void load(attempt);

  const connection: ReportConnection = {
    get doc() {
      return attempt.doc;
    },
    get awareness() {
      return attempt.awareness;
    },
    get provider() {
      return attempt.provider;
    },
    get state() {
      return state;
    },
    get info() {
      return info;
    },
    get wouldLose() {
      return wouldLose(facts);
    },
    get clients() {
      return clients;
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(connection);
      return () => listeners.delete(listener);
    },
    onReset(listener) {
      resetListeners.add(listener);
      return () => resetListeners.delete(listener);
    },
    resume() {
      attempt.provider.connect();
    },
    dismissRefusal() {
      see({ type: 'dismissed' });
    },
    destroy() {
      isDestroyed = true;
      listeners.clear();
      resetListeners.clear();
      void end(attempt);
    },
  };
  return connection;
}

/** The provider throws on leaving when Yjs has taken another id. */
function keepId({ doc, awareness }: Attempt): void {
  doc.clientID = awareness.clientID;
}

function disconnect(attempt: Attempt): void {
  keepId(attempt);
  attempt.provider.disconnect();
}

async function end(attempt: Attempt): Promise<void> {
  const { provider, awareness, local, doc } = attempt;
  keepId(attempt);
  provider.destroy();
  awareness.destroy();
  // The doc takes the local copy's database with it: what is still being written there comes first.
  await local?.destroy();
  doc.destroy();
}
