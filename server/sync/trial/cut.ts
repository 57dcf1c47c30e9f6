/** A wire between clients and the server that can be cut in the middle of a frame. */
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where a connection is cut: after so many bytes of one direction, by an end or by a reset. */
export interface Cut {
  direction: 'up' | 'down';
  afterBytes: number;
  how: 'end' | 'reset';
}

export class Wire {
  /** How many connections were cut. */
  cuts = 0;
  /** Where the server listens now. */
  target = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(next: () => Cut | null) {
    this.#server = createServer((client) => this.#connect(client, next()));
  }

  /** `next` says what becomes of each connection; null: it is left whole. */
  static async lay(next: () => Cut | null): Promise<Wire> {
    const wire = new Wire(next);
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: Socket, cut: Cut | null): void {
    const server = createConnection(this.target, '127.0.0.1');
    const both = [client, server];
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      // Either end may be gone already; the other then goes as well, below.
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    const sever = (how: Cut['how']) => {
      this.cuts++;
      for (const socket of both) {
        if (how === 'reset') socket.resetAndDestroy();
        else socket.destroySoon();
      }
    };
    pass(client, server, cut?.direction === 'up' ? cut : null, sever);
    pass(server, client, cut?.direction === 'down' ? cut : null, sever);
  }
}

function pass(from: Socket, to: Socket, cut: Cut | null, sever: (how: Cut['how']) => void): void {
  let passed = 0;
  from.on('data', (bytes: Buffer) => {
    if (cut !== null && passed + bytes.length >= cut.afterBytes) {
      from.pause();
      // What comes before the cut arrives; then both ends find the line dead.
      to.write(bytes.subarray(0, cut.afterBytes - passed), () => sever(cut.how));
      return;
    }
    passed += bytes.length;
    if (to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}
