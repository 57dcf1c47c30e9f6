/** Calls our own API from the browser; a refusal comes back with the sentence to show. */
import { m } from '#lib/paraglide/messages.js';
import type { ErrorBody } from './refusal.ts';

export type Answer =
  | { ok: true; value: unknown }
  /** `status` 0: the server could not be reached. */
  | { ok: false; status: number; code: string; message: string; detail?: string | undefined };

export function api(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  return ask(path, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
}

/** Sends a file as it is. */
export function upload(path: string, file: Blob, type: string): Promise<Answer> {
  return ask(path, { method: 'POST', body: file, headers: { 'content-type': type } });
}

async function ask(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    return { ok: false, status: 0, code: 'offline', message: m.error_offline() };
  }
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const value: unknown = isJson ? await response.json() : null;
  if (response.ok) return { ok: true, value };
  const { code, message, detail } = isErrorBody(value)
    ? value.error
    : { code: 'unexpected', message: m.error_unexpected(), detail: undefined };
  return { ok: false, status: response.status, code, message, detail };
}

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === 'object' && value !== null && 'error' in value;
}
