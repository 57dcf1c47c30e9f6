/** What strangers and other sites can reach: nothing but what was meant. */
import { request as httpRequest } from 'node:http';
import { expect, test } from './fixtures.ts';

const NOT_OFFERED = [
  ['POST', 'sign-up/email'],
  ['POST', 'sign-in/email'],
  ['POST', 'sign-in/social'],
  ['POST', 'is-username-available'],
  ['POST', 'update-user'],
  ['POST', 'delete-user'],
  ['POST', 'change-email'],
  ['POST', 'request-password-reset'],
  ['POST', 'reset-password'],
  ['GET', 'list-sessions'],
  ['POST', 'revoke-sessions'],
  ['GET', 'list-accounts'],
  ['GET', 'admin/list-users'],
  ['GET', 'ok'],
  ['GET', 'error'],
] as const;

test('of the accounts library nothing but the four endpoints is there, signed in or not', async ({
  browserOf,
  cast,
  request,
  server,
}) => {
  const { request: signedIn } = await browserOf(cast.admin);
  for (const [method, path] of NOT_OFFERED) {
    for (const who of [request, signedIn]) {
      const response = await who.fetch(`${server.url}/api/auth/${path}`, {
        method,
        headers: { origin: server.url },
        ...(method === 'POST' && { data: {} }),
      });
      expect(`${path} ${response.status()}`).toBe(`${path} 404`);
    }
  }
});

test('signed in, signed out, and who is there in between', async ({ browserOf, cast, server }) => {
  const { request } = await browserOf(cast.writer);
  const who = async () => (await request.get(`${server.url}/api/auth/get-session`)).json();
  expect(await who()).toMatchObject({ user: { name: cast.writer.name, role: 'member' } });
  const headers = { origin: server.url };
  expect((await request.post(`${server.url}/api/auth/sign-out`, { headers })).status()).toBe(200);
  expect(await who()).toBeNull();
  expect((await request.get(`${server.url}/api/reports`)).status()).toBe(401);
});

test('another site can neither sign anybody in nor act for whoever is', async ({
  browserOf,
  cast,
  server,
}) => {
  const { request } = await browserOf(cast.writer);
  const elsewhere: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: server.url.replace('localhost', 'localhost.evil.example') },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of elsewhere) {
    for (const path of ['/api/auth/sign-out', '/api/auth/sign-in/username', '/api/reports']) {
      const response = await request.post(server.url + path, { headers, data: { title: '不该有' } });
      expect(response.status()).toBe(403);
      expect(await response.json()).toEqual({ error: { code: 'forbidden', message: expect.any(String) } });
    }
  }
  expect(await (await request.get(`${server.url}/api/auth/get-session`)).json()).not.toBeNull();
});

test('a name that was re-bound to this machine is turned away', async ({ server }) => {
  const { port } = new URL(server.url);
  const status = await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/sign-in', headers: { host: `evil.example:${port}` } };
    httpRequest(options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
});

test('both names of this machine work without ORIGIN', async ({ browserOf, cast, playwright, server }) => {
  await browserOf(cast.writer);
  const url = server.url.replace('localhost', '127.0.0.1');
  const request = await playwright.request.newContext();
  const { username, password } = cast.writer;
  const headers = { origin: url };
  const response = await request.post(`${url}/api/auth/sign-in/username`, {
    data: { username, password },
    headers,
  });
  expect(response.status()).toBe(200);
  expect((await request.get(`${url}/api/reports`)).status()).toBe(200);
  await request.dispose();
});

test('a body that makes no sense is a clear 400, and no answer shows a stack', async ({
  request,
  server,
}) => {
  const url = `${server.url}/api/auth/sign-in/username`;
  const headers = { 'content-type': 'application/json' };
  const answers = [
    await request.post(url, { headers, data: Buffer.from('{') }),
    await request.post(url, { data: { username: 1 } }),
    await request.post(url, { data: { username: 'x'.repeat(10_000), password: '' } }),
    await request.post(url, { headers: { 'content-type': 'text/plain', origin: server.url }, data: 'hello' }),
  ];
  expect(answers.map((answer) => answer.status())).toEqual([400, 400, 400, 415]);
  for (const answer of answers) {
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual({ error: expect.objectContaining({ code: expect.any(String) }) });
    expect(text).not.toMatch(/\bat .+:\d+:\d+/);
  }
});

test('every page says what the browser may do with it', async ({ request, server }) => {
  const { [`content-security-policy`]: policy = '', ...headers } = (
    await request.get(`${server.url}/sign-in`)
  ).headers();
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'(;|$)/);
  expect(policy).toContain("frame-ancestors 'self'");
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'SAMEORIGIN',
  });
});

test('five wrong passwords lock an account; the answer says for how long, and is the same for a name nobody has', async ({
  browserOf,
  cast,
  request,
  server,
}) => {
  // Somebody of this test's own: a lock outlasts it.
  const { request: admin } = await browserOf(cast.admin);
  const made = await admin.post(`${server.url}/admin/people/new`, {
    headers: { origin: server.url, accept: 'text/html' },
    form: { name: '许多回', username: 'xuduohui', role: 'member', departmentId: '' },
  });
  const [password = ''] = /\b\w{4}-\w{4}-\w{4}\b/.exec(await made.text()) ?? [];
  const guess = async (username: string, word: string) => {
    const response = await request.post(`${server.url}/api/auth/sign-in/username`, {
      data: { username, password: word },
    });
    return { status: response.status(), retry: response.headers()['retry-after'] !== undefined };
  };
  const guesses = async (username: string, last: string) => {
    const seen = [];
    for (const word of [...Array<string>(5).fill('wrong-password'), last])
      seen.push(await guess(username, word));
    return seen;
  };
  const known = await guesses('xuduohui', password);
  expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429, 429]);
  expect(known.at(-1)?.retry).toBe(true);
  expect(await guesses('nobody-of-this-name', 'some-password')).toEqual(known);
});

test('an address that cannot be decoded is not found, and the server goes on', async ({
  request,
  server,
}) => {
  for (const path of ['/%E0%A4%A', '/%', '/reports/%ff', '/api/reports/%c3']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(server.url + path, (response) => resolve(response.resume().statusCode));
      sent.on('error', reject).end();
    });
    expect(`${path} ${status}`).toBe(`${path} 404`);
  }
  expect((await request.get(`${server.url}/sign-in`)).status()).toBe(200);
});

test('a form that is none is refused, and no bug', async ({ request, server }) => {
  const headers = { origin: server.url, 'content-type': 'multipart/form-data; boundary=x' };
  const response = await request.post(`${server.url}/sign-in`, { headers, data: 'abc' });
  expect(response.status()).toBe(400);
});
