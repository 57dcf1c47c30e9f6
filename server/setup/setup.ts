/** The first visit: an empty data directory becomes a workspace, once. */
import { hashPassword } from 'better-auth/crypto';
import { timingSafeEqual } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Actor } from '#lib/review/permissions.ts';
import { writeAudit } from '../audit/write.ts';
import { isLoopback, type Config } from '../config.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { cleanName, isPassword, isUsername, normalUsername } from '../people/names.ts';
import { insertPerson } from '../people/people.ts';
import { WORKSPACE_NAME } from '../people/workspace.ts';
import type { Database } from '../store/tables.ts';
import { exampleAccounts, writeExample } from './example.ts';
import type { NewAccount, SetUp } from './result.ts';

export interface NewWorkspace {
  workspace: string;
  admin: { username: string; name: string; password: string };
}

export interface Setup {
  isDone(): Promise<boolean>;
  /** Whether strangers could reach the set-up page, so that only the terminal's owner may use it. */
  needsToken: boolean;
  /** What the terminal prints; another with each start. */
  token: string;
  /** Whether this token opens the set-up page; compared in constant time. */
  accepts(token: string | null): boolean;
  /**
   * `actor` null: whoever opened the set-up page, who becomes the administrator. Refused with `invalid`
   * (detail: the field) or `already_set_up`.
   */
  create(actor: Actor | null, input: NewWorkspace): Promise<Outcome<SetUp>>;
  /** The example workspace: an invented county; `actor` as above. Refused with `already_set_up`. */
  createExample(actor: Actor | null): Promise<Outcome<SetUp>>;
}

async function isEmpty(tx: Transaction<Database>): Promise<boolean> {
  const setting = await tx.selectFrom('setting').select('key').executeTakeFirst();
  const person = await tx.selectFrom('user').select('id').executeTakeFirst();
  return setting === undefined && person === undefined;
}

/** Runs `fill` in one transaction, on an empty workspace only. */
function once(
  db: Kysely<Database>,
  actor: Actor | null,
  example: boolean,
  fill: (tx: Transaction<Database>, now: Date) => Promise<SetUp>,
): Promise<Outcome<SetUp>> {
  const now = new Date();
  return db.transaction().execute(async (tx) => {
    if (!(await isEmpty(tx))) return refuse('already_set_up');
    const setUp = await fill(tx, now);
    await writeAudit(tx, { type: 'workspace.created', actor, example }, now);
    await tx.insertInto('setting').values({ key: WORKSPACE_NAME, value: setUp.workspace }).execute();
    return done(setUp);
  });
}

/** A proxy on the same machine brings strangers to a loopback address: ORIGIN tells. */
function isReachable({ host, origin }: Pick<Config, 'host' | 'origin'>): boolean {
  if (!isLoopback(host)) return true;
  return origin !== null && !isLoopback(new URL(origin).hostname);
}

export function openSetup(config: Config, db: Kysely<Database>): Setup {
  const needsToken = isReachable(config);
  const token = newId(24);
  // Once set up, always set up: asked with every request, so it is remembered.
  let isKnownDone = false;

  return {
    needsToken,
    token,
    accepts(given) {
      if (!needsToken) return true;
      const [a, b] = [Buffer.from(given ?? ''), Buffer.from(token)];
      return a.length === b.length && timingSafeEqual(a, b);
    },
    async isDone() {
      isKnownDone ||= !(await db.transaction().execute(isEmpty));
      return isKnownDone;
    },
    async create(actor, input) {
      const workspace = cleanName(input.workspace);
      if (workspace === null) return refuse('invalid', 'workspace');
      const username = normalUsername(input.admin.username);
      if (!isUsername(username)) return refuse('invalid', 'username');
      const name = cleanName(input.admin.name);
      if (name === null) return refuse('invalid', 'name');
      const { password } = input.admin;
      if (!isPassword(password)) return refuse('invalid', 'password');
      const passwordHash = await hashPassword(password);
      return once(db, actor, false, async (tx) => {
        await insertPerson(tx, { username, name, role: 'admin', departmentId: null, passwordHash });
        const account: NewAccount = { username, password, name, department: null, role: 'admin' };
        return { workspace, accounts: [account], reports: [] };
      });
    },
    async createExample(actor) {
      const accounts = await exampleAccounts();
      return once(db, actor, true, (tx, now) => writeExample(tx, accounts, now));
    },
  };
}
