import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { CLOSE } from '#lib/sync/protocol.ts';

const LAST_BINARY = 0x82;
/** Up to these lengths a frame's header takes 2 and 4 bytes; above, 10. */
const SHORT = 125;
const MEDIUM = 65_535;

/** A whole WebSocket frame of a server (RFC 6455, 5.2): last of its message, binary, not masked. */
function makeFrame(message: Uint8Array): Buffer {
  const { length } = message;
  const header = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = LAST_BINARY;
  if (length <= SHORT) frame[1] = length;
  else if (length <= MEDIUM) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(message, header);
  return frame;
}

/** Remembers the last message: what goes to a room goes to its sockets one after another. */
function remembering(make: (message: Uint8Array) => Buffer): (message: Uint8Array) => Buffer {
  let last: { message: Uint8Array; frame: Buffer } | null = null;
  return (message) => {
    if (last?.message !== message) last = { message, frame: make(message) };
    return last.frame;
  };
}

const frameOf = remembering(makeFrame);

/** A socket whose end is short: once the server closes it, nothing more is taken in from the peer. */
export class SyncSocket extends WebSocket {
  /** What it speaks over. */
  stream: Duplex | null = null;

  /**
   * Sends one binary message, straight to the stream: nothing is compressed or sent piecemeal here, so nothing
   * of ws's own can be under way in between. One buffer, made once, goes to all sockets of a room; ws would
   * make a header for each and write both. `taken` is called when the bytes have left, or never will.
   */
  sendMessage(message: Uint8Array, taken?: () => void): void {
    if (this.stream === null || this.readyState !== WebSocket.OPEN) taken?.();
    else this.stream.write(frameOf(message), taken);
  }

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
