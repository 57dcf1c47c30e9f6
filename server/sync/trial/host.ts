/**
 * A sync server as a process of its own, for trials that kill it. It loads its code, says so, and opens
 * the directory of a county when it is told to: several can be made ready beforehand. It ends with the
 * process that started it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ReportAccess, ReportRole } from '#lib/review/permissions.ts';
import { Connection } from '../../store/sqlite/connection.ts';
import type { QueryResult } from '../../store/sqlite/messages.ts';
import { sqliteDocStore } from '../../store/sqlite/doc-store.ts';
import { authenticate, PEOPLE } from '../../testing-people.ts';
import { LIMITS } from '../limits.ts';
import { createSync } from '../sync.ts';
import type { HostCommand, HostNews } from './process.ts';

/** How often the server looks at its sockets when its clock is not hurried, in milliseconds. */
const TICK_MS = 5_000;

function say(news: HostNews): void {
  // When the parent is gone this process ends as well, below.
  process.send?.(news, undefined, undefined, () => {});
}

/** By a person's own share alone, and without a query builder, which takes longer to load than all the rest. */
async function accessOf(store: Connection, userId: string, reportId: string): Promise<ReportAccess | null> {
  const { rows } = await store.request<QueryResult>({
    op: 'query',
    sql: `SELECT s.role FROM report r LEFT JOIN reportShare s
          ON s.reportId = r.id AND s.subjectKind = 'person' AND s.subjectId = ? WHERE r.id = ?`,
    params: [userId, reportId],
  });
  const [row] = rows as { role: ReportRole | null }[];
  return row === undefined ? null : { given: row.role, status: 'draft', trashed: false };
}

/** `pace`: how many times faster than the world's the server's clock runs. */
async function open(dir: string, pace: number): Promise<void> {
  const began = Date.now();
  const file = join(dir, 'huigao.db');
  const store = await Connection.open(file);
  const sync = createSync({
    docs: sqliteDocStore(store, file),
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }, pino.destination(2)),
    now: () => new Date(began + (Date.now() - began) * pace),
    tickMs: TICK_MS / pace,
    // How fast a peer takes what it is sent is the machine's business, which is not hurried.
    limits: { ...LIMITS, outflow: { ...LIMITS.outflow, lagMs: LIMITS.outflow.lagMs * pace } },
    isOwnOrigin: () => true,
    addressOf: () => '',
    authenticate,
    actor: async (userId) => Object.values(PEOPLE).find((person) => person.userId === userId) ?? null,
    department: async () => null,
    access: (actor, reportId) => accessOf(store, actor.userId, reportId),
  });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    if (!sync.upgrade(request, socket, head)) socket.destroy();
  });
  http.listen(0, '127.0.0.1', () => say({ is: 'open', port: (http.address() as AddressInfo).port }));
  process.once('SIGTERM', async () => {
    http.close();
    await sync.close();
    await store.close();
    process.exit(0);
  });
}

process.on('disconnect', () => process.exit(1));
process.on('message', (command: HostCommand) => {
  switch (command.do) {
    case 'open':
      void open(command.dir, command.pace);
      return;
    case 'measure': {
      globalThis.gc?.();
      const { rss, heapUsed, external } = process.memoryUsage();
      return say({ is: 'measured', rss, heap: heapUsed + external });
    }
    default:
      return command satisfies never;
  }
});
say({ is: 'ready' });
