import { TERM_COLUMNS } from '#lib/figures/term.ts';
import { TermBody } from '#lib/figures/termcommand.ts';
import { attachment } from '#lib/http/attachment.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { m } from '#lib/paraglide/messages.js';
import { BYTE_ORDER_MARK, csvRow } from '#lib/review/csv.ts';
import { app } from '#server/seam.ts';
import { COLUMN_NAMES, KIND_NAMES } from '../../glossary/words.ts';
import type { RequestHandler } from './$types';

/** The glossary, as JSON or as CSV. */
export const GET: RequestHandler = ({ locals, url }) =>
  asActor(locals, async (actor) => {
    const format = url.searchParams.get('format') ?? 'json';
    const terms = await app().glossary.list(actor, (url.searchParams.get('q') ?? '').slice(0, 100));
    if (format === 'json') return Response.json({ terms });
    if (format !== 'csv') return respond({ ok: false, code: 'invalid', detail: 'format: json, csv' });
    const rows = terms.map(({ name, kind, definition, department, note }) => [
      name,
      KIND_NAMES[kind](),
      definition,
      department?.name ?? '',
      note,
    ]);
    const head = TERM_COLUMNS.map((column) => COLUMN_NAMES[column]());
    return new Response(BYTE_ORDER_MARK + [head, ...rows].map(csvRow).join(''), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': attachment(`${m.figures_glossary_title()}.csv`, 'glossary'),
        'cache-control': 'no-store',
      },
    });
  });

export const POST: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, TermBody);
    return respond(body.ok ? await app().glossary.create(actor, body.value) : body, 201);
  });
