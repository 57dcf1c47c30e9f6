/** An office for tests of people: the example workspace in a real store, in a directory of its own. */
import { hashPassword } from 'better-auth/crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '#lib/review/permissions.ts';
import { openApp, type App } from '../app.ts';
import { readConfig } from '../config.ts';
import { EXAMPLE_PEOPLE, writeExample } from '../setup/example.ts';
import type { NewAccount } from '../setup/result.ts';
import type { Caller } from './auth.ts';

/** Hashing is slow on purpose, so the test office's people share one password. */
const PASSWORD = 'everybody-knows';
const hash = hashPassword(PASSWORD);

export interface Office {
  app: App;
  admin: Actor;
  member: Actor;
  /** The person with this user name. */
  actor(username: string): Promise<Actor>;
  /** The account whose person has this user name. */
  account(username: string): NewAccount;
  close(): Promise<void>;
}

export const DESK: Caller = { address: '192.0.2.1', userAgent: null };

/** `env` goes beside what every office has. */
export async function openOffice(env: NodeJS.ProcessEnv = {}): Promise<Office> {
  const dir = await mkdtemp(join(tmpdir(), 'huigao-people-'));
  const app = await openApp(readConfig({ HUIGAO_DATA: dir, LOG_LEVEL: 'silent', ...env }));
  const passwordHash = await hash;
  const accounts = EXAMPLE_PEOPLE.map((person) =>
    Object.assign({ password: PASSWORD, passwordHash }, person),
  );
  await app.store.db.transaction().execute((tx) => writeExample(tx, accounts, new Date()));
  const actor = async (username: string): Promise<Actor> => {
    const row = await app.store.db
      .selectFrom('user')
      .select(['id as userId', 'name', 'role', 'departmentId'])
      .where('username', '=', username)
      .executeTakeFirstOrThrow();
    return row;
  };
  return {
    app,
    admin: await actor('admin'),
    member: await actor('linxiaohe'),
    actor,
    account(username) {
      const found = accounts.find((account) => account.username === username);
      if (found === undefined) throw new Error(`nobody is called ${username}`);
      return found;
    },
    async close() {
      await app.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The Cookie header a browser would send after these Set-Cookie headers. */
export function cookieOf(setCookie: readonly string[]): Headers {
  return new Headers({ cookie: setCookie.map((one) => one.split(';')[0]).join('; ') });
}
