import { isHttpError, isRedirect, json, type Handle } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { unexpected } from './unexpected.ts';

/** Whatever happens behind the API is answered in its own form: `{error: {code, message}}`. */
export const api: Handle = async ({ event, resolve }) => {
  if (!event.url.pathname.startsWith('/api/')) return resolve(event);
  let response: Response;
  try {
    response = await resolve(event);
  } catch (error) {
    if (isHttpError(error) || isRedirect(error)) throw error;
    const { code, message, id } = unexpected({ error, event, status: 500 });
    return json({ error: { code, message, id } }, { status: statusOf(code) });
  }
  const { failure } = event.locals;
  if (failure !== undefined) return json({ error: failure }, { status: statusOf(failure.code) });
  if (response.status !== 405) return response;
  const allow = response.headers.get('allow') ?? '';
  return json(
    { error: { code: 'method_not_allowed', message: m.error_method_not_allowed(), detail: allow } },
    { status: 405, headers: { allow } },
  );
};

const statusOf = (code: string | undefined) => (code === 'storage_full' ? 507 : 500);
