import { redirect } from '@sveltejs/kit';
import { destination } from '#lib/http/destination.ts';
import { cookieMaxAge, cookieName, isLocale } from '#lib/paraglide/runtime.js';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** Keeps the reader's language and goes back to the page they were on. */
export const POST: RequestHandler = async ({ cookies, locals, request, url }) => {
  const form = await request.formData();
  const locale = form.get('locale');
  if (isLocale(locale)) {
    // Scripts read it too, so that what they render is in the same language.
    const options = {
      httpOnly: false,
      secure: url.protocol === 'https:',
      path: '/',
      maxAge: cookieMaxAge,
    } as const;
    cookies.set(cookieName, locale, { ...options, sameSite: 'lax' });
  }
  if (isLocale(locale) && locals.actor !== null) await app().people.reads(locals.actor, locale);
  redirect(303, destination(form.get('to')));
};
