import type { RequestHandler } from './$types';

/** `{user}`, or `null` when nobody is signed in. */
export const GET: RequestHandler = ({ locals }) =>
  Response.json(locals.actor === null ? null : { user: locals.actor });
