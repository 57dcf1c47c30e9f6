/**
 * A sync server as a process of its own, for tests that kill it. Its argument is the directory of a
 * county, which it opens when a line arrives: several can be made ready beforehand.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createAccess } from '../reports/access.ts';
import { PEOPLE } from '../reports/testing.ts';
import { openSqliteStore } from '../store/store.ts';
import { createSync } from './sync.ts';
import { authenticate } from './testing.ts';

const [, , dir] = process.argv;
if (dir === undefined) throw new Error('usage: testing-host.ts DIRECTORY');
await once(process.stdin, 'data');
const store = await openSqliteStore(join(dir, 'huigao.db'));
const sync = createSync({
  docs: store.docs,
  log: pino({ level: 'silent' }),
  now: () => new Date(),
  isOwnOrigin: () => true,
  authenticate,
  actor: async (userId) => Object.values(PEOPLE).find((person) => person.userId === userId) ?? null,
  access: createAccess(store.db),
});
const http = createServer();
http.on('upgrade', (request, socket, head) => void sync.upgrade(request, socket, head));
http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));
