/**
 * What a use case answers: a value, or a refusal with a code that the routes turn into a status and a
 * message in the reader's language. A bug throws; a refusal is returned.
 */
export type Outcome<T> = { ok: true; value: T } | Refusal;

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** What was wrong, for the API's reader: a field's name, a limit. Never content. */
  detail?: string;
}

/** Each code has its HTTP status in `src/lib/http` and its message in `messages/`. */
export type RefusalCode =
  | 'not_signed_in'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'conflict'
  | 'last_owner'
  | 'locked'
  | 'too_large'
  | 'unsupported_type'
  | 'too_many'
  | 'storage_full'
  | 'already_set_up'
  | 'wrong_password';

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refuse(code: RefusalCode, detail?: string): Refusal {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}
