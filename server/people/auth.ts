/**
 * Signing in and out, on better-auth: user names, scrypt passwords, sessions in the database. None of
 * its routes is mounted; the few we offer (`src/routes/api/auth`) call the use cases here.
 */
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import { username } from 'better-auth/plugins';
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import { isStorageFull } from '#lib/http/storage.ts';
import { WORKSPACE_ROLES, type Actor, type WorkspaceRole } from '#lib/review/permissions.ts';
import type { Config } from '../config.ts';
import type { Events } from '../events.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome, type Refusal } from '../outcome.ts';
import type { Store } from '../store/store.ts';
import { ACCOUNT_RULE, ADDRESS_RULE, countFailure, forgetFailures, lockedFor, lockKey } from './lockout.ts';
import { isPassword, isUsername, normalUsername, PASSWORD_LENGTH } from './names.ts';
import type { People } from './people.ts';

export interface SignedIn {
  actor: Actor;
  sessionId: string;
}

/** Who is at the other end, for sessions and for the lock. */
export interface Caller {
  address: string;
  userAgent: string | null;
}

/** `too_many` carries the seconds until the next try. */
export type SignInRefusal = Refusal & { retryAfter?: number };
/** `setCookie` are whole Set-Cookie headers for the answer. */
export type SignInOutcome = { ok: true; value: { actor: Actor; setCookie: string[] } } | SignInRefusal;

export interface Auth {
  /**
   * Refused with `wrong_password` (also for an unknown name), `forbidden` (right password, disabled
   * account) or `too_many`. Without `remember` the session ends with the browser, and after a day.
   */
  signIn(
    input: { username: string; password: string; remember?: boolean },
    caller: Caller,
  ): Promise<SignInOutcome>;
  /** Who sends these headers, by their cookie; null: nobody, or no longer. */
  authenticate(headers: Headers | IncomingHttpHeaders): Promise<SignedIn | null>;
  /** The same for a page, with the cookies that prolong or clear the session. */
  session(headers: Headers): Promise<{ signedIn: SignedIn | null; setCookie: string[] }>;
  signOut(headers: Headers): Promise<{ setCookie: string[] }>;
  /**
   * Changes the password of whoever sends the headers and ends their other sessions. Refused with
   * `not_signed_in`, `wrong_password`, `invalid` (the new one), or `too_many`.
   */
  changePassword(
    headers: Headers,
    input: { current: string; next: string },
  ): Promise<{ ok: true; value: null } | SignInRefusal>;
}

const DAY = 24 * 60 * 60;

function optionsOf(config: Config, store: Store, secret: string) {
  return {
    appName: 'Huigao',
    baseURL: config.origin ?? `http://localhost:${config.port}`,
    secret,
    // better-auth types its Kysely with any tables.
    database: { db: store.db, type: 'sqlite' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    user: {
      additionalFields: {
        role: { type: 'string', input: false },
        departmentId: { type: 'string', required: false, input: false },
        disabled: { type: 'boolean', input: false },
      },
    },
    session: { expiresIn: 7 * DAY, updateAge: DAY },
    plugins: [
      username({
        minUsernameLength: 2,
        maxUsernameLength: 32,
        usernameNormalization: normalUsername,
        usernameValidator: isUsername,
        validationOrder: { username: 'post-normalization' },
      }),
    ],
    advanced: {
      cookiePrefix: 'huigao',
      useSecureCookies: config.origin?.startsWith('https:') ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: ['x-huigao-address'] },
    },
    telemetry: { enabled: false },
  } satisfies BetterAuthOptions;
}

/** Only what a session needs, so that nothing else in a request can matter. */
function cookiesOf(headers: Headers | IncomingHttpHeaders): Headers {
  const cookie = headers instanceof Headers ? headers.get('cookie') : headers.cookie;
  return new Headers(cookie ? { cookie } : {});
}

const isRole = (role: unknown): role is WorkspaceRole =>
  typeof role === 'string' && (WORKSPACE_ROLES as readonly string[]).includes(role);

const tooMany = (milliseconds: number): SignInRefusal => {
  const retryAfter = Math.ceil(milliseconds / 1000);
  return { ...refuse('too_many', `${retryAfter} s`), retryAfter };
};

/** What signing in needs of the server. */
export interface AuthDeps {
  log: Logger;
  store: Store;
  events: Pick<Events, 'emit'>;
  people: People;
}

