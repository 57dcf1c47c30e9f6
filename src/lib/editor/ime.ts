/**
 * The Chinese-input gate. A change to the document under a running composition leaves its letters in the
 * text (7 of 13 positions tried), so while one runs, incoming sync messages wait.
 */
import { createDecoder } from 'lib0/decoding';
import { createEncoder, length, toUint8Array } from 'lib0/encoding';
import type { WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import { MESSAGE } from '#lib/sync/protocol.ts';
import { CAPTURE_TIMEOUT } from './undo.ts';

/** Milliseconds after a composition's end until held messages go in: the browser still writes its text. */
const FLUSH_AFTER = 30;
/** Milliseconds that a message waits at the most. */
const HOLD_AT_MOST = 10_000;
/** Milliseconds after a composition's end until a pause again separates undo steps. */
const CAPTURE_AFTER = 50;

export interface ImeGate {
  /** Whether a composition runs, or has ended so recently that messages still wait. */
  readonly holding: boolean;
  destroy(): void;
}

/**
 * Holds the sync messages of `provider` while a composition runs in `element`. They go in 30 ms after its
 * end; when the oldest has waited 10 s the composition is ended first; leaving the element lets them in.
 */
export function gateComposition(
  element: HTMLElement,
  provider: WebsocketProvider | null,
  undo: Y.UndoManager,
): ImeGate {
  let composing = false;
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let deadlineTimer: ReturnType<typeof setTimeout> | undefined;
  let captureTimer: ReturnType<typeof setTimeout> | undefined;
  let held: (() => void)[] = [];
  const holding = () => composing || flushTimer !== undefined;

  const handle = provider?.messageHandlers[MESSAGE.sync];
  if (provider && handle) {
    provider.messageHandlers[MESSAGE.sync] = (encoder, decoder, from, emitSynced, type) => {
      if (!holding()) return handle(encoder, decoder, from, emitSynced, type);
      const bytes = decoder.arr.slice(decoder.pos);
      const socket = from.ws;
      held.push(() => {
        // What an older socket said comes again with the new one's first sync.
        if (from.ws !== socket) return;
        const answer = createEncoder();
        handle(answer, createDecoder(bytes), from, emitSynced, type);
        if (length(answer) > 1 && socket?.readyState === 1) socket.send(toUint8Array(answer));
      });
      deadlineTimer ??= setTimeout(endComposition, HOLD_AT_MOST);
    };
  }

  function flush(): void {
    clearTimeout(flushTimer);
    clearTimeout(deadlineTimer);
    flushTimer = deadlineTimer = undefined;
    const messages = held;
    held = [];
    for (const message of messages) message();
  }

  /** Ends the composition as leaving the element would; the browser commits what was composed so far. */
  function endComposition(): void {
    deadlineTimer = undefined;
    element.blur();
    element.focus();
    if (composing) end();
  }

  function start(): void {
    clearTimeout(flushTimer);
    clearTimeout(captureTimer);
    flushTimer = undefined;
    composing = true;
    undo.stopCapturing();
    undo.captureTimeout = Infinity;
  }

  function end(): void {
    composing = false;
    clearTimeout(flushTimer);
    flushTimer = setTimeout(flush, FLUSH_AFTER);
    clearTimeout(captureTimer);
    captureTimer = setTimeout(() => {
      undo.captureTimeout = CAPTURE_TIMEOUT;
    }, CAPTURE_AFTER);
  }

  const blur = () => {
    if (composing) end();
  };

  element.addEventListener('compositionstart', start, { capture: true });
  element.addEventListener('compositionend', end, { capture: true });
  element.addEventListener('blur', blur);
  return {
    get holding() {
      return holding();
    },
    destroy() {
      element.removeEventListener('compositionstart', start, { capture: true });
      element.removeEventListener('compositionend', end, { capture: true });
      element.removeEventListener('blur', blur);
      clearTimeout(captureTimer);
      if (provider && handle) provider.messageHandlers[MESSAGE.sync] = handle;
      flush();
    },
  };
}
