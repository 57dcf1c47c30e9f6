/**
 * A WebSocket client that does as little as it can: the load must not be what is measured. Its frames
 * are masked with zeros, so that a frame can be made long before it is sent.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** One whole binary frame, as a client sends it. */
export function frameOf(payload: Uint8Array): Buffer {
  const { length } = payload;
  const long = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + long + 4 + length);
  frame[0] = 0x82;
  frame[1] = 0x80 | (long === 0 ? length : long === 2 ? 126 : 127);
  if (long === 2) frame.writeUInt16BE(length, 2);
  if (long === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, 2 + long + 4);
  return frame;
}

const OPCODE = { binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface SocketEvents {
  onOpen(): void;
  /** The first bytes of a message are there. */
  onBegin(): void;
  onMessage(payload: Buffer): void;
  onClose(code: number): void;
}

export class RawSocket {
  readonly #socket: Socket;
  readonly #events: SocketEvents;
  #rest: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** So many bytes are needed before there is anything to do. */
  #needed = 0;
  #isOpen = false;
  #code = 1006;

  constructor(
    options: { port: number; path: string; headers: Record<string, string> },
    events: SocketEvents,
  ) {
    this.#events = events;
    this.#socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('connect', () => {
      const headers = {
        Host: `localhost:${options.port}`,
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        ...options.headers,
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      this.#socket.write(`GET ${options.path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    });
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => events.onClose(this.#code));
  }

  /** Sends a frame made by {@link frameOf}. */
  send(frame: Buffer): void {
    this.#socket.write(frame);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#isOpen && this.#buffered === 0) this.#events.onBegin();
    this.#buffered += chunk.length;
    this.#chunks.push(chunk);
    // A large message comes in many pieces, put together once.
    if (this.#buffered < this.#needed) return;
    let data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    if (!this.#isOpen) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = data.toString('latin1', 9, 12);
      if (status !== '101') throw new Error(`the server answered the handshake with ${status}`);
      data = data.subarray(end + 4);
      this.#isOpen = true;
      this.#events.onOpen();
      if (data.length > 0) this.#events.onBegin();
    }
    this.#rest = this.#readFrames(data);
    this.#chunks = this.#rest.length === 0 ? [] : [this.#rest];
    this.#buffered = this.#rest.length;
  }

  /** Answers what is left after the last whole frame. */
  #readFrames(data: Buffer): Buffer {
    this.#needed = 0;
    let at = 0;
    while (data.length - at >= 2) {
      const first = data[at] ?? 0;
      let length = (data[at + 1] ?? 0) & 0x7f;
      let begin = at + 2;
      if (length === 126) {
        if (data.length - at < 4) break;
        length = data.readUInt16BE(begin);
        begin += 2;
      } else if (length === 127) {
        if (data.length - at < 10) break;
        length = Number(data.readBigUInt64BE(begin));
        begin += 8;
      }
      const end = begin + length;
      if (end > data.length) {
        this.#needed = end - at;
        break;
      }
      if ((first & 0x80) === 0) throw new Error('no server here sends a message in parts');
      this.#take(first & 0x0f, data.subarray(begin, end));
      at = end;
    }
    return data.subarray(at);
  }

  #take(opcode: number, payload: Buffer): void {
    switch (opcode) {
      case OPCODE.binary:
        return this.#events.onMessage(payload);
      case OPCODE.ping: {
        const pong = frameOf(payload);
        pong[0] = 0x80 | OPCODE.pong;
        this.#socket.write(pong);
        return;
      }
      case OPCODE.close:
        this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        this.#socket.end();
        return;
      default:
    }
  }
}
