import { asActor } from '#lib/http/endpoint.ts';
import { app } from '#server/seam.ts';
import { readQuery } from '../../figures/query.ts';
import type { RequestHandler } from './$types';

/** The registered figures of all reports that one may read. */
export const GET: RequestHandler = ({ locals, url }) =>
  asActor(locals, async (actor) =>
    Response.json(await app().figures.search(actor, readQuery(url.searchParams))),
  );
