import { error, type Handle } from '@sveltejs/kit';
import { readBytes } from '#lib/http/body.ts';
import { refusalMessage, refused, STATUS } from '#lib/http/refusal.ts';

/** All that a page's forms send, in bytes. Pictures and content go through the API, which has limits of its own. */
const MAX_FORM_BYTES = 64 * 1024;

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A form is read here, bounded and whole: strangers can make the server hold no more, and find no bug in it. */
export const forms: Handle = async ({ event, resolve }) => {
  const { request, url } = event;
  if (SAFE.has(request.method) || url.pathname.startsWith('/api/')) return resolve(event);
  const { headers, method } = request;
  const bytes = await readBytes(request, MAX_FORM_BYTES);
  if (!bytes.ok) error(STATUS[bytes.code], { message: refusalMessage(bytes), code: bytes.code });
  const rebuilt = () => new Request(request.url, { method, headers, body: bytes.value });
  const isForm = await rebuilt()
    .formData()
    .then(
      () => true,
      () => false,
    );
  if (!isForm) {
    const invalid = refused('invalid', 'body');
    error(STATUS[invalid.code], { message: refusalMessage(invalid), code: invalid.code });
  }
  event.request = rebuilt();
  return resolve(event);
};
