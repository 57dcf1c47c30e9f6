import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, request }) => {
  locals.setCookie = (await app().auth.signOut(request.headers)).setCookie;
  return Response.json({ success: true });
};
