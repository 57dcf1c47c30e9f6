import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { refusalResponse } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import { callerOf } from '../../caller.ts';
import type { RequestHandler } from './$types';

const credentials = v.object({
  username: v.pipe(v.string(), v.maxLength(200)),
  password: v.pipe(v.string(), v.maxLength(1000)),
  rememberMe: v.optional(v.boolean(), true),
});

export const POST: RequestHandler = async (event) => {
  const body = await readJson(event.request, credentials);
  if (!body.ok) return refusalResponse(body);
  const { username, password, rememberMe } = body.value;
  const outcome = await app().auth.signIn({ username, password, remember: rememberMe }, callerOf(event));
  if (!outcome.ok) {
    const response = refusalResponse(outcome);
    if (outcome.retryAfter !== undefined) response.headers.set('retry-after', String(outcome.retryAfter));
    // Who is asking is what is in doubt here, not what they may do.
    return outcome.code === 'wrong_password'
      ? new Response(response.body, { status: 401, headers: response.headers })
      : response;
  }
  event.locals.setCookie = outcome.value.setCookie;
  return Response.json({ user: outcome.value.actor });
};
