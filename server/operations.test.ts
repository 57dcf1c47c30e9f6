import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openApp, type App } from './app.ts';
import { readConfig } from './config.ts';

const TOKEN = 'a-token-of-some-length';

let dir: string;
let app: App;
let http: Server;

async function serve(env: NodeJS.ProcessEnv = {}): Promise<void> {
  app = await openApp(readConfig({ HUIGAO_DATA: dir, LOG_LEVEL: 'silent', METRICS_TOKEN: TOKEN, ...env }));
  http = createServer((request, response) => {
    if (!app.operations(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'huigao-operations-'));
});
afterEach(async () => {
  await new Promise((resolve) => http.close(resolve));
  await app.close();
  await rm(dir, { recursive: true });
});

interface Answer {
  status: number;
  text: string;
}
/** With node's own client, which sends any Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = http.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const request = ask({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject).end();
  });
}

test('before there is a workspace it says that it lives, is ready, and how it is', async () => {
  await serve();
  expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect(await get('/readyz')).toEqual({ status: 200, text: '{"ready":true}' });
  const { status, text } = await get('/metrics');
  expect(status).toBe(200);
  for (const name of [
    'sync_sockets{role="owner"} 0',
    'sync_documents{tier="open"} 0',
    'sync_commit_seconds_count 0',
  ]) {
    expect(text).toContain(`huigao_${name}`);
  }
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect((await get('/healthz/x')).status).toBe(404);
  expect((await get('/metrics', {}, 'POST')).status).toBe(405);
});

test('while the database cannot be written it is not ready', async () => {
  await serve();
  const { connection } = app.store;
  await connection.request({ op: 'query', sql: 'PRAGMA query_only = 1', params: [] });
  expect(await get('/readyz')).toEqual({ status: 503, text: '{"ready":false,"reason":"not_storing"}' });
  expect((await get('/healthz')).status).toBe(200);
  await connection.request({ op: 'query', sql: 'PRAGMA query_only = 0', params: [] });
});

test('while it stops it is not ready', async () => {
  await serve();
  await app.sync.close();
  expect(await get('/readyz')).toEqual({ status: 503, text: '{"ready":false,"reason":"draining"}' });
});

describe('who may read the metrics', () => {
  const strange: Record<string, string> = { 'x-forwarded-for': '203.0.113.7' };
  const proxied: Record<string, string> = { forwarded: 'for=203.0.113.7' };
  const rebound: Record<string, string> = { host: 'rebound.example' };

  test('this machine, or whoever has the token; anybody hears whether it lives and is ready', async () => {
    await serve();
    expect((await get('/metrics')).status).toBe(200);
    for (const headers of [strange, rebound, proxied]) {
      expect((await get('/metrics', headers)).status).toBe(401);
      expect(await get('/healthz', headers)).toEqual({ status: 200, text: 'ok\n' });
      expect(await get('/readyz', headers)).toEqual({ status: 200, text: 'ready\n' });
      expect((await get('/metrics', { ...headers, authorization: `Bearer ${TOKEN}` })).status).toBe(200);
      expect((await get('/metrics', { ...headers, authorization: 'Bearer wrong' })).status).toBe(401);
    }
  });

  test('behind a proxy this machine is nobody’s word, unless the proxy is trusted to name addresses', async () => {
    await serve({ ORIGIN: 'https://huigao.example.cn' });
    expect((await get('/metrics')).status).toBe(401);
    await new Promise((resolve) => http.close(resolve));
    await app.close();
    await serve({ ORIGIN: 'https://huigao.example.cn', TRUST_PROXY: '1' });
    expect((await get('/metrics', strange)).status).toBe(401);
    expect((await get('/metrics')).status).toBe(200);
  });
});
