/** The browser's end of a report's review document, which only the server writes: nothing is ever sent up. */
import { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CLIENT_PARAMS, MESSAGE, SYNC } from './protocol.ts';

export interface ReviewConnection {
  readonly doc: Y.Doc;
  /** Whether the server's state has arrived once. */
  readonly synced: boolean;
  /** Calls back when the state has arrived. */
  onSync(listener: () => void): void;
  /** Goes on after signing in again, or after being sent away. */
  resume(): void;
  destroy(): void;
}

/** Asks for state, and answers nothing: Yjs may tidy up here, which is nobody's business. */
class ReadingSocket extends WebSocket {
  override send(data: string | BufferSource | Blob): void {
    const isQuestion = data instanceof Uint8Array && data[0] === MESSAGE.sync && data[1] === SYNC.step1;
    if (isQuestion) super.send(data);
  }
}

/** @param url where rooms are, without a slash at the end: `wss://host/sync` */
export function connectReview(url: string, reportId: string): ReviewConnection {
  const doc = new Y.Doc();
  // The review document has no presence: without a state of its own the provider says nothing of anybody.
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  let synced = false;
  const provider = new WebsocketProvider(url, `${reportId}/review`, doc, {
    awareness,
    params: { ...CLIENT_PARAMS },
    disableBc: true,
    WebSocketPolyfill: ReadingSocket,
  });
  for (const type of [MESSAGE.ack, MESSAGE.nack, MESSAGE.info, MESSAGE.clients]) {
    // What our additions say of the report, the content's connection has heard already.
    provider.messageHandlers[type] = () => {};
  }
  return {
    doc,
    get synced() {
      return synced;
    },
    onSync(listener) {
      provider.on('sync', (isSynced) => {
        if (!isSynced) return;
        synced = true;
        listener();
      });
    },
    resume: () => provider.connect(),
    destroy() {
      provider.destroy();
      awareness.destroy();
      doc.destroy();
    },
  };
}
