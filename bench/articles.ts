/**
 * The reading site under many concurrent readers, beside the same page from a static file server. Every reader asks
 * again as soon as the page has come. Needs Linux.
 *
 * usage: npm run bench:articles -- [--readers 200] [--seconds 8]
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { usageOf } from './load/proc.ts';
import { Server } from './server.ts';

const { values } = parseArgs({
  options: { readers: { type: 'string', default: '200' }, seconds: { type: 'string', default: '8' } },
});
const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');
/** What autocannon prints. */
interface Report {
  requests: { average: number; total: number };
  latency: { p50: number; p99: number };
  errors: number;
  non2xx: number;
  '3xx': number;
}

/** One measurement of one address. */
interface Row {
  what: string;
  perSecond: number;
  p50: number;
  p99: number;
  /** Processor time of the server, all threads, for each answer, in µs. */
  cpu: number;
}

async function load(url: string, headers: Record<string, string>, seconds: number): Promise<Report> {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = [AUTOCANNON, '-j', '-c', values.readers, '-d', String(seconds), ...given, url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(output) as Report;
}

async function measure(
  what: string,
  server: Server,
  path: string,
  headers: Record<string, string> = {},
): Promise<Row> {
  const url = `http://localhost:${server.target.port}${path}`;
  await load(url, headers, 2);
  const before = usageOf(server.target.pid).cpu;
  const {
    requests,
    latency,
    errors,
    non2xx,
    '3xx': redirected,
  } = await load(url, headers, Number(values.seconds));
  const cpu = ((usageOf(server.target.pid).cpu - before) * 1000) / requests.total;
  // A 304 is no failure where it was asked for.
  const failed = errors + non2xx - ('if-none-match' in headers ? redirected : 0);
  if (failed > 0) throw new Error(`${what}: ${failed} of ${requests.total} failed`);
  return { what, perSecond: requests.average, p50: latency.p50, p99: latency.p99, cpu };
}

/** A public site with one article of some 2,500 characters; answers its path, and a member's cookie. */
async function publish(url: string, accounts: readonly Account[]): Promise<{ path: string; cookie: string }> {
  const call = async (cookie: string, method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(url + path, {
      method,
      headers: { origin: url, cookie, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const signIn = async (role: string): Promise<string> => {
    const account = accounts.find((one) => one.role === role);
    if (account === undefined) throw new Error(`the example has no ${role}`);
    const { username, password } = account;
    const answer = await call('', 'POST', '/api/auth/sign-in/username', { username, password });
    return answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  };
  const [member, publisher, admin] = [
    await signIn('member'),
    await signIn('publisher'),
    await signIn('admin'),
  ];
  const site = new URLSearchParams({ siteName: '', slogan: '', footer: '', audience: 'public' });
  const opened = await fetch(`${url}/admin/settings?/site`, {
    method: 'POST',
    headers: { origin: url, cookie: admin },
    body: site,
  });
  if (!opened.ok) throw new Error(`the site could not be opened: ${opened.status}`);
  const { id } = (await (await call(member, 'POST', '/api/reports', { title: '读者' })).json()) as {
    id: string;
  };
  const paragraph = (text: string, style = 'body') => ({
    type: 'paragraph',
    attrs: { style },
    content: [{ type: 'text', text }],
  });
  const sentence = '坚持节水优先、空间均衡、系统治理、两手发力，把水利建设作为保障民生的基础工程。';
  const content = [
    paragraph('兴水利惠民生 强产业促振兴', 'title'),
    ...Array.from({ length: 8 }, () => paragraph(sentence.repeat(8))),
  ];
  const report = { schema: 1, title: '', content: { type: 'doc', content }, pictures: {} };
  await call(member, 'PUT', `/api/reports/${id}/content`, report);
  await call(member, 'PATCH', `/api/reports/${id}`, { status: 'ready' });
  const { seen } = (await (await call(publisher, 'GET', `/api/reports/${id}/checklist`)).json()) as {
    seen: string;
  };
  const command = { key: crypto.randomUUID(), seen, byline: '编辑', date: '2024-03-01', reason: '测量' };
  const published = await call(publisher, 'POST', `/api/reports/${id}/publish`, command);
  const { number } = (await published.json()) as { number: number };
  return { path: `/articles/${number}`, cookie: member };
}
interface Account {
  username: string;
  password: string;
  role: string;
}

const dir = mkdtempSync(join(tmpdir(), 'huigao-bench-'));
const servers: Server[] = [];
try {
  const env = { HUIGAO_DATA: join(dir, 'data'), PORT: '0', LOG_LEVEL: 'warn' };
  const cli = join(import.meta.dirname, '../server/cli.ts');
  const { stdout } = spawnSync(process.execPath, [cli, 'setup', '--example', '--json'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const { accounts } = JSON.parse(stdout) as { accounts: Account[] };
  const script = '../server/main.ts';
  const huigao = await Server.start({ dialect: 'huigao', script, env, profileDir: null });
  servers.push(huigao);
  const url = `http://localhost:${huigao.target.port}`;
  const { path, cookie } = await publish(url, accounts);
  const page = await fetch(url + path);
  const etag = page.headers.get('etag') ?? '';
  const html = await page.text();
  mkdirSync(join(dir, 'files/articles'), { recursive: true });
  writeFileSync(join(dir, 'files', `${path}.html`), html);
  const args = [join(dir, 'files')];
  const files = await Server.start({ dialect: 'relay', script: 'servers/static.ts', args, profileDir: null });
  servers.push(files);

  const rows = [
    await measure('static file server', files, path),
    await measure('the article, kept', huigao, path),
    await measure('… compressed', huigao, path, { 'accept-encoding': 'gzip' }),
    await measure('… asked whether it changed (304)', huigao, path, { 'if-none-match': etag }),
    await measure('the list, kept', huigao, '/articles'),
    await measure('the article, rendered for a member', huigao, path, { cookie }),
  ];
  const floor = rows[0]?.perSecond ?? Number.NaN;
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(`${values.readers} readers, a page of ${Buffer.byteLength(html)} bytes, ${values.seconds} s each\n`);
  print('| page | answers a second | of the static one | p50 / p99, ms | CPU an answer, µs |');
  print('| --- | ---: | ---: | ---: | ---: |');
  for (const { what, perSecond, p50, p99, cpu } of rows) {
    const share = (perSecond / floor).toFixed(2);
    print(`| ${what} | ${perSecond.toFixed(0)} | ${share} | ${p50} / ${p99} | ${cpu.toFixed(0)} |`);
  }
} finally {
  for (const server of servers) await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
