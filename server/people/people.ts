/** The people of the workspace. Only administrators make and change them; nobody registers alone. */
import { hashPassword } from 'better-auth/crypto';
import { sql, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { canInWorkspace, WORKSPACE_ROLES, type Actor, type WorkspaceRole } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { raiseEveryAccessEpoch } from '../reports/access.ts';
import type { Database } from '../store/tables.ts';
import { forgetFailures, lockKey } from './lockout.ts';
import {
  cleanEmail,
  cleanName,
  isPassword,
  isUsername,
  newPassword,
  normalUsername,
  placeholderEmail,
  realEmail,
} from './names.ts';
import { LANGUAGE, setPreferences } from './preferences.ts';

export interface Person {
  id: string;
  username: string;
  name: string;
  role: WorkspaceRole;
  departmentId: string | null;
  department: string | null;
  hue: number | null;
  /** Null: none is known. */
  email: string | null;
  disabled: boolean;
}

/** What colleagues may know of one another. */
export interface Colleague {
  id: string;
  name: string;
  department: string | null;
  hue: number | null;
}

export interface NewPerson {
  username: string;
  name: string;
  role: WorkspaceRole;
  departmentId: string | null;
  email?: string | null | undefined;
  /** Made up by us when absent. */
  password?: string | undefined;
}

/** What an administrator may change of a person; what is absent stays. */
export interface PersonChange {
  name?: string;
  role?: WorkspaceRole;
  departmentId?: string | null;
  /** Null takes it away. */
  email?: string | null;
  disabled?: boolean;
}

/** A page of {@link People.list}; pages count from 1. */
export interface PeoplePage {
  people: Person[];
  total: number;
  page: number;
  pages: number;
}

export const PEOPLE_PER_PAGE = 50;

export interface People {
  /** Everybody, by department and name; `text` looks in names and user names. Administrators only. */
  list(actor: Actor, query?: { text?: string; page?: number }): Promise<Outcome<PeoplePage>>;
  /** One person, for administrators. Refused with `forbidden` or `not_found`. */
  get(actor: Actor, userId: string): Promise<Outcome<Person>>;
  /** Colleagues who can still sign in, for sharing and presence; at most `limit` (50). */
  search(actor: Actor, text: string, limit?: number): Promise<Colleague[]>;
  /** One colleague, disabled or not; null: nobody has this id. */
  colleague(actor: Actor, userId: string): Promise<Colleague | null>;
  /** One's own user name, to sign in again with; null: the account is gone. */
  ownUsername(actor: Actor): Promise<string | null>;
  /** Whether an e-mail address is known for the actor. */
  hasAddress(actor: Actor): Promise<boolean>;
  /** The language in which the actor reads the pages, kept for what reaches them elsewhere. */
  reads(actor: Actor, locale: string): Promise<void>;
  /** Answers the password, which is kept nowhere. Refused with `forbidden`, `invalid` or `conflict`. */
  create(actor: Actor, person: NewPerson): Promise<Outcome<{ id: string; password: string }>>;
  /**
   * Refused with `forbidden`, `invalid`, `not_found`, or `conflict` when the last administrator would go.
   * Disabling ends the person's sessions, and listeners of {@link onChange} end their sockets.
   */
  update(actor: Actor, userId: string, change: PersonChange): Promise<Outcome<null>>;
  /** Gives a new password, ends all sessions of the person, and lifts the lock after wrong passwords. */
  resetPassword(actor: Actor, userId: string): Promise<Outcome<{ password: string }>>;
  /** The person as an actor, as things stand now; null when unknown or disabled. */
  actor(userId: string): Promise<Actor | null>;
  /** Calls back with the id of each person whose rights or sessions changed. Answers a disposer. */
  onChange(listener: (userId: string) => void): () => void;
  /** Tells the listeners; for those who change a person by another way than this. */
  changed(userId: string): void;
}

/** Writes a person with a hashed password. Whoever calls has checked every value. */
export async function insertPerson(
  tx: Transaction<Database>,
  person: Omit<NewPerson, 'password'> & { passwordHash: string },
): Promise<string> {
  const id = newId();
  const at = new Date().toISOString();
  await tx
    .insertInto('user')
    .values({
      id,
      name: person.name,
      email: person.email ?? placeholderEmail(id),
      emailVerified: 0,
      image: null,
      createdAt: at,
      updatedAt: at,
      username: person.username,
      displayUsername: person.username,
      role: person.role,
      departmentId: person.departmentId,
      disabled: 0,
    })
    .execute();
  await tx
    .insertInto('account')
    .values({
      id: newId(),
      accountId: id,
      providerId: 'credential',
      userId: id,
      accessToken: null,
      refreshToken: null,
      idToken: null,
      accessTokenExpiresAt: null,
      refreshTokenExpiresAt: null,
      scope: null,
      password: person.passwordHash,
      createdAt: at,
      updatedAt: at,
    })
    .execute();
  return id;
}

type PersonRow = Omit<Person, 'disabled' | 'email'> & { disabled: 0 | 1; email: string };
const toPerson = (row: PersonRow): Person => ({
  ...row,
  email: realEmail(row.email),
  disabled: row.disabled === 1,
});

const isRole = (role: string): role is WorkspaceRole => (WORKSPACE_ROLES as readonly string[]).includes(role);

/** Whether a column contains the text; `%` and `_` in what people type stand for themselves. */
function like(column: 'user.name' | 'user.username' | 'department.name', text: string) {
  const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`${sql.ref(column)} LIKE ${pattern} ESCAPE '\\'`;
}

async function hasAddress(tx: Transaction<Database>, email: string, except: string | null): Promise<boolean> {
  const row = await tx.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst();
  return row !== undefined && row.id !== except;
}

async function departmentExists(tx: Transaction<Database>, id: string | null): Promise<boolean> {
  if (id === null) return true;
  const row = await tx.selectFrom('department').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

async function hasOtherAdmin(tx: Transaction<Database>, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where('id', '!=', userId)
    .executeTakeFirst();
  return row !== undefined;
}

export function openPeople(db: Kysely<Database>, events: Recording): People {
  const listeners = new Set<(userId: string) => void>();
  const changed = (userId: string) => {
    for (const listener of listeners) listener(userId);
  };

  const withDepartment = () =>
    db
      .selectFrom('user')
      .leftJoin('department', 'department.id', 'user.departmentId')
      .select(['user.id', 'user.name', 'department.name as department', 'department.hue']);

  return {
    async list(actor, { text = '', page: asked = 1 } = {}) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const matching = withDepartment().where(({ or }) => {
        return or([
          like('user.name', text),
          like('user.username', normalUsername(text)),
          like('department.name', text),
        ]);
      });
      const { total } = await matching
        .clearSelect()
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const pages = Math.max(1, Math.ceil(total / PEOPLE_PER_PAGE));
      const page = Math.min(pages, Math.max(1, Math.trunc(asked) || 1));
      const rows = await matching
        .select(['user.username', 'user.role', 'user.departmentId', 'user.email', 'user.disabled'])
        .orderBy('user.disabled')
        .orderBy('department.createdAt')
        .orderBy('department.hue')
        .orderBy('user.name')
        .orderBy('user.id')
        .limit(PEOPLE_PER_PAGE)
        .offset((page - 1) * PEOPLE_PER_PAGE)
        .execute();
      return done({ people: rows.map(toPerson), total, page, pages });
    },
    async get(actor, userId) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const row = await withDepartment()
        .select(['user.username', 'user.role', 'user.departmentId', 'user.email', 'user.disabled'])
        .where('user.id', '=', userId)
        .executeTakeFirst();
      return row === undefined ? refuse('not_found') : done(toPerson(row));
    },
    search: (_actor, text, limit = 50) =>
      withDepartment()
        .where('user.disabled', '=', 0)
        .where(({ or }) => or([like('user.name', text), like('department.name', text)]))
        .orderBy('department.createdAt')
        .orderBy('department.hue')
        .orderBy('user.name')
        .limit(limit)
        .execute(),
    async ownUsername(actor) {
      const row = await db
        .selectFrom('user')
        .select('username')
        .where('id', '=', actor.userId)
        .executeTakeFirst();
      return row?.username ?? null;
    },
    async hasAddress(actor) {
      const row = await db
        .selectFrom('user')
        .select('email')
        .where('id', '=', actor.userId)
        .executeTakeFirst();
      return row !== undefined && realEmail(row.email) !== null;
    },
    reads: (actor, locale) => setPreferences(db, actor.userId, { [LANGUAGE]: locale }),
    async colleague(_actor, userId) {
      return (await withDepartment().where('user.id', '=', userId).executeTakeFirst()) ?? null;
    },
    async create(actor, person) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const username = normalUsername(person.username);
      if (!isUsername(username)) return refuse('invalid', 'username');
      const name = cleanName(person.name);
      if (name === null) return refuse('invalid', 'name');
      if (!isRole(person.role)) return refuse('invalid', 'role');
      const wanted = person.email ?? null;
      const email = wanted === null ? null : cleanEmail(wanted);
      if (wanted !== null && email === null) return refuse('invalid', 'email');
      const password = person.password ?? newPassword();
      if (!isPassword(password)) return refuse('invalid', 'password');
      const passwordHash = await hashPassword(password);
      return events.transaction(async (tx, record): Promise<Outcome<{ id: string; password: string }>> => {
        const taken = await tx
          .selectFrom('user')
          .select('id')
          .where('username', '=', username)
          .executeTakeFirst();
        if (taken !== undefined) return refuse('conflict', 'username');
        if (email !== null && (await hasAddress(tx, email, null))) return refuse('conflict', 'email');
        if (!(await departmentExists(tx, person.departmentId))) return refuse('invalid', 'departmentId');
        const { role, departmentId } = person;
        const id = await insertPerson(tx, { username, name, role, departmentId, email, passwordHash });
        await record({ type: 'person.created', actor, userId: id, role });
        return done({ id, password });
      });
    },
    async update(actor, userId, change) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const name = change.name === undefined ? undefined : cleanName(change.name);
      if (name === null) return refuse('invalid', 'name');
      if (change.role !== undefined && !isRole(change.role)) return refuse('invalid', 'role');
      const { email: wanted } = change;
      const email = typeof wanted === 'string' ? cleanEmail(wanted) : wanted;
      if (typeof wanted === 'string' && email === null) return refuse('invalid', 'email');
      const outcome = await events.transaction(async (tx, record): Promise<Outcome<null>> => {
        const now = await tx
          .selectFrom('user')
          .select(['name', 'role', 'departmentId', 'email', 'disabled'])
          .where('id', '=', userId)
          .executeTakeFirst();
        if (now === undefined) return refuse('not_found');
        if (typeof email === 'string' && (await hasAddress(tx, email, userId)))
          return refuse('conflict', 'email');
        if (!(await departmentExists(tx, change.departmentId ?? null))) {
          return refuse('invalid', 'departmentId');
        }
        const isAdmin = now.role === 'admin' && now.disabled === 0;
        const staysAdmin = (change.role ?? now.role) === 'admin' && !(change.disabled ?? now.disabled === 1);
        if (isAdmin && !staysAdmin && !(await hasOtherAdmin(tx, userId))) {
          return refuse('conflict', 'last administrator');
        }
        await tx
          .updateTable('user')
          .set({
            ...(name !== undefined && { name }),
            ...(email !== undefined && { email: email ?? placeholderEmail(userId) }),
            ...(change.role !== undefined && { role: change.role }),
            ...(change.departmentId !== undefined && { departmentId: change.departmentId }),
            ...(change.disabled !== undefined && { disabled: change.disabled ? 1 : 0 }),
            updatedAt: new Date().toISOString(),
          })
          .where('id', '=', userId)
          .execute();
        if (change.disabled) await tx.deleteFrom('session').where('userId', '=', userId).execute();
        const changesRights = [change.role, change.departmentId, change.disabled].some(
          (one) => one !== undefined,
        );
        if (changesRights) await raiseEveryAccessEpoch(tx);
        const fields = [
          ...(name !== undefined && name !== now.name ? ['name'] : []),
          ...(change.role !== undefined && change.role !== now.role ? ['role'] : []),
          ...(change.departmentId !== undefined && change.departmentId !== now.departmentId
            ? ['department']
            : []),
          ...(email !== undefined && email !== realEmail(now.email) ? ['email'] : []),
        ];
        if (fields.length > 0) {
          const role = fields.includes('role') ? (change.role ?? null) : null;
          await record({ type: 'person.changed', actor, userId, fields, role });
        }
        if (change.disabled !== undefined && change.disabled !== (now.disabled === 1)) {
          await record({ type: change.disabled ? 'person.disabled' : 'person.enabled', actor, userId });
        }
        return done(null);
      });
      if (outcome.ok) changed(userId);
      return outcome;
    },
    async resetPassword(actor, userId) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const password = newPassword();
      const hash = await hashPassword(password);
      const outcome = await events.transaction(async (tx, record): Promise<Outcome<{ password: string }>> => {
        const result = await tx
          .updateTable('account')
          .set({ password: hash, updatedAt: new Date().toISOString() })
          .where('userId', '=', userId)
          .where('providerId', '=', 'credential')
          .executeTakeFirst();
        if (result.numUpdatedRows === 0n) return refuse('not_found');
        await tx.deleteFrom('session').where('userId', '=', userId).execute();
        const { username } = await tx
          .selectFrom('user')
          .select('username')
          .where('id', '=', userId)
          .executeTakeFirstOrThrow();
        await forgetFailures(tx, lockKey('account', username));
        await record({ type: 'password.reset', actor, userId });
        return done({ password });
      });
      if (outcome.ok) changed(userId);
      return outcome;
    },
    async actor(userId) {
      const row = await db
        .selectFrom('user')
        .select(['id as userId', 'name', 'role', 'departmentId'])
        .where('id', '=', userId)
        .where('disabled', '=', 0)
        .executeTakeFirst();
      return row ?? null;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changed,
  };
}
