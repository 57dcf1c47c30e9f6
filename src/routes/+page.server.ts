import { fail, redirect } from '@sveltejs/kit';
import { refusalMessage, STATUS } from '#lib/http/refusal.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Outcome } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import type { Actions, PageServerLoad } from './$types';
import { emptyList } from './empty.ts';
import { readQuery } from './query.ts';

export const load: PageServerLoad = async ({ locals: { actor }, url }) => {
  if (actor === null) redirect(303, '/sign-in');
  const query = readQuery(url.searchParams, 'mine');
  const { reports, departments } = app();
  const [page, all] = await Promise.all([reports.list(actor, query), departments.list(actor)]);
  return {
    query,
    page,
    departments: all.map(({ id, name }) => ({ id, name })),
    empty: emptyList(query, actor.departmentId !== null),
    /** The server's clock, so that both sides say the same “3 hours ago”. */
    now: new Date(),
  };
};

interface Done {
  done: 'trashed' | 'restored' | 'duplicated';
  id: string;
}

/** Runs a use case on the report that the form names; what it did is told to the page. */
async function act(
  event: { locals: App.Locals; request: Request },
  done: Done['done'],
  work: (actor: Actor, id: string) => Promise<Outcome<unknown>>,
) {
  const { actor } = event.locals;
  if (actor === null) redirect(303, '/sign-in');
  const id = String((await event.request.formData()).get('id') ?? '');
  const outcome = await work(actor, id);
  if (!outcome.ok) return fail(STATUS[outcome.code], { message: refusalMessage(outcome) });
  return { done, id } satisfies Done;
}

export const actions: Actions = {
  trash: (event) => act(event, 'trashed', (actor, id) => app().reports.trash(actor, id)),
  restore: (event) => act(event, 'restored', (actor, id) => app().reports.restore(actor, id)),
  duplicate: (event) => act(event, 'duplicated', (actor, id) => app().reports.duplicate(actor, id)),
};
