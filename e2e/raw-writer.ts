/** A writer without y-websocket: sends edits one frame each, and keeps what the server acknowledges. */
import type { BrowserContext } from '@playwright/test';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '#lib/sync/protocol.ts';

export class RawWriter {
  readonly socket: WebSocket;
  /** How many of its frames are acknowledged. */
  acked = 0;
  readonly #doc = new Y.Doc();
  readonly #texts: string[] = [];
  #wake = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data));
      if (decoding.readVarUint(decoder) !== MESSAGE.ack) return;
      // The version, the epoch and the sequence number come before.
      for (let field = 0; field < 3; field++) decoding.readVarUint(decoder);
      this.acked = decoding.readVarUint(decoder);
      this.#wake();
    });
  }

  /** Opens a report as whoever the browser is signed in as. */
  static async open(context: BrowserContext, url: string, reportId: string): Promise<RawWriter> {
    const cookie = (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const address = `${url.replace('http', 'ws')}/sync/${reportId}/content?ext=1`;
    const socket = new WebSocket(address, { headers: { cookie, origin: url } });
    const writer = new RawWriter(socket);
    // The server speaks when it has let the socket in.
    await new Promise((resolve, reject) => socket.once('message', resolve).once('close', reject));
    return writer;
  }

  /** Sends a paragraph of its own. */
  write(text: string): void {
    const before = Y.encodeStateVector(this.#doc);
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(text)]);
    this.#doc.getXmlFragment('content').push([paragraph]);
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, SYNC.update);
    encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(this.#doc, before));
    this.#texts.push(text);
    this.socket.send(encoding.toUint8Array(encoder));
  }

  async untilAcked(count: number): Promise<void> {
    while (this.acked < count) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** What the server said it has. */
  get saved(): string[] {
    return this.#texts.slice(0, this.acked);
  }
}
