import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppEvent } from './event.ts';
import { cookieOf, DESK, openOffice, type Office } from './people/testing.ts';
import { fillDisk } from './store/testing.ts';

let office: Office;
let heard: string[][];
beforeEach(async () => {
  office = await openOffice();
  heard = [];
  office.app.events.on((events) => heard.push(events.map(({ type }) => type)));
});
afterEach(() => office.close());

const lines = () => office.app.store.db.selectFrom('audit').selectAll().orderBy('id').execute();
const acts = async () => (await lines()).map(({ act }) => act);
const renamed = (reportId: string): AppEvent => ({ type: 'report.renamed', actor: office.member, reportId });

test('what an event leaves behind is written with what it tells of, and heard once that is committed', async () => {
  const { events, store } = office.app;
  await events.transaction(async (tx, record) => {
    await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    await record(renamed('one'));
    await record(renamed('two'));
    expect(heard).toEqual([]);
  });
  expect(heard).toEqual([['report.renamed', 'report.renamed']]);
  expect((await lines()).map(({ reportId, actorId }) => [reportId, actorId])).toEqual([
    ['one', office.member.userId],
    ['two', office.member.userId],
  ]);
  expect(await store.db.selectFrom('setting').select('value').where('key', '=', 'a').execute()).toEqual([
    { value: '1' },
  ]);
});

test('what is rolled back leaves no line, and nobody hears of it', async () => {
  const broken = office.app.events.transaction(async (_tx, record) => {
    await record(renamed('one'));
    throw new Error('no');
  });
  await expect(broken).rejects.toThrow('no');
  expect(await acts()).toEqual([]);
  expect(heard).toEqual([]);
});

test('an act that has happened does not fail because it cannot be recorded', async () => {
  const makeRoom = await fillDisk(office.app.store.connection);
  await sql`CREATE TEMP TRIGGER needs_room BEFORE INSERT ON audit BEGIN
    INSERT INTO setting VALUES ('room', hex(zeroblob(100000))); END`.execute(office.app.store.db);
  await office.app.events.emit(renamed('one'));
  expect(heard).toEqual([]);
  await makeRoom();
});

test('no line of the audit log can be changed, removed or replaced', async () => {
  const { db } = office.app.store;
  await office.app.events.emit(renamed('one'));
  const before = await lines();
  const refused = 'the audit log is append-only';
  await expect(db.updateTable('audit').set({ act: 'signOut' }).execute()).rejects.toThrow(refused);
  await expect(db.deleteFrom('audit').execute()).rejects.toThrow(refused);
  const replace = sql`INSERT OR REPLACE INTO audit SELECT * FROM audit`.execute(db);
  await expect(replace).rejects.toThrow(refused);
  expect(await lines()).toEqual(before);
});

test('every act on a report leaves its line, and an administrator’s on another’s report is marked', async () => {
  const { app, admin, member } = office;
  const { reports } = app;
  const created = await reports.create(member, { from: 'template', template: 'blank', title: '治水' });
  if (!created.ok) throw new Error(created.code);
  const { id } = created.value;
  const person = { kind: 'person', id: admin.userId } as const;
  await reports.share(member, id, person, 'viewer');
  await reports.share(member, id, person, 'viewer');
  await reports.share(member, id, person, 'editor');
  await reports.unshare(member, id, person);
  await reports.unshare(member, id, person);
  await reports.rename(admin, id, '治水记');
  await reports.setStatus(admin, id, 'review');
  await reports.setStatus(admin, id, 'review');
  await app.exportReport(admin, id, 'markdown');
  await reports.duplicate(admin, id);
  await reports.trash(member, id);
  await reports.restore(member, id);
  expect(await reports.trash(await office.actor('songyutong'), id)).toMatchObject({ ok: false });
  const all = await lines();
  expect(all.map(({ act, asAdmin, detail }) => [act, asAdmin, JSON.parse(detail)])).toEqual([
    ['report.created', 0, {}],
    ['report.shared', 0, { role: 'viewer' }],
    ['report.shareChanged', 0, { from: 'viewer', to: 'editor' }],
    ['report.unshared', 0, { from: 'editor' }],
    ['report.renamed', 1, {}],
    ['report.statusChanged', 1, { from: 'draft', to: 'review' }],
    ['report.exported', 1, { format: 'markdown' }],
    ['report.duplicated', 0, { from: id }],
    ['report.trashed', 0, {}],
    ['report.restored', 0, {}],
  ]);
  expect(JSON.stringify(all)).not.toContain('治水');
});

test('signing in, failing to, being locked, and signing out leave lines without names or passwords', async () => {
  const { auth } = office.app;
  const { password } = office.account('linxiaohe');
  const entered = await auth.signIn({ username: 'linxiaohe', password }, DESK);
  if (!entered.ok) throw new Error(entered.code);
  await auth.signOut(cookieOf(entered.value.setCookie));
  await auth.signIn({ username: 'my-secret-typed-here', password: 'wrong-secret' }, DESK);
  for (let n = 0; n < 6; n++) await auth.signIn({ username: 'linxiaohe', password: 'wrong-secret' }, DESK);
  const all = await lines();
  const member = office.member.userId;
  expect(all.map(({ act, actorId, subjectId, address }) => [act, actorId, subjectId, address])).toEqual([
    ['signIn.done', member, null, DESK.address],
    ['signOut', member, null, null],
    ['signIn.failed', null, null, DESK.address],
    ...Array.from({ length: 5 }, () => ['signIn.failed', null, member, DESK.address]),
    ['signIn.locked', null, member, DESK.address],
  ]);
  expect(JSON.stringify(all)).not.toContain('secret');
});

test('what administrators do with people, departments and the workspace leaves lines', async () => {
  const { admin, app } = office;
  const { departments, people, store, workspace } = app;
  await store.db.insertInto('setting').values({ key: 'workspace.name', value: '云禾县' }).execute();
  const department = await departments.create(admin, '水务局');
  if (!department.ok) throw new Error(department.code);
  const { id } = department.value;
  await departments.rename(admin, id, '水利局');
  await departments.rename(admin, id, '水利局');
  const created = await people.create(admin, {
    username: 'zhou',
    name: '周小满',
    role: 'member',
    departmentId: null,
  });
  if (!created.ok) throw new Error(created.code);
  await people.update(admin, created.value.id, { name: '周小满', email: 'z@example.cn', role: 'publisher' });
  await people.update(admin, created.value.id, { disabled: true });
  await people.update(admin, created.value.id, { disabled: false });
  await people.resetPassword(admin, created.value.id);
  await departments.remove(admin, id);
  await workspace.rename(admin, '岚亭县');
  const all = await lines();
  expect(all.map(({ act, detail }) => [act, JSON.parse(detail)])).toEqual([
    ['department.created', { name: '水务局' }],
    ['department.renamed', { from: '水务局', to: '水利局' }],
    ['person.created', { role: 'member' }],
    ['person.changed', { fields: 'role email', role: 'publisher' }],
    ['person.disabled', {}],
    ['person.enabled', {}],
    ['password.reset', {}],
    ['department.removed', { name: '水利局' }],
    ['workspace.renamed', { from: '云禾县', to: '岚亭县' }],
  ]);
  expect(JSON.stringify(all)).not.toContain('z@example.cn');
  expect(JSON.stringify(all)).not.toContain(created.value.password);
});
