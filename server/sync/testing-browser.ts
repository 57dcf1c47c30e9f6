/** The browser's end of a report for tests, unchanged: y-websocket, y-indexeddb (a fake one), real sockets. */
import { WebSocket as NodeSocket } from 'ws';
import type { Actor } from '#lib/review/permissions.ts';
import { connectReport, type ReportConnection } from '#lib/sync/connection.ts';
import type { SavedState } from '#lib/sync/saved.ts';
import { REPORT } from './testing.ts';

export function connectAs(url: string, who: Actor): ReportConnection {
  class SignedIn extends NodeSocket {
    constructor(address: string) {
      super(address, { headers: { cookie: `user=${who.userId}` } });
    }
  }
  return connectReport({
    url: `${url}/sync`,
    reportId: REPORT,
    userId: who.userId,
    // ws is the browser's WebSocket in all that y-websocket uses.
    Socket: SignedIn as unknown as typeof WebSocket,
  });
}

/** Resolves with the state once it is of a kind. */
export function connectionState<K extends SavedState['kind']>(
  connection: ReportConnection,
  ...kinds: K[]
): Promise<Extract<SavedState, { kind: K }>> {
  return new Promise((resolve) => {
    const end = connection.subscribe(({ state }) => {
      if (!kinds.includes(state.kind as K)) return;
      resolve(state as Extract<SavedState, { kind: K }>);
      queueMicrotask(() => end());
    });
  });
}
