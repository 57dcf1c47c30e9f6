/** The servers that are compared: how each is started, and who may open what on it. */
import { openHuigao } from './huigao.ts';
import type { Room } from './load/protocol.ts';
import { Server } from './server.ts';

export type ContenderName = 'relay' | 'y-websocket' | 'hocuspocus' | 'huigao';

/** A server with a data directory. `rooms` may be asked for while it runs. */
export interface Contender {
  start(): Promise<Server>;
  /** Fresh documents with so many writers and readers each. */
  rooms(shape: { documents: number; writers: number; readers: number }): Promise<Room[]>;
}

export interface Contestant {
  title: string;
  /** Whether documents survive a restart. */
  keeps: boolean;
  /** Whether it is asked what an edit costs in larger documents. */
  grows: boolean;
  open(dir: string, profileDir: string | null): Promise<Contender>;
}

/** Documents of a server that lets anybody in, at `/name` or at the root. */
function openTo(start: Contender['start'], pathOf: (name: string) => string): Contender {
  let documents = 0;
  return {
    start,
    async rooms(shape) {
      const seats = (count: number) => Array.from({ length: count }, () => ({}));
      return Array.from({ length: shape.documents }, () => {
        const name = `document-${++documents}`;
        const place = { path: pathOf(name), name };
        return { place, writers: seats(shape.writers), readers: seats(shape.readers) };
      });
    },
  };
}

export const CONTESTANTS: Record<ContenderName, Contestant> = {
  relay: {
    title: 'raw ws relay',
    keeps: false,
    grows: false,
    open: async (_dir, profileDir) =>
      openTo(
        () => Server.start({ dialect: 'relay', script: 'servers/relay.ts', profileDir }),
        (name) => `/${name}`,
      ),
  },
  'y-websocket': {
    title: '@y/websocket-server',
    keeps: false,
    grows: false,
    open: async (_dir, profileDir) =>
      openTo(
        () => Server.start({ dialect: 'yjs', script: 'servers/websocket-server.ts', profileDir }),
        (name) => `/${name}`,
      ),
  },
  hocuspocus: {
    title: 'Hocuspocus + SQLite',
    keeps: true,
    grows: true,
    open: async (dir, profileDir) =>
      openTo(
        () =>
          Server.start({
            dialect: 'hocuspocus',
            script: 'servers/hocuspocus.ts',
            args: [dir],
            profileDir,
          }),
        () => '/',
      ),
  },
  huigao: { title: 'Huigao', keeps: true, grows: true, open: openHuigao },
};
