import { attachment } from '#lib/http/attachment.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { Assignment, NewFigures } from '#lib/figures/command.ts';
import { BYTE_ORDER_MARK, csvRow } from '#lib/review/csv.ts';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';
import { tableOf } from './table.ts';

/** 500 selections with what is said of each fit in. In bytes. */
const MAX_BYTES = 2 * 1024 * 1024;

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The register, as JSON or as a file for a spreadsheet. */
export const GET: RequestHandler = ({ locals, params, url }) =>
  asActor(locals, async (actor) => {
    const format = url.searchParams.get('format') ?? 'json';
    const { figures } = app();
    if (format === 'json') return respond(await figures.list(actor, params.id));
    if (format !== 'csv' && format !== 'xlsx')
      return respond({ ok: false, code: 'invalid', detail: 'format: json, csv, xlsx' });
    const register = await figures.export(actor, params.id, format);
    if (!register.ok) return respond(register);
    const table = tableOf(register.value);
    const name = m.figures_register_title();
    const text = (cell: (typeof table.rows)[number][number]) =>
      typeof cell === 'string' ? cell : cell.number;
    const body =
      format === 'xlsx'
        ? app().workbook({ name, ...table })
        : BYTE_ORDER_MARK + [table.head, ...table.rows.map((row) => row.map(text))].map(csvRow).join('');
    return new Response(body, {
      headers: {
        'content-type': TYPES[format],
        'content-disposition': attachment(`${name}.${format}`, 'figures'),
        'cache-control': 'no-store',
      },
    });
  });

/** Registers one, several or all: answers `{id}` for one, else `{ids}`. */
export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, NewFigures, MAX_BYTES);
    if (!body.ok) return respond(body);
    const outcome = await app().figures.register(actor, params.id, body.value);
    if (!outcome.ok || !('exact' in body.value)) return respond(outcome, 201);
    return Response.json({ id: outcome.value.ids[0] ?? null }, { status: 201 });
  });

/** Gives several to a department. */
export const PATCH: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Assignment);
    return respond(body.ok ? await app().figures.assign(actor, params.id, body.value) : body);
  });
