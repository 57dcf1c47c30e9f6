/** Hocuspocus with its SQLite extension and its own defaults. Its argument is the data directory. */
import { join } from 'node:path';
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';
import { announce } from './announce.ts';

const [, , dir] = process.argv;
if (dir === undefined) throw new Error('usage: hocuspocus.ts DIRECTORY');
const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  extensions: [new SQLite({ database: join(dir, 'hocuspocus.db') })],
});
await server.listen();
announce(server.httpServer.address());
