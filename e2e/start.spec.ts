/** What the process promises to whoever starts it: clear refusals, one holder of the data, a clean end. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { TestServer } from './server.ts';

/** A server with these variables, removed after the work. */
async function using<T>(env: NodeJS.ProcessEnv, work: (server: TestServer) => Promise<T>): Promise<T> {
  const server = new TestServer(env);
  try {
    return await work(server);
  } finally {
    await server.remove();
  }
}

const STACK = /\n\s+at .+:\d+:\d+/;

/** Starts in vain; answers what the terminal said, which must be no stack. */
async function failure(server: TestServer): Promise<string> {
  const said = await server.start().then(
    () => 'it started',
    (error: Error) => error.message,
  );
  expect(said).toContain('ended with 1');
  expect(said).not.toMatch(STACK);
  return said;
}

test('a variable that makes no sense is named', async () => {
  await using({ ORIGIN: 'not an origin' }, async (server) => {
    expect(await failure(server)).toContain('ORIGIN');
  });
  await using({ TRUST_PROXY: 'perhaps' }, async (server) => {
    expect(await failure(server)).toContain('TRUST_PROXY');
  });
});

test('a second process on the same data is refused, and so is the CLI, until the first is killed', async () => {
  await using({}, async (first) => {
    first.setUpExample();
    await first.start();
    await using({}, async (second) => {
      second.shareDataOf(first);
      expect(await failure(second)).toContain(first.dataDir);
      expect(() => first.cli(['user', 'list'])).toThrow(first.dataDir);
      await first.kill();
      await second.start();
    });
  });
});

test('a port that is taken is named', async () => {
  await using({}, async (first) => {
    await first.start();
    await using({}, async (second) => {
      second.usePortOf(first);
      expect(await failure(second)).toContain(new URL(first.url).port);
    });
  });
});

test('a damaged database is named and not touched', async () => {
  await using({}, async (server) => {
    server.setUpExample();
    const file = join(server.dataDir, 'huigao.db');
    // The pages in the middle; the header stays a database's.
    const fd = openSync(file, 'r+');
    writeSync(fd, Buffer.alloc(60_000, 0xa5), 0, 60_000, 8192);
    closeSync(fd);
    const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = digest();
    expect(await failure(server)).toContain(file);
    expect(digest()).toBe(before);
  });
});

test('a file that is no database is named and not touched', async () => {
  await using({}, async (server) => {
    const file = join(server.dataDir, 'huigao.db');
    writeFileSync(file, 'this is not a database, but somebody may want it back\n'.repeat(100));
    const before = readFileSync(file, 'utf8');
    expect(await failure(server)).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

test('the secret is for its owner only, and set-up on a directory in use is refused', async () => {
  await using({}, async (server) => {
    server.setUpExample();
    expect(statSync(join(server.dataDir, 'secret')).mode & 0o777).toBe(0o600);
    expect(() => server.setUpExample()).toThrow(/ended with 1/);
    expect(() => server.cli(['setup', '--admin', 'boss', '--password-stdin'], 'a-long-password\n')).toThrow(
      /ended with 1/,
    );
  });
});

test('the CLI sets up a workspace of one administrator, who signs in', async ({ request }) => {
  await using({}, async (server) => {
    const args = [
      'setup',
      '--admin',
      'boss',
      '--name',
      '沈知远',
      '--workspace',
      '云禾县',
      '--password-stdin',
      '--json',
    ];
    const printed = JSON.parse(server.cli(args, 'a-long-password\n')) as unknown;
    const account = {
      username: 'boss',
      password: 'a-long-password',
      name: '沈知远',
      department: null,
      role: 'admin',
    };
    expect(printed).toEqual({ workspace: '云禾县', accounts: [account], reports: [] });
    const added = JSON.parse(server.cli(['user', 'add', 'li', '--name', '李四'])) as { password: string };
    const reset = JSON.parse(server.cli(['user', 'reset-password', 'li'])) as { password: string };
    expect(reset.password).not.toBe(added.password);
    await server.start();
    for (const [username, password, status] of [
      ['boss', 'a-long-password', 200],
      ['li', added.password, 401],
      ['li', reset.password, 200],
    ] as const) {
      const response = await request.post(`${server.url}/api/auth/sign-in/username`, {
        data: { username, password },
      });
      expect(response.status()).toBe(status);
    }
  });
});

test('asked to stop, it closes what is open and ends well', async () => {
  await using({}, async (server) => {
    server.setUpExample();
    await server.start();
    const page = await fetch(`${server.url}/sign-in`);
    expect(page.status).toBe(200);
    // An answer nobody reads to its end keeps its connection open.
    const begun = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(10_000);
  });
});

test.describe('set-up by strangers', () => {
  test('on an address that others reach, only the token from the terminal opens it', async ({ request }) => {
    await using({ HOST: '0.0.0.0' }, async (server) => {
      await server.start();
      const token = /\/setup\?token=(\w+)/.exec(server.output)?.[1] ?? '';
      expect(token).toMatch(/^\w{24}$/);
      expect(await (await request.get(`${server.url}/setup`)).text()).not.toContain('?/create');
      const create = (given: string) =>
        request.post(`${server.url}/setup?/create`, {
          headers: { origin: server.url, accept: 'text/html' },
          form: {
            token: given,
            workspace: '云禾县',
            name: '沈知远',
            username: 'boss',
            password: 'a-long-password',
            repeat: 'a-long-password',
          },
          maxRedirects: 0,
        });
      for (const wrong of ['', 'x', token.slice(1)]) expect((await create(wrong)).status()).toBe(403);
      expect(
        (
          await request.post(`${server.url}/setup?/example`, { headers: { origin: server.url }, form: {} })
        ).status(),
      ).toBe(403);
      expect(await (await request.get(`${server.url}/setup?token=${token}`)).text()).toContain('?/create');
      expect((await create(token)).status()).toBe(303);
      expect((await create(token)).headers()['location']).toBe('/');
      expect(
        (await request.get(`${server.url}/setup?token=${token}`, { maxRedirects: 0 })).headers()['location'],
      ).toBe('/');
    });
  });

  test('before set-up every page leads there, and the API says so', async ({ request }) => {
    await using({}, async (server) => {
      await server.start();
      const home = await request.get(server.url, { maxRedirects: 0 });
      expect([home.status(), home.headers()['location']]).toEqual([303, '/setup']);
      const api = await request.get(`${server.url}/api/reports`);
      expect([api.status(), await api.json()]).toEqual([
        503,
        { error: { code: 'not_set_up', message: expect.any(String) } },
      ]);
    });
  });
});
