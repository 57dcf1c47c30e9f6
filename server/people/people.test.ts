import { afterAll, beforeAll, expect, test } from 'vitest';
import { cookieOf, DESK, openOffice, type Office } from './testing.ts';
import { nextHue } from './departments.ts';
import { insertPerson, PEOPLE_PER_PAGE, type NewPerson } from './people.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const newcomer = (username: string): NewPerson => ({
  username,
  name: '周小满',
  role: 'member',
  departmentId: null,
});

test('only administrators see the list and change anybody', async () => {
  const { app, member, admin } = office;
  const refusals = [
    await app.people.list(member),
    await app.people.get(member, admin.userId),
    await app.people.create(member, newcomer('zhou')),
    await app.people.update(member, member.userId, { role: 'admin' }),
    await app.people.resetPassword(member, admin.userId),
    await app.departments.create(member, '县水务局'),
    await app.departments.rename(member, member.departmentId ?? '', '改名'),
    await app.departments.remove(member, member.departmentId ?? ''),
    await app.workspace.rename(member, '改名'),
  ];
  expect(refusals.map((outcome) => (outcome.ok ? 'allowed' : outcome.code))).toEqual(
    Array(refusals.length).fill('forbidden'),
  );
});

test('a person who was made signs in with the password that was made up', async () => {
  const { app, admin } = office;
  const outcome = await app.people.create(admin, newcomer('周小满'));
  if (!outcome.ok) throw new Error(outcome.code);
  const { password } = outcome.value;
  const signedIn = await app.auth.signIn({ username: '周小满', password }, DESK);
  expect(signedIn).toMatchObject({ ok: true, value: { actor: { name: '周小满', role: 'member' } } });
});

test.each([
  [{ username: 'a' }, 'username'],
  [{ username: 'with space' }, 'username'],
  [{ username: '<script>' }, 'username'],
  [{ name: '   ' }, 'name'],
  [{ name: '字'.repeat(41) }, 'name'],
  [{ password: 'short' }, 'password'],
  [{ email: 'nobody' }, 'email'],
  [{ email: 'someone@users.invalid' }, 'email'],
  [{ departmentId: 'nowhere' }, 'departmentId'],
])('a person with %o is refused, naming the field', async (wrong, field) => {
  const outcome = await office.app.people.create(office.admin, { ...newcomer('fresh'), ...wrong });
  expect(outcome).toEqual({ ok: false, code: 'invalid', detail: field });
});

test('a user name is taken in every case and width', async () => {
  const { app, admin } = office;
  for (const username of ['linxiaohe', 'LINXIAOHE', 'ｌｉｎｘｉａｏｈｅ']) {
    expect(await app.people.create(admin, newcomer(username))).toMatchObject({ code: 'conflict' });
  }
});

test('an address is optional, belongs to one person, and can be given, changed and taken away', async () => {
  const { app, admin } = office;
  const made = await app.people.create(admin, { ...newcomer('mailed'), email: ' Zhou@Example.gov.cn ' });
  const other = await app.people.create(admin, newcomer('unmailed'));
  if (!made.ok || !other.ok) throw new Error('not made');
  const emailOf = async (id: string) => {
    const found = await app.people.get(admin, id);
    return found.ok ? found.value.email : found.code;
  };
  expect(await emailOf(made.value.id)).toBe('zhou@example.gov.cn');
  expect(await emailOf(other.value.id)).toBeNull();
  const taken = { ok: false, code: 'conflict', detail: 'email' };
  expect(await app.people.update(admin, other.value.id, { email: 'zhou@example.gov.cn' })).toEqual(taken);
  expect(await app.people.update(admin, made.value.id, { email: null })).toMatchObject({ ok: true });
  expect(await app.people.update(admin, other.value.id, { email: 'zhou@example.gov.cn' })).toMatchObject({
    ok: true,
  });
  expect([await emailOf(made.value.id), await emailOf(other.value.id)]).toEqual([
    null,
    'zhou@example.gov.cn',
  ]);
});

test('the last administrator can be neither demoted nor disabled, a second one can', async () => {
  const { app, admin } = office;
  const last = { ok: false, code: 'conflict', detail: 'last administrator' };
  expect(await app.people.update(admin, admin.userId, { role: 'member' })).toEqual(last);
  expect(await app.people.update(admin, admin.userId, { disabled: true })).toEqual(last);
  const second = await app.people.create(admin, { ...newcomer('second'), role: 'admin' });
  if (!second.ok) throw new Error(second.code);
  expect(await app.people.update(admin, second.value.id, { disabled: true })).toMatchObject({ ok: true });
  // A disabled administrator does not count.
  expect(await app.people.update(admin, admin.userId, { role: 'member' })).toEqual(last);
});

