import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADDRESS_RULE, countFailure, lockKey } from './lockout.ts';
import { sql } from 'kysely';
import { fillDisk } from '../store/testing.ts';
import { cookieOf, DESK, openOffice, type Office } from './testing.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

async function enter(username: string, password = office.account(username).password): Promise<Headers> {
  const outcome = await office.app.auth.signIn({ username, password }, DESK);
  if (!outcome.ok) throw new Error(outcome.code);
  return cookieOf(outcome.value.setCookie);
}

test('the right password signs in, whatever the case and width of the user name', async () => {
  const { password } = office.account('linxiaohe');
  for (const username of ['linxiaohe', 'LinXiaoHe', ' ｌｉｎｘｉａｏｈｅ ']) {
    const outcome = await office.app.auth.signIn({ username, password }, DESK);
    expect(outcome).toMatchObject({ ok: true, value: { actor: office.member } });
  }
});

test('the cookie is for http only, of this site only, and says who is there', async () => {
  const { password } = office.account('linxiaohe');
  const outcome = await office.app.auth.signIn({ username: 'linxiaohe', password }, DESK);
  if (!outcome.ok) throw new Error(outcome.code);
  expect(outcome.value.setCookie.join()).toMatch(/; HttpOnly; SameSite=Lax$/);
  const found = await office.app.auth.authenticate(cookieOf(outcome.value.setCookie));
  expect(found?.actor).toEqual(office.member);
});

test('without "remember" the cookie ends with the browser', async () => {
  const { password } = office.account('linxiaohe');
  const input = { username: 'linxiaohe', password, remember: false };
  const outcome = await office.app.auth.signIn(input, DESK);
  if (!outcome.ok) throw new Error(outcome.code);
  const session = outcome.value.setCookie.find((cookie) => cookie.includes('session_token'));
  expect(session).not.toMatch(/Max-Age|Expires/i);
});

test('a cookie that was tampered with is nobody', async () => {
  const headers = await enter('linxiaohe');
  const forged = (headers.get('cookie') ?? '').replace(/=(.)/, (_, first: string) =>
    first === 'a' ? '=b' : '=a',
  );
  expect(await office.app.auth.authenticate(new Headers({ cookie: forged }))).toBeNull();
  expect(await office.app.auth.authenticate({})).toBeNull();
});

test('five failures lock a known and an unknown name alike, and the right password no longer helps', async () => {
  const answers = async (username: string, last: string) => {
    const seen = [];
    for (let n = 0; n < 5; n++) {
      seen.push(await office.app.auth.signIn({ username, password: 'wrong-password' }, DESK));
    }
    seen.push(await office.app.auth.signIn({ username, password: last }, DESK));
    return seen.map((outcome) => (outcome.ok ? 'in' : outcome.code));
  };
  const known = await answers('linxiaohe', office.account('linxiaohe').password);
  expect(known).toEqual([...Array<string>(4).fill('wrong_password'), 'too_many', 'too_many']);
  expect(await answers('nobody', 'whatever-it-is')).toEqual(known);
});

test('fifty failures from one address lock that address for every name, and no other address', async () => {
  const { auth, store } = office.app;
  const address = lockKey('address', DESK.address);
  for (let n = 0; n < 49; n++) await countFailure(store.db, address, ADDRESS_RULE, Date.now());
  const stranger = { username: 'nobody', password: 'wrong-password' };
  expect(await auth.signIn(stranger, DESK)).toMatchObject({ code: 'wrong_password' });
  const input = { username: 'linxiaohe', password: office.account('linxiaohe').password };
  expect(await auth.signIn(input, DESK)).toMatchObject({ ok: false, code: 'too_many', retryAfter: 300 });
  expect((await auth.signIn(input, { ...DESK, address: '192.0.2.2' })).ok).toBe(true);
});

test('signing out ends this session and no other', async () => {
  const [here, there] = [await enter('linxiaohe'), await enter('linxiaohe')];
  await office.app.auth.signOut(here);
  expect(await office.app.auth.authenticate(here)).toBeNull();
  expect((await office.app.auth.authenticate(there))?.actor).toEqual(office.member);
});

test('a new password ends the other sessions, keeps this one, and is the one that counts', async () => {
  const [here, there] = [await enter('linxiaohe'), await enter('linxiaohe')];
  const { auth } = office.app;
  const current = office.account('linxiaohe').password;
  const next = '翻山越岭去上学2024';
  expect(await auth.changePassword(here, { current: 'wrong-one', next })).toMatchObject({
    code: 'wrong_password',
  });
  expect(await auth.changePassword(here, { current, next: 'short' })).toMatchObject({ code: 'invalid' });
  expect(await auth.changePassword(here, { current, next })).toMatchObject({ ok: true });
  expect(await auth.authenticate(here)).not.toBeNull();
  expect(await auth.authenticate(there)).toBeNull();
  expect((await auth.signIn({ username: 'linxiaohe', password: current }, DESK)).ok).toBe(false);
  await enter('linxiaohe', next);
});

test('guessing the current password while signed in is locked as well', async () => {
  const headers = await enter('linxiaohe');
  const guess = () => office.app.auth.changePassword(headers, { current: 'wrong-one', next: 'long-enough' });
  for (let n = 0; n < 4; n++) expect(await guess()).toMatchObject({ code: 'wrong_password' });
  expect(await guess()).toMatchObject({ code: 'too_many' });
  const current = office.account('linxiaohe').password;
  const change = office.app.auth.changePassword(headers, { current, next: 'long-enough' });
  expect(await change).toMatchObject({ code: 'too_many' });
});

test('a disabled person has no session, and is told so only with the right password', async () => {
  const headers = await enter('linxiaohe');
  const changed: string[] = [];
  office.app.people.onChange((userId) => changed.push(userId));
  await office.app.people.update(office.admin, office.member.userId, { disabled: true });
  expect(changed).toEqual([office.member.userId]);
  expect(await office.app.auth.authenticate(headers)).toBeNull();
  const { password } = office.account('linxiaohe');
  const signIn = (word: string) => office.app.auth.signIn({ username: 'linxiaohe', password: word }, DESK);
  expect(await signIn('wrong-password')).toMatchObject({ code: 'wrong_password' });
  expect(await signIn(password)).toMatchObject({ code: 'forbidden' });
  await office.app.people.update(office.admin, office.member.userId, { disabled: false });
  expect((await signIn(password)).ok).toBe(true);
});

test('on a full disk nobody is sent away because the session cannot be prolonged', async () => {
  const headers = await enter('linxiaohe');
  const { db, connection } = office.app.store;
  // A session is prolonged a day after it was; here that takes more room than there is.
  const twoDaysOn = new Date(Date.now() + 5 * 24 * 3_600_000).toISOString();
  await db.updateTable('session').set({ expiresAt: twoDaysOn }).execute();
  await sql`CREATE TRIGGER needs_room BEFORE UPDATE ON session BEGIN
    INSERT INTO setting VALUES ('room', hex(zeroblob(100000))); END`.execute(db);
  const empty = await fillDisk(connection);
  expect((await office.app.auth.session(headers)).signedIn?.actor).toEqual(office.member);
  await empty();
});
