/** A sync server as a process of its own, for tests that kill it. Its argument is the directory of a county. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createAccess } from '../reports/access.ts';
import { openSqliteStore } from '../store/store.ts';
import { openPeople } from '../people/people.ts';
import { createSync } from './sync.ts';
import { authenticate } from './testing.ts';

const [, , dir] = process.argv;
if (dir === undefined) throw new Error('usage: testing-host.ts DIRECTORY');
const store = await openSqliteStore(join(dir, 'huigao.db'));
const people = openPeople(store.db);
const sync = createSync({
  docs: store.docs,
  log: pino({ level: 'silent' }),
  now: () => new Date(),
  isOwnOrigin: () => true,
  authenticate,
  actor: (userId) => people.actor(userId),
  access: createAccess(store.db),
});
const http = createServer();
http.on('upgrade', (request, socket, head) => void sync.upgrade(request, socket, head));
http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));
