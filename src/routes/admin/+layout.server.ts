import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { canInWorkspace } from '#lib/review/permissions.ts';
import type { LayoutServerLoad } from './$types';

/** Administrators only. (The use cases behind each page decide again for themselves.) */
export const load: LayoutServerLoad = ({ locals: { actor } }) => {
  if (actor !== null && canInWorkspace(actor, 'managePeople')) return {};
  error(403, { message: m.people_admin_only(), code: 'forbidden' });
};
