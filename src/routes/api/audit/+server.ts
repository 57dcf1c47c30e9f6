import { AsyncLocalStorage } from 'node:async_hooks';
import { attachment } from '#lib/http/attachment.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { BYTE_ORDER_MARK, csvRow } from '#lib/review/csv.ts';
import type { AuditLine } from '#lib/review/audit.ts';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import { readFilter } from '../../admin/audit/filter.ts';
import { headRow, lineRow } from '../../admin/audit/table.ts';
import type { RequestHandler } from './$types';

/** The audit log for administrators: a page of it as JSON, or all that matches as CSV. */
export const GET: RequestHandler = ({ locals, url }) =>
  asActor(locals, async (actor) => {
    const { audit } = app();
    const filter = readFilter(url.searchParams);
    const format = url.searchParams.get('format') ?? 'json';
    if (format === 'json') {
      return respond(await audit.list(actor, filter, Number(url.searchParams.get('page') ?? 1)));
    }
    if (format !== 'csv') return respond({ ok: false, code: 'invalid', detail: 'format: json, csv' });
    const parts = await audit.export(actor, filter);
    if (!parts.ok) return respond(parts);
    return new Response(csvOf(parts.value), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': attachment(`${m.audit_title()}.csv`, 'audit'),
        'cache-control': 'no-store',
      },
    });
  });

/** Sent as it is read: a log of years is larger than what should be held at once. */
function csvOf(parts: AsyncIterable<AuditLine[]>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  // What is asked for later runs outside of the request, and would not know its language.
  const inRequest = AsyncLocalStorage.snapshot();
  const iterator = parts[Symbol.asyncIterator]();
  let isBegun = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isBegun) {
        isBegun = true;
        controller.enqueue(encoder.encode(BYTE_ORDER_MARK + inRequest(() => csvRow(headRow()))));
        return;
      }
      const { value, done } = await iterator.next();
      if (done === true) controller.close();
      else
        controller.enqueue(
          encoder.encode(inRequest(() => value.map((line) => csvRow(lineRow(line))).join(''))),
        );
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
