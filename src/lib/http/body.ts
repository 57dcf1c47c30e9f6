import * as v from 'valibot';
import { done, refuse, type Outcome } from '#server/outcome.ts';

/** The largest JSON body of a route that names no limit of its own, in bytes. */
export const MAX_JSON_BYTES = 64 * 1024;

/**
 * The request's body, at most `limit` bytes of it. Refused with `too_large`, naming the limit, as soon
 * as more arrives, or `invalid` when the connection broke.
 */
export async function readBytes(request: Request, limit: number): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  const tooLarge = refuse('too_large', sizeName(limit));
  if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge;
  if (request.body === null) return done(new Uint8Array());
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body) {
      length += part.length;
      if (length > limit) return tooLarge;
      parts.push(part);
    }
  } catch {
    return refuse('invalid', 'body');
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return done(bytes);
}

/**
 * A JSON body as the schema has it. Refused with `unsupported_type` (not JSON), `too_large`, or
 * `invalid`, whose detail names the first wrong field (`body` for the whole).
 */
export async function readJson<S extends v.GenericSchema>(
  request: Request,
  schema: S,
  limit = MAX_JSON_BYTES,
): Promise<Outcome<v.InferOutput<S>>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return refuse('unsupported_type', 'application/json');
  const bytes = await readBytes(request, limit);
  if (!bytes.ok) return bytes;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value));
  } catch {
    return refuse('invalid', 'body');
  }
  return check(schema, json);
}

/** A value as the schema has it, or `invalid` with the name of the first wrong field. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown): Outcome<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return done(parsed.output);
  return refuse('invalid', v.getDotPath(parsed.issues[0]) ?? 'body');
}

function sizeName(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.floor(bytes / 1024)} KB`;
}
