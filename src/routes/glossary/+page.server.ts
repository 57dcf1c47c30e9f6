import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { TermBody } from '#lib/figures/termcommand.ts';
import { check } from '#lib/http/body.ts';
import { refusalMessage, STATUS } from '#lib/http/refusal.ts';
import { m } from '#lib/paraglide/messages.js';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Refusal } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { actor }, url }) => {
  if (actor === null) redirect(303, '/sign-in');
  const text = (url.searchParams.get('q') ?? '').slice(0, 100).trim();
  const { glossary, departments } = app();
  const [terms, dismissed, all] = await Promise.all([
    glossary.list(actor, text),
    glossary.dismissed(actor),
    departments.list(actor),
  ]);
  const isManager = canInWorkspace(actor, 'manageGlossary');
  return {
    text,
    terms,
    dismissed,
    /** Whose terms one may write: all and the workspace's, or one's own department's; none: only read. */
    departments: all
      .filter(({ id }) => isManager || id === actor.departmentId)
      .map(({ id, name }) => ({ id, name })),
    isManager,
    /** Which term the form is open for; `new`: one that is not there yet. */
    open: url.searchParams.get('edit'),
  };
};

const Id = v.object({ id: v.pipe(v.string(), v.maxLength(64)) });

function actorOf(locals: App.Locals): Actor {
  if (locals.actor === null) redirect(303, '/sign-in');
  return locals.actor;
}

/** What a form shows after a refusal. */
function failure(refusal: Refusal, values: Record<string, string>) {
  const { code, detail } = refusal;
  const message =
    code === 'conflict' && detail === 'name'
      ? m.figures_glossary_taken()
      : detail === 'departmentId'
        ? m.figures_glossary_department_missing()
        : detail === 'name'
          ? m.figures_glossary_fault_name()
          : refusalMessage(refusal);
  return fail(STATUS[code], { failure: message, values });
}

export const actions: Actions = {
  /** With an `id` changes that term, else adds one. */
  async save({ locals, request }) {
    const actor = actorOf(locals);
    const {
      id = '',
      departmentId = '',
      ...rest
    } = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]));
    const values = { id, departmentId, ...rest };
    const body = check(TermBody, { ...rest, departmentId: departmentId === '' ? null : departmentId });
    if (!body.ok) return failure(body, values);
    const { glossary } = app();
    const outcome =
      id === '' ? await glossary.create(actor, body.value) : await glossary.change(actor, id, body.value);
    if (!outcome.ok) return failure(outcome, values);
    redirect(303, '/glossary');
  },
  async remove({ locals, request }) {
    const actor = actorOf(locals);
    const form = check(Id, Object.fromEntries(await request.formData()));
    if (!form.ok) return failure(form, {});
    const outcome = await app().glossary.remove(actor, form.value.id);
    if (!outcome.ok) return failure(outcome, {});
    redirect(303, '/glossary');
  },
  async restore({ locals, request }) {
    const actor = actorOf(locals);
    const name = String((await request.formData()).get('name') ?? '');
    const outcome = await app().glossary.restore(actor, name);
    if (!outcome.ok) return failure(outcome, {});
    redirect(303, '/glossary');
  },
};
