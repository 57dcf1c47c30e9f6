import { json } from '@sveltejs/kit';
import { REPORT_SCHEMA } from '#lib/report/schema.ts';
import type { RequestHandler } from './$types';

/** Of everyone: it says nothing but how our JSON is built. */
export const GET: RequestHandler = () =>
  json(REPORT_SCHEMA, {
    headers: { 'content-type': 'application/schema+json', 'cache-control': 'public, max-age=3600' },
  });