test('of two administrators who demote each other at once one stays', async () => {
  const { app, admin } = office;
  const other = await app.people.create(admin, { ...newcomer('other-admin'), role: 'admin' });
  if (!other.ok) throw new Error(other.code);
  const outcomes = await Promise.all([
    app.people.update(admin, admin.userId, { role: 'member' }),
    app.people.update(admin, other.value.id, { role: 'member' }),
  ]);
  expect(outcomes.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  await app.people.update(admin, admin.userId, { role: 'admin' });
  await app.people.update(admin, other.value.id, { role: 'member' });
});

test('a reset password ends every session and replaces the old one', async () => {
  const { app, admin, account } = office;
  const reviewer = account('hejingyi');
  const before = await app.auth.signIn(reviewer, DESK);
  if (!before.ok) throw new Error(before.code);
  const outcome = await app.people.resetPassword(admin, before.value.actor.userId);
  if (!outcome.ok) throw new Error(outcome.code);
  expect(await app.auth.authenticate(cookieOf(before.value.setCookie))).toBeNull();
  expect((await app.auth.signIn(reviewer, DESK)).ok).toBe(false);
  expect((await app.auth.signIn({ ...reviewer, password: outcome.value.password }, DESK)).ok).toBe(true);
});

test('a reset password lifts the lock after wrong ones', async () => {
  const { app, admin, account } = office;
  const publisher = account('songyutong');
  const guess = { username: publisher.username, password: 'wrong-password' };
  for (let n = 0; n < 5; n++) await app.auth.signIn(guess, DESK);
  expect(await app.auth.signIn(publisher, DESK)).toMatchObject({ code: 'too_many' });
  const [found] = await app.people.search(admin, publisher.name);
  const outcome = await app.people.resetPassword(admin, found?.id ?? '');
  if (!outcome.ok) throw new Error(outcome.code);
  expect((await app.auth.signIn({ ...publisher, password: outcome.value.password }, DESK)).ok).toBe(true);
});

test('the list pages, and finds by name, user name and department; % and _ stand for themselves', async () => {
  const { app, admin } = office;
  await app.store.db.transaction().execute(async (tx) => {
    for (let n = 0; n < PEOPLE_PER_PAGE; n++) {
      await insertPerson(tx, { ...newcomer(`many${n}`), name: `许多${n}`, passwordHash: 'none' });
    }
  });
  const read = async (text: string, page = 1) => {
    const outcome = await app.people.list(admin, { text, page });
    if (!outcome.ok) throw new Error(outcome.code);
    return outcome.value;
  };
  const [first, second] = [await read(''), await read('', 2)];
  expect([first.people.length, first.pages, second.people.length]).toEqual([50, 2, first.total - 50]);
  expect(new Set([...first.people, ...second.people].map(({ id }) => id)).size).toBe(first.total);
  expect((await read('', 99)).page).toBe(2);
  expect((await read('晓禾')).people.map(({ username }) => username)).toEqual(['linxiaohe']);
  expect((await read('LINX')).people.map(({ name }) => name)).toEqual(['林晓禾']);
  expect((await read('发展和改革')).people.map(({ name }) => name)).toEqual(['方立诚']);
  expect((await read('%')).total).toBe(0);
  expect((await read('_')).total).toBe(0);
  await app.people.create(admin, newcomer('zhou_min'));
  expect((await read('u_m')).people.map(({ username }) => username)).toEqual(['zhou_min']);
});

test('colleagues are found for sharing without user names, and disabled ones are not', async () => {
  const { app, admin, member } = office;
  const found = await app.people.search(member, '立诚');
  expect(found).toEqual([{ id: expect.any(String), name: '方立诚', department: '县发展和改革局', hue: 2 }]);
  const id = found[0]?.id ?? '';
  await app.people.update(admin, id, { disabled: true });
  expect(await app.people.search(member, '立诚')).toEqual([]);
  expect(await app.people.colleague(member, id)).toMatchObject({ name: '方立诚' });
  expect(await app.people.actor(id)).toBeNull();
});

test('departments get distinct hues until all twelve are taken', () => {
  const hues: number[] = [];
  for (let n = 0; n < 13; n++) hues.push(nextHue(hues));
  expect(new Set(hues.slice(0, 12)).size).toBe(12);
  expect(nextHue([0, 1, 3])).toBe(2);
  expect(hues[12]).toBe(0);
});

test('a department in use stays, an empty one goes, and names are unique', async () => {
  const { app, admin, member } = office;
  expect(await app.departments.create(admin, '县教育局')).toMatchObject({ code: 'conflict' });
  const made = await app.departments.create(admin, ' 县  水务局 ');
  if (!made.ok) throw new Error(made.code);
  expect(made.value).toMatchObject({ name: '县 水务局', hue: 3 });
  expect(await app.departments.rename(admin, made.value.id, '县教育局')).toMatchObject({ code: 'conflict' });
  expect(await app.departments.remove(admin, made.value.id)).toMatchObject({ ok: true });
  expect(await app.departments.remove(admin, made.value.id)).toMatchObject({ code: 'not_found' });
  expect(await app.departments.remove(admin, member.departmentId ?? '')).toMatchObject({ code: 'conflict' });
});

test('a change is told to whoever listens, and only when it was made', async () => {
  const { app, admin, member } = office;
  const heard: string[] = [];
  const stop = app.people.onChange((userId) => heard.push(userId));
  await app.people.update(admin, member.userId, { name: '' });
  await app.people.update(admin, member.userId, { name: '林晓禾' });
  stop();
  await app.people.update(admin, member.userId, { name: '林晓禾' });
  expect(heard).toEqual([member.userId]);
});
