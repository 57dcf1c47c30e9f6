import * as v from 'valibot';
import type { Outcome } from '#server/outcome.ts';
import { refused } from './refusal.ts';

/** The largest JSON body of a route that names no limit of its own, in bytes. */
const MAX_JSON_BYTES = 64 * 1024;

/** What a form may hold around its file: boundaries, names, other fields. In bytes. */
const MAX_FORM_OVERHEAD = 64 * 1024;

/**
 * The request's body, at most `limit` bytes of it. Refused with `too_large`, naming the limit, as soon
 * as more arrives, or `invalid` when the connection broke.
 */
export async function readBytes(request: Request, limit: number): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  const tooLarge = refused('too_large', sizeName(limit));
  if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge;
  if (request.body === null) return { ok: true, value: new Uint8Array() };
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body) {
      length += part.length;
      if (length > limit) return tooLarge;
      parts.push(part);
    }
  } catch {
    return refused('invalid', 'body');
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { ok: true, value: bytes };
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
  if (mediaType(request) !== 'application/json') return refused('unsupported_type', 'application/json');
  const bytes = await readBytes(request, limit);
  if (!bytes.ok) return bytes;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value));
  } catch {
    return refused('invalid', 'body');
  }
  return check(schema, json);
}

/**
 * The bytes of one uploaded file: the body itself (`image/…` or `application/octet-stream`), or the field
 * `file` of a form. The declared type says only how the bytes are wrapped, never what they are.
 * Refused with `unsupported_type`, `too_large` or `invalid`.
 */
export async function readUpload(request: Request, limit: number): Promise<Outcome<Uint8Array>> {
  const type = mediaType(request);
  const isForm = type === 'multipart/form-data';
  if (!isForm && !type.startsWith('image/') && type !== 'application/octet-stream') {
    return refused('unsupported_type', type || 'content-type');
  }
  const bytes = await readBytes(request, isForm ? limit + MAX_FORM_OVERHEAD : limit);
  if (!bytes.ok || !isForm) return bytes;
  const form = await parseForm(request, bytes.value);
  if (form === null) return refused('invalid', 'body');
  const file = form.get('file');
  if (!(file instanceof Blob)) return refused('invalid', 'file');
  if (file.size > limit) return refused('too_large', sizeName(limit));
  return { ok: true, value: new Uint8Array(await file.arrayBuffer()) };
}

/** What a form sends: its files under one name, in order, and its other fields. */
export interface SentForm {
  files: { name: string; bytes: Uint8Array }[];
  fields: Record<string, string>;
}

/**
 * A form of several files under the name `file`, at most `limit` bytes together. Refused with
 * `unsupported_type`, `too_large` or `invalid`.
 */
export async function readForm(request: Request, limit: number): Promise<Outcome<SentForm>> {
  if (mediaType(request) !== 'multipart/form-data') return refused('unsupported_type', 'multipart/form-data');
  const bytes = await readBytes(request, limit + MAX_FORM_OVERHEAD);
  if (!bytes.ok) return bytes;
  const form = await parseForm(request, bytes.value);
  if (form === null) return refused('invalid', 'body');
  const sent: SentForm = { files: [], fields: {} };
  for (const [key, value] of form) {
    if (typeof value === 'string') sent.fields[key] = value;
    else if (key !== 'file') return refused('invalid', 'file');
    else sent.files.push({ name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  return sent.files.length === 0 ? refused('invalid', 'file') : { ok: true, value: sent };
}

/** Null: the bytes are no form. */
async function parseForm(request: Request, bytes: Uint8Array<ArrayBuffer>): Promise<FormData | null> {
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  try {
    return await new Response(bytes, { headers }).formData();
  } catch {
    return null;
  }
}

/** The declared type of a body without its parameters; empty when there is none. */
export function mediaType(request: Request): string {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A value as the schema has it, or `invalid` with the name of the first wrong field. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown): Outcome<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  return refused('invalid', v.getDotPath(parsed.issues[0]) ?? 'body');
}

function sizeName(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.floor(bytes / 1024)} KB`;
}
