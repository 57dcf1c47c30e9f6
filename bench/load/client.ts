import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { RawSocket } from './socket.ts';
import {
  ACK,
  AUTH,
  AWARENESS,
  STEP1,
  STEP2,
  SYNC,
  SYNC_REPLY,
  SYNC_STATUS,
  UPDATE,
  Wire,
  type Dialect,
} from './wire.ts';

/** One document on the server under test. */
export interface Place {
  path: string;
  name: string;
}

/** Consecutive clocks of one Yjs client. */
export interface Run {
  client: number;
  clock: number;
  length: number;
}

/**
 * Reads which structs an update brings. All sockets of a document get the same bytes, so that the last
 * answer serves nearly all of them.
 */
export class UpdateReader {
  #last: Buffer = Buffer.alloc(0);
  #runs: Run[] = [];

  read(bytes: Buffer): readonly Run[] {
    if (this.#last.equals(bytes)) return this.#runs;
    // A copy: Yjs reads strings from the buffer behind the view, which holds other frames as well.
    this.#last = Buffer.from(bytes);
    const { structs } = Y.decodeUpdate(new Uint8Array(bytes));
    this.#runs = structs.map(({ id, length }) => ({ client: id.client, clock: id.clock, length }));
    return this.#runs;
  }
}

export interface ClientEvents {
  onUpdate(client: LoadClient, bytes: Buffer): void;
  onAwareness(client: LoadClient, bytes: Buffer): void;
}

/** One socket on one document. */
export class LoadClient {
  readonly wire: Wire;
  readonly joined: Promise<void>;
  /** Sync frames sent, when each was, and how many of them are acknowledged. */
  sent = 0;
  readonly sentAt: number[] = [0];
  acked = 0;
  onAck: (n: number) => void = () => {};
  isClosed = false;
  /** When the connection was begun, its first message came, and all of the document was there. */
  readonly times = { begun: performance.now(), first: 0, joined: 0 };
  readonly #socket: RawSocket;
  readonly #dialect: Dialect;
  readonly #join = Promise.withResolvers<void>();

  constructor(
    target: { port: number; dialect: Dialect },
    { path, name }: Place,
    headers: Record<string, string>,
    events: ClientEvents,
  ) {
    const { dialect } = target;
    this.#dialect = dialect;
    this.wire = new Wire(dialect, name);
    this.joined = this.#join.promise;
    this.#socket = new RawSocket(
      { port: target.port, path, headers },
      {
        onOpen: () => this.#open(),
        onBegin: () => {
          if (this.times.first === 0) this.times.first = performance.now();
        },
        onMessage: (payload) => this.#receive(payload, events),
        onClose: (code) => {
          this.isClosed = true;
          this.#join.reject(new Error(`closed with ${code} before it had joined`));
        },
      },
    );
    this.joined.catch(() => {});
  }

  sendUpdate(frame: Buffer): void {
    this.sentAt[++this.sent] = performance.now();
    this.#socket.send(frame);
  }

  send(frame: Buffer): void {
    this.#socket.send(frame);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #open(): void {
    switch (this.#dialect) {
      case 'hocuspocus':
        return this.#socket.send(this.wire.token);
      case 'yjs':
      case 'huigao':
        return this.#socket.send(this.wire.step1);
      case 'relay':
        return this.#joinNow();
      default:
        return this.#dialect satisfies never;
    }
  }

  #joinNow(): void {
    this.times.joined = performance.now();
    this.#join.resolve();
  }

  #receive(payload: Buffer, events: ClientEvents): void {
    const at = this.wire.prefix.length;
    const type = payload[at];
    switch (type) {
      case SYNC:
      case SYNC_REPLY:
        return this.#receiveSync(payload, at + 1, events);
      case AWARENESS:
        return events.onAwareness(this, fieldOf(payload, at + 1));
      case AUTH:
        return this.#socket.send(this.wire.step1);
      case ACK: {
        const decoder = decoding.createDecoder(payload);
        const [, , , , n = 0] = Array.from({ length: 5 }, () => decoding.readVarUint(decoder));
        return this.#acknowledged(n);
      }
      case SYNC_STATUS:
        return this.#acknowledged(this.acked + 1);
      default:
    }
  }

  #acknowledged(n: number): void {
    this.acked = n;
    this.onAck(n);
  }

  #receiveSync(payload: Buffer, at: number, events: ClientEvents): void {
    switch (payload[at]) {
      case STEP1:
        this.sentAt[++this.sent] = performance.now();
        return this.#socket.send(this.wire.emptyStep2);
      case STEP2:
        return this.#joinNow();
      case UPDATE:
        return events.onUpdate(this, fieldOf(payload, at + 1));
      default:
    }
  }
}

/** The bytes of a message's last field. */
function fieldOf(payload: Buffer, at: number): Buffer {
  let begin = at;
  while (((payload[begin] ?? 0) & 0x80) !== 0) begin++;
  return payload.subarray(begin + 1);
}
