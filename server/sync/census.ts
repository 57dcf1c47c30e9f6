import type { Census } from './meter.ts';
import type { Rooms } from './rooms.ts';
import type { Floor } from './session.ts';
import type { SyncSocket } from './socket.ts';

/** Counts who and what is there now. `sockets`: every open one, whether it is in a room or not. */
export function takeCensus(of: {
  rooms: Rooms;
  sockets: ReadonlySet<SyncSocket>;
  floor: Pick<Floor, 'backlog' | 'pauses' | 'turns'>;
}): Census {
  const { rooms, floor } = of;
  const sockets = { owner: 0, editor: 0, commenter: 0, viewer: 0, none: of.sockets.size };
  const documents = { open: 0, idle: 0, loading: rooms.loading };
  let bufferedBytes = 0;
  let lagging = 0;
  for (const room of rooms.all()) {
    documents[room.sessions.size > 0 ? 'open' : 'idle']++;
    for (const session of room.sessions) {
      if (session.standing === null) continue;
      sockets[session.standing.role]++;
      sockets.none--;
      bufferedBytes += session.bufferedBytes;
      if (session.isLagging) lagging++;
    }
  }
  return {
    sockets,
    documents,
    bufferedBytes,
    waitingBytes: floor.backlog.bytes,
    lagging,
    paused: floor.pauses.size,
    queued: floor.turns.waiting,
  };
}
