/** Who may comment cannot change a letter, by any door; and what is too large is refused in words. */
import type { BrowserContext } from '@playwright/test';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '#lib/sync/protocol.ts';
import { expect, test } from './fixtures.ts';
import { body, committedText, title } from './manuscript.ts';

const TEXT = '一字不改。';
const says = (text: string) => ({
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

/** What a browser sends of words that stand in the first paragraph of the server's document. */
function quote(words: string, key: string) {
  return {
    key,
    from: '',
    to: '',
    exact: words,
    prefix: '',
    suffix: '',
    stateVector: Buffer.from(Y.encodeStateVector(new Y.Doc())).toString('base64'),
  };
}

/** Says something on a raw socket, asks for the state, and waits for the answer, or for being hung up on. */
async function speak(context: BrowserContext, url: string, room: string, kind: number, update: Uint8Array) {
  const cookie = (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/${room}`, {
    headers: { cookie, origin: url },
  });
  const frame = (type: number, bytes: Uint8Array) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, bytes);
    return encoding.toUint8Array(encoder);
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.on('message', (data: Buffer) => {
      if (data[0] === MESSAGE.sync && data[1] === SYNC.step2) resolve();
    });
    socket.once('open', () => {
      socket.send(frame(kind, update));
      socket.send(frame(SYNC.step1, Y.encodeStateVector(new Y.Doc())));
    });
  });
  socket.terminate();
}

test('a commenter changes no letter of a report, by raw socket or by any route', async ({
  browserOf,
  cast,
  server,
  newReport,
}) => {
  const id = await newReport('门都关着', [title('门都关着'), body(TEXT)]);
  const writer = await browserOf(cast.writer);
  const reviewer = await browserOf(cast.reviewer);
  const headers = { origin: server.url };
  const api = `${server.url}/api/reports/${id}`;
  const text = () => committedText(writer.request, server.url, id);
  const before = await text();
  const threads = async () =>
    ((await (await writer.request.get(`${api}/threads`)).json()) as { threads: unknown[] }).threads;

  const post = async (who: BrowserContext, path: string, data: unknown) => {
    const response = await who.request.post(api + path, { data, headers });
    expect(response.status(), await response.text()).toBe(201);
    return ((await response.json()) as { id: string }).id;
  };
  const proposal = { ...quote('一字', 'door-key-1'), replacement: '两字' };
  const own = await post(reviewer, '/threads', proposal);
  const theirs = await post(writer, '/threads', { ...quote('不改', 'door-key-2'), body: says('留着') });
  const first = (await threads()).find((one) => (one as { id: string }).id === theirs);
  const commentId = (first as { comments: { id: string }[] }).comments[0]?.id;
  const standing = JSON.stringify(await threads());

  const key = 'door-key-3';
  const content = { type: 'doc', content: [body('改了')] };
  const doors: [string, string, unknown][] = [
    ['PUT', '/content', { schema: 1, title: '改了', content, pictures: {} }],
    ['PATCH', '', { title: '改了' }],
    ['PATCH', '', { status: 'draft' }],
    ['PATCH', '', { status: 'ready' }],
    ['PATCH', '', { trashed: true }],
    ['DELETE', '', undefined],
    ['PUT', '/shares', { kind: 'person', id: 'x', role: 'owner' }],
    ['DELETE', '/shares?kind=person&id=x', undefined],
    ['POST', `/threads/${own}/accept`, { key }],
    ['POST', `/threads/${theirs}/accept`, { key }],
    ['POST', `/threads/${theirs}/undo`, { key }],
    ['PATCH', `/threads/${theirs}`, { key, status: 'resolved' }],
    ['PATCH', `/threads/${theirs}`, { key, blocking: true }],
    ['PATCH', `/threads/${theirs}`, { key, assignee: null }],
    ['PATCH', `/threads/${own}`, { key, status: 'accepted' }],
    ['PATCH', `/threads/${theirs}/comments/${commentId}`, { key, body: says('改了') }],
    ['DELETE', `/threads/${theirs}/comments/${commentId}`, { key }],
    // Who and when are the server's: a command has no field for them.
    ['POST', '/threads', { ...quote('不改', key), body: says('伪造'), createdBy: 'x' }],
    ['POST', `/threads/${theirs}/comments`, { key, body: says('伪造'), at: '2000-01-01T00:00:00.000Z' }],
  ];
  for (const [method, path, data] of doors) {
    const response = await reviewer.request.fetch(api + path, {
      method,
      headers,
      ...(data !== undefined && { data }),
    });
    const tried = `${method} ${path} ${response.status()}`;
    expect([400, 403, 404, 409], tried).toContain(response.status());
    expect(await response.json(), tried).toEqual({
      error: expect.objectContaining({ code: expect.any(String) }),
    });
  }
  const picture = await reviewer.request.post(`${api}/pictures`, {
    headers: { ...headers, 'content-type': 'image/png' },
    data: Buffer.from('89504e470d0a1a0a', 'hex'),
  });
  expect([400, 403, 415]).toContain(picture.status());

  const forged = new Y.Doc();
  const block = new Y.XmlElement('paragraph');
  block.insert(0, [new Y.XmlText('改了')]);
  forged.getXmlFragment('content').push([block]);
  forged.getMap('threads').set('forged', new Y.Map(Object.entries({ createdBy: 'somebody' })));
  const update = Y.encodeStateAsUpdate(forged);
  for (const who of [reviewer, writer]) {
    for (const kind of [SYNC.step2, SYNC.update]) {
      // The review document is closed to those who write the report too.
      for (const query of ['', '?ext=1&schema=1'])
        await speak(who, server.url, `${id}/review${query}`, kind, update);
    }
  }
  for (const kind of [SYNC.step2, SYNC.update]) {
    for (const query of ['', '?ext=1&schema=1']) {
      await speak(reviewer, server.url, `${id}/content${query}`, kind, update);
    }
  }
  expect(await text()).toBe(before);
  expect(JSON.stringify(await threads())).toBe(standing);
});

test('a command that is too large is refused in words, and nothing of it is done', async ({
  browserOf,
  cast,
  server,
  newReport,
}) => {
  const id = await newReport('太大', [title('太大'), body(TEXT)]);
  const { request } = await browserOf(cast.reviewer);
  const headers = { origin: server.url };
  const api = `${server.url}/api/reports/${id}/threads`;
  const key = 'large-key-1';
  const send = (path: string, data: unknown) => request.post(api + path, { data, headers });
  const made = await send('', { ...quote('一字', key), body: says('可以') });
  const { id: thread } = (await made.json()) as { id: string };
  const answers = [
    [await send('', { ...quote('一字', 'large-key-2'), body: says('长'.repeat(5_001)) }), 400, 'body'],
    [await send('', { ...quote('字'.repeat(10_001), 'large-key-3'), body: says('长') }), 400, 'exact'],
    [
      await send('', { ...quote('一字', 'large-key-4'), replacement: '长'.repeat(5_001) }),
      400,
      'replacement',
    ],
    [await send('', { ...quote('一字', 'large-key-5'), body: says('长'.repeat(60_000)) }), 413, '128 KB'],
    [await send(`/${thread}/comments`, { key: 'large-key-6', body: says('长'.repeat(5_001)) }), 400, 'body'],
    [
      await send(`/${thread}/comments`, { key: 'large-key-7', body: says('长'.repeat(30_000)) }),
      413,
      '64 KB',
    ],
  ] as const;
  for (const [response, status, detail] of answers) {
    expect(response.status(), detail).toBe(status);
    const { error } = (await response.json()) as { error: { code: string; message: string; detail: string } };
    expect(error.code).toBe(status === 413 ? 'too_large' : 'invalid');
    expect(error.detail).toContain(detail);
    expect(error.message).toMatch(/[一-鿿]/);
  }
  const { threads } = (await (await request.get(api)).json()) as { threads: { comments: unknown[] }[] };
  expect(threads.map(({ comments }) => comments.length)).toEqual([1]);
});
