/** This server, as in production: the example's people, signed in, on reports that are shared with them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Contender } from './contenders.ts';
import type { Room, Seat } from './load/protocol.ts';
import { Server } from './server.ts';

interface Account {
  username: string;
  password: string;
  name: string;
}

/** One person a user name; the last reads, the others write. */
const WRITERS = ['linxiaohe', 'fanglicheng', 'songyutong', 'admin'];
const READER = 'hejingyi';
const MAIN = '../server/main.ts';

export async function openHuigao(dir: string, profileDir: string | null): Promise<Contender> {
  // All sockets come from one address, and those who read are one person.
  const most = { MAX_SOCKETS_PER_USER: '5000', MAX_SOCKETS_PER_ADDRESS: '5000' };
  const env = { HUIGAO_DATA: dir, PORT: '0', LOG_LEVEL: 'warn', ...most };
  const cli = join(import.meta.dirname, '../server/cli.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, 'setup', '--example', '--json'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the workspace could not be set up: ${stderr}`);
  const { accounts } = JSON.parse(stdout) as { accounts: Account[] };
  const account = (username: string): Account => {
    const found = accounts.find((one) => one.username === username);
    if (found === undefined) throw new Error(`the example has no ${username}`);
    return found;
  };

  let url = '';
  /** Sessions outlive the process. */
  const cookies = new Map<string, Seat>();
  const seat = async (username: string): Promise<Seat> => {
    const known = cookies.get(username);
    if (known !== undefined) return known;
    const { password } = account(username);
    const response = await post('/api/auth/sign-in/username', { username, password }, {});
    const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]);
    const signedIn = { cookie: cookie.join('; ') };
    cookies.set(username, signedIn);
    return signedIn;
  };

  async function post(
    path: string,
    body: unknown,
    headers: Seat,
    method: 'POST' | 'PUT' = 'POST',
  ): Promise<Response> {
    const response = await fetch(url + path, {
      method,
      body: JSON.stringify(body),
      headers: { ...headers, origin: url, 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async function createReport(owner: Seat, index: number): Promise<string> {
    const response = await post('/api/reports', { title: `第${index + 1}份稿件` }, owner);
    const { id } = (await response.json()) as { id: string };
    const shares = await fetch(`${url}/api/reports/${id}/shares`, { headers: owner });
    const { candidates } = (await shares.json()) as {
      candidates: { kind: string; id: string; name: string }[];
    };
    for (const username of [...WRITERS.slice(1, 3), READER]) {
      const { name } = account(username);
      const person = candidates.find((one) => one.kind === 'person' && one.name === name);
      const role = username === READER ? 'viewer' : 'editor';
      await post(`/api/reports/${id}/shares`, { kind: 'person', id: person?.id, role }, owner, 'PUT');
    }
    return id;
  }

  return {
    async start() {
      const server = await Server.start({ dialect: 'huigao', script: MAIN, env, profileDir });
      url = `http://localhost:${server.target.port}`;
      return server;
    },
    async rooms({ documents, writers, readers }) {
      const [owner = {}, ...others] = await Promise.all(WRITERS.map(seat));
      const reader = await seat(READER);
      const writing = [owner, ...others];
      const rooms: Room[] = [];
      for (let index = 0; index < documents; index++) {
        const id = await createReport(owner, index);
        rooms.push({
          place: { path: `/sync/${id}/content?ext=1&schema=1`, name: id },
          writers: Array.from({ length: writers }, (_, of) => writing[of % writing.length] ?? {}),
          readers: Array.from({ length: readers }, () => reader),
        });
      }
      return rooms;
    },
  };
}
