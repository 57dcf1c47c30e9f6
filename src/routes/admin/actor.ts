import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import type { Actor } from '#lib/review/permissions.ts';
import { refusalMessage } from '#lib/http/refusal.ts';
import type { Refusal } from '#server/outcome.ts';
import { fieldMessage } from './field-message.ts';

/** Whoever makes the request; the doors in the hooks let nobody else in. */
export function actorOf(locals: App.Locals): Actor {
  if (locals.actor === null) error(401, { message: m.people_error_not_signed_in(), code: 'not_signed_in' });
  return locals.actor;
}

/** What a form shows after a refusal: what was wrong, and which field. Throws what no form can mend. */
export function formRefusal(refusal: Refusal): { field: string; message: string } {
  const { code, detail = '' } = refusal;
  if (code === 'forbidden') error(403, { message: m.people_admin_only(), code });
  if (code === 'not_found') error(404, { message: m.people_error_not_found(), code });
  if (code === 'invalid') return { field: detail, message: fieldMessage(detail) };
  if (code !== 'conflict') return { field: '', message: refusalMessage(refusal) };
  switch (detail) {
    case 'username':
      return { field: 'username', message: m.people_username_taken() };
    case 'email':
      return { field: 'email', message: m.people_email_taken() };
    case 'name':
      return { field: 'name', message: m.people_name_taken() };
    case 'last administrator':
      return { field: '', message: m.people_last_admin() };
    case 'in use':
      return { field: '', message: m.people_department_in_use() };
    default:
      return { field: '', message: refusalMessage(refusal) };
  }
}