export function openAuth(config: Config, secret: string, { log, store, events, people }: AuthDeps): Auth {
  const { db } = store;
  const auth = betterAuth({
    ...optionsOf(config, store, secret),
    logger: {
      // Wrong passwords are everyday; what better-auth calls an error is ours to know.
      level: 'error',
      log: (level, message) => log[level === 'error' ? 'error' : 'info']({ part: 'auth' }, message),
    },
  });

  const find = (headers: Headers, mayProlong: boolean) =>
    auth.api.getSession({ headers, query: { disableRefresh: !mayProlong }, returnHeaders: true });

  /** Nobody is sent away because a session cannot be prolonged; null: one that ran out cannot be removed. */
  async function findOnFullDisk(headers: Headers, error: unknown) {
    if (!isStorageFull(error)) throw error;
    return find(headers, false).catch((again: unknown) => {
      if (isStorageFull(again)) return null;
      throw again;
    });
  }

  async function read(headers: Headers | IncomingHttpHeaders, mayProlong: boolean) {
    const cookies = cookiesOf(headers);
    const answer = await find(cookies, mayProlong).catch((error: unknown) => findOnFullDisk(cookies, error));
    if (answer === null) return { signedIn: null, setCookie: [] };
    const setCookie = answer.headers.getSetCookie();
    const found = answer.response;
    if (found === null || found.user.disabled || !isRole(found.user.role))
      return { signedIn: null, setCookie };
    const { id: userId, name, role, departmentId = null } = found.user;
    return {
      signedIn: { actor: { userId, name, role, departmentId }, sessionId: found.session.id },
      setCookie,
    };
  }

  /** Whose user name this is; null: nobody's. */
  async function holderOf(name: string): Promise<string | null> {
    const row = await db
      .selectFrom('user')
      .select('id')
      .where('username', '=', normalUsername(name))
      .executeTakeFirst();
    return row?.id ?? null;
  }

  async function signInKnown(
    input: { username: string; password: string; remember?: boolean },
    caller: Caller,
  ): Promise<Outcome<{ userId: string; setCookie: string[] }>> {
    const headers = new Headers({ 'x-huigao-address': caller.address });
    if (caller.userAgent !== null) headers.set('user-agent', caller.userAgent);
    try {
      const { response, headers: answer } = await auth.api.signInUsername({
        body: { username: input.username, password: input.password, rememberMe: input.remember ?? true },
        headers,
        returnHeaders: true,
      });
      if (response === null) return refuse('wrong_password');
      return done({ userId: response.user.id, setCookie: answer.getSetCookie() });
    } catch (error) {
      // Unknown name, wrong password, a name or password of impossible form: all the same to a stranger.
      if (error instanceof APIError && error.statusCode < 500) return refuse('wrong_password');
      throw error;
    }
  }

  return {
    session: (headers) => read(headers, true),
    // A socket has no answer to carry a new cookie, so it must not prolong the session.
    authenticate: async (headers) => (await read(headers, false)).signedIn,
    async signIn(input, caller) {
      const now = Date.now();
      const account = lockKey('account', normalUsername(input.username));
      const address = lockKey('address', caller.address);
      const addressLock = await lockedFor(db, address, now);
      if (addressLock > 0) return tooMany(addressLock);
      // Counted before the password is looked at: guesses made at once must not all be free.
      const accountLock = await countFailure(db, account, ACCOUNT_RULE, now);
      if (accountLock > 0) return tooMany(accountLock);
      const outcome = await signInKnown(input, caller);
      if (!outcome.ok) {
        await countFailure(db, address, ADDRESS_RULE, now);
        const locked = await lockedFor(db, account, Date.now());
        const addressLocked = await lockedFor(db, address, Date.now());
        const failed = { userId: await holderOf(input.username), address: caller.address };
        await events.emit(
          { type: 'signIn.failed', ...failed },
          ...(locked > 0 ? [{ type: 'signIn.locked', lock: 'account', ...failed } as const] : []),
          ...(addressLocked > 0 ? [{ type: 'signIn.locked', lock: 'address', ...failed } as const] : []),
        );
        return locked > 0 ? tooMany(locked) : outcome;
      }
      await forgetFailures(db, account);
      const actor = await people.actor(outcome.value.userId);
      if (actor === null) {
        await db.deleteFrom('session').where('userId', '=', outcome.value.userId).execute();
        const { userId } = outcome.value;
        await events.emit({ type: 'signIn.failed', userId, address: caller.address });
        return refuse('forbidden');
      }
      await events.emit({ type: 'signIn.done', actor, address: caller.address });
      return done({ actor, setCookie: outcome.value.setCookie });
    },
    async signOut(headers) {
      const { signedIn } = await read(headers, false);
      const answer = await auth.api.signOut({ headers: cookiesOf(headers), returnHeaders: true });
      if (signedIn !== null) {
        people.changed(signedIn.actor.userId);
        await events.emit({ type: 'signOut', actor: signedIn.actor });
      }
      return { setCookie: answer.headers.getSetCookie() };
    },
    async changePassword(headers, { current, next }) {
      const { signedIn } = await read(headers, false);
      if (signedIn === null) return refuse('not_signed_in');
      if (!isPassword(next)) return refuse('invalid', 'newPassword');
      const key = lockKey('account', `change:${signedIn.actor.userId}`);
      const lock = await countFailure(db, key, ACCOUNT_RULE, Date.now());
      if (lock > 0) return tooMany(lock);
      try {
        await auth.api.changePassword({
          headers: cookiesOf(headers),
          body: { currentPassword: current, newPassword: next },
        });
      } catch (error) {
        if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
        const locked = await lockedFor(db, key, Date.now());
        return locked > 0 ? tooMany(locked) : refuse('wrong_password');
      }
      // better-auth would end this session too and begin another: open reports would lose their sockets.
      await db
        .deleteFrom('session')
        .where('userId', '=', signedIn.actor.userId)
        .where('id', '!=', signedIn.sessionId)
        .execute();
      await forgetFailures(db, key);
      people.changed(signedIn.actor.userId);
      await events.emit({ type: 'password.changed', actor: signedIn.actor });
      return done(null);
    },
  };
}
