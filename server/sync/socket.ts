import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { CLOSE } from '#lib/sync/protocol.ts';

/** A socket whose end is short: once the server closes it, nothing more is taken in from the peer. */
export class SyncSocket extends WebSocket {
  /** What it speaks over. */
  stream: Duplex | null = null;

  override close(code?: number, reason?: string | Buffer): void {
    const isFirst = this.readyState === WebSocket.OPEN;
    // ws closes an oversized message with 1009, after which the stock client would send it again for ever.
    super.close(code === 1009 ? CLOSE.tooLarge : code, reason);
    if (isFirst && this.stream !== null) this.#deafen(this.stream);
  }

  /**
   * What the peer still says is thrown away unread, as ws does after a protocol error. Not to read it at
   * all would have the kernel reset the connection, and the peer might never see the close code.
   */
  #deafen(stream: Duplex): void {
    stream.removeAllListeners('data');
    stream.resume();
    stream.end();
  }
}
