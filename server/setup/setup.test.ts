import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseContent } from '#lib/report/parse.ts';
import { openApp, type App } from '../app.ts';
import { readConfig } from '../config.ts';
import { OPERATOR } from '../operator.ts';
import { exampleContent } from './example-report.ts';
import { openSetup } from './setup.ts';

let dir: string;
let app: App;
beforeEach(async () => {
  vi.stubEnv('LOG_LEVEL', 'silent');
  dir = await mkdtemp(join(tmpdir(), 'huigao-setup-'));
  app = await openApp(readConfig({ HUIGAO_DATA: dir }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await app.close();
  await rm(dir, { recursive: true, force: true });
});

const lines = () => app.store.db.selectFrom('audit').select(['act', 'actorId']).execute();
const NEW = {
  workspace: '云禾县政府办公室',
  admin: { username: 'Boss', name: '沈知远', password: 'a-long-password' },
};

test('an empty directory becomes a workspace with its administrator, once', async () => {
  expect(await app.setup.isDone()).toBe(false);
  const outcome = await app.setup.create(null, NEW);
  const account = { ...NEW.admin, username: 'boss', department: null, role: 'admin' };
  expect(outcome).toEqual({
    ok: true,
    value: { workspace: NEW.workspace, accounts: [account], reports: [] },
  });
  expect(await app.setup.isDone()).toBe(true);
  expect(await app.workspace.name()).toBe(NEW.workspace);
  expect(await lines()).toEqual([{ act: 'workspace.created', actorId: null }]);
  expect(await app.setup.create(null, NEW)).toEqual({ ok: false, code: 'already_set_up' });
  expect(await app.setup.createExample(OPERATOR)).toEqual({ ok: false, code: 'already_set_up' });
});

test('of two set-ups at once one wins and the other leaves nothing', async () => {
  const outcomes = await Promise.all([app.setup.create(null, NEW), app.setup.createExample(OPERATOR)]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  const people = await app.store.db.selectFrom('user').select('id').execute();
  expect([1, 5]).toContain(people.length);
});

test.each([
  [{ ...NEW, workspace: ' ' }, 'workspace'],
  [{ ...NEW, admin: { ...NEW.admin, username: '!' } }, 'username'],
  [{ ...NEW, admin: { ...NEW.admin, name: '' } }, 'name'],
  [{ ...NEW, admin: { ...NEW.admin, password: '1234567' } }, 'password'],
])('a wrong field is named and nothing is written (%#)', async (input, field) => {
  expect(await app.setup.create(null, input)).toEqual({ ok: false, code: 'invalid', detail: field });
  expect(await app.setup.isDone()).toBe(false);
});

test('the example: two departments write, the reviewer comments, the publisher waits', async () => {
  const outcome = await app.setup.createExample(OPERATOR);
  expect(await lines()).toEqual([{ act: 'workspace.created', actorId: 'cli' }]);
  if (!outcome.ok) throw new Error(outcome.code);
  const { accounts, reports } = outcome.value;
  expect(new Set(accounts.map(({ password }) => password)).size).toBe(5);
  const reportId = reports[0]?.id ?? '';
  const given = [];
  for (const { username, password } of accounts) {
    const caller = { address: '192.0.2.1', userAgent: null };
    const signedIn = await app.auth.signIn({ username, password }, caller);
    if (!signedIn.ok) throw new Error(signedIn.code);
    given.push([username, (await app.reports.access(signedIn.value.actor, reportId))?.given]);
  }
  expect(Object.fromEntries(given)).toEqual({
    admin: null,
    songyutong: null,
    linxiaohe: 'owner',
    fanglicheng: 'editor',
    hejingyi: 'commenter',
  });
});

test("the example's report is one the strict parser takes, of the length that is asked for", () => {
  const parsed = parseContent(exampleContent());
  expect(parsed.ok).toBe(true);
  const text = JSON.stringify(exampleContent()).match(/[\p{Script=Han}\d]/gu) ?? [];
  expect(text.length).toBeGreaterThan(1200);
  expect(text.length).toBeLessThan(2400);
});

test('strangers who can reach the page need the token, also through a proxy on this machine', () => {
  const { db } = app.store;
  const open = (env: NodeJS.ProcessEnv) => openSetup(readConfig(env), db);
  expect(open({}).needsToken).toBe(false);
  expect(open({ ORIGIN: 'http://localhost:8080' }).needsToken).toBe(false);
  for (const env of [{ HOST: '0.0.0.0' }, { HOST: '::' }, { ORIGIN: 'https://huigao.example.cn' }]) {
    const setup = open(env);
    expect(setup.needsToken).toBe(true);
    expect([null, '', 'x', `${setup.token}x`].map((token) => setup.accepts(token))).not.toContain(true);
    expect(setup.accepts(setup.token)).toBe(true);
    expect(setup.token).not.toBe(open(env).token);
  }
});
