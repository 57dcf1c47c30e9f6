import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { refusalResponse } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

const change = v.object({ currentPassword: v.string(), newPassword: v.string() });

/** Ends every other session of the person. */
export const POST: RequestHandler = async ({ request }) => {
  const body = await readJson(request, change);
  if (!body.ok) return refusalResponse(body);
  const { currentPassword: current, newPassword: next } = body.value;
  const outcome = await app().auth.changePassword(request.headers, { current, next });
  if (!outcome.ok) return refusalResponse(outcome);
  return Response.json({ success: true });
};
