import { error, redirect } from '@sveltejs/kit';
import { jsonLd } from '#lib/publish/element.ts';
import { structuredData } from '#lib/publish/html.ts';
import { qrCode } from '#lib/publish/qr.ts';
import { readingText } from '#lib/publish/reading.ts';
import { check } from '#lib/http/body.ts';
import { refusalMessage, STATUS } from '#lib/http/refusal.ts';
import { m } from '#lib/paraglide/messages.js';
import { canInWorkspace } from '#lib/review/permissions.ts';
import { Withdraw } from '#lib/review/publication.ts';
import type { FoundArticle } from '#server/publications/articles.ts';
import { app } from '#server/seam.ts';
import { articleNumber, articlePath, noSuchArticle } from '../site.ts';
import type { Actions, PageServerLoad } from './$types';

type Published = Extract<FoundArticle, { state: 'published' }>;

/** The article, or the answer that it was withdrawn (410) or never was (404). */
async function published(number: number): Promise<Published> {
  const article = (await app().articles.find(number)) ?? noSuchArticle();
  if (article.state === 'published') return article;
  const { title, note, withdrawnAt: at } = article;
  error(410, { message: m.articles_withdrawn(), code: 'withdrawn', withdrawn: { title, note, at } });
}

export const load: PageServerLoad = async ({ locals: { actor }, params, parent }) => {
  const number = articleNumber(params.number);
  const article = await published(number);
  const { site } = await parent();
  const url = site.origin + articlePath(number);
  const pictureHref = (nth: number) => `${articlePath(number)}/pictures/${article.revision}-${nth}`;
  const { header, body, pictures } = readingText(article.html, pictureHref);
  const image = pictures.length === 0 ? null : site.origin + pictureHref(1);
  const { html: _html, ...facts } = article;
  const meta = {
    author: article.byline || null,
    department: article.department || null,
    date: article.date,
    number: String(number),
    siteName: site.title,
  };
  return {
    article: facts,
    header,
    body,
    url,
    image,
    formats: await app().articles.formats(number),
    qr: qrCode(url),
    structured: jsonLd({
      ...structuredData({ ...facts, meta }, url),
      dateModified: article.changedAt,
      ...(image !== null && { image }),
    }).toString(),
    /** Null: nobody is signed in, and the browser keeps favourites. */
    isFavourite: actor === null ? null : await app().favourites.has(actor, number),
    mayWithdraw: actor !== null && canInWorkspace(actor, 'withdrawArticle'),
  };
};

export const actions: Actions = {
  /** Keeps the article among those of whoever is signed in, or takes it from them; then shows it again. */
  async favourite({ locals: { actor }, params, request }) {
    if (actor === null) error(401, { message: m.people_error_not_signed_in(), code: 'not_signed_in' });
    const number = articleNumber(params.number);
    const isKept = (await request.formData()).get('keep') === '1';
    const { favourites } = app();
    const outcome = isKept ? await favourites.keep(actor, number) : await favourites.leave(actor, number);
    if (!outcome.ok) error(STATUS[outcome.code], { message: refusalMessage(outcome), code: outcome.code });
    redirect(303, articlePath(number));
  },
  /** Takes the article from readers; what they find in its place is shown then. */
  async withdraw({ locals: { actor }, params, request }) {
    if (actor === null) error(401, { message: m.people_error_not_signed_in(), code: 'not_signed_in' });
    const number = articleNumber(params.number);
    const command = check(Withdraw, { note: (await request.formData()).get('note') });
    const outcome = command.ok ? await app().publications.withdraw(actor, number, command.value) : command;
    if (!outcome.ok) error(STATUS[outcome.code], { message: refusalMessage(outcome), code: outcome.code });
    redirect(303, articlePath(number));
  },
};
