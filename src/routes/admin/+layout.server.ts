import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { canInWorkspace } from '#lib/review/permissions.ts';
import type { LayoutServerLoad } from './$types';

/** Administrators only. (Whatever is not every member's to read, and every change, the use cases decide again.) */
export const load: LayoutServerLoad = ({ locals: { actor } }) => {
  if (actor !== null && canInWorkspace(actor, 'managePeople')) return {};
  error(403, { message: m.people_admin_only(), code: 'forbidden' });
};
