import type { Outcome, Refusal, RefusalCode } from '#server/outcome.ts';
import { m } from '#lib/paraglide/messages.js';

/** The HTTP status of each refusal. */
export const STATUS: Record<RefusalCode, number> = {
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 400,
  conflict: 409,
  last_owner: 409,
  locked: 409,
  too_large: 413,
  unsupported_type: 415,
  too_many: 429,
  storage_full: 507,
  already_set_up: 409,
  wrong_password: 403,
};

const MESSAGE: Record<RefusalCode, () => string> = {
  not_signed_in: m.error_not_signed_in,
  forbidden: m.error_forbidden,
  not_found: m.error_not_found,
  invalid: m.error_invalid,
  conflict: m.error_conflict,
  last_owner: m.error_last_owner,
  locked: m.error_locked,
  too_large: m.error_too_large,
  unsupported_type: m.error_unsupported_type,
  too_many: m.error_too_many,
  storage_full: m.error_storage_full,
  already_set_up: m.error_already_set_up,
  wrong_password: m.error_wrong_password,
};

/** A refusal by the HTTP layer itself; use cases have their own in `server/outcome.ts`. */
export function refused(code: RefusalCode, detail?: string): Refusal {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}

/** What the API answers when it refuses. `detail` names a field or a limit, never content. */
export interface ErrorBody {
  error: { code: RefusalCode; message: string; detail?: string };
}

/** What happened and what to do, in the language of the request. */
export function refusalMessage({ code, detail }: Refusal): string {
  const message = MESSAGE[code]();
  return detail === undefined ? message : m.error_with_detail({ message, detail });
}

export function refusalResponse(refusal: Refusal): Response {
  const { code, detail } = refusal;
  const message = refusalMessage(refusal);
  const error = detail === undefined ? { code, message } : { code, message, detail };
  return Response.json({ error } satisfies ErrorBody, { status: STATUS[code] });
}

/** A use case's answer as JSON: its value under this status, or its refusal under the refusal's. */
export function respond<T>(outcome: Outcome<T>, status = 200): Response {
  return outcome.ok ? Response.json(outcome.value, { status }) : refusalResponse(outcome);
}

/** A use case that has nothing to tell: 204, or its refusal. */
export function noContent(outcome: Outcome<null>): Response {
  return outcome.ok ? new Response(null, { status: 204 }) : refusalResponse(outcome);
}
