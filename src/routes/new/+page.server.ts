import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { check } from '#lib/http/body.ts';
import { refusalMessage, STATUS } from '#lib/http/refusal.ts';
import { MAX_TITLE_LENGTH } from '#lib/report/model.ts';
import { TEMPLATES } from '#lib/report/templates.ts';
import { app } from '#server/seam.ts';
import type { Actions } from './$types';

const New = v.object({
  title: v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH)),
  template: v.picklist(TEMPLATES),
});

export const actions: Actions = {
  default: async ({ locals: { actor }, request }) => {
    if (actor === null) redirect(303, '/sign-in');
    const sent = Object.fromEntries(await request.formData());
    const input = check(New, sent);
    const created = input.ok
      ? await app().reports.create(actor, { from: 'template', ...input.value })
      : input;
    if (created.ok) redirect(303, `/reports/${created.value.id}`);
    return fail(STATUS[created.code], {
      message: refusalMessage(created),
      title: String(sent['title'] ?? ''),
    });
  },
};
