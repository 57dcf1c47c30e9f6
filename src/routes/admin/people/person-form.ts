import { WORKSPACE_ROLES, type WorkspaceRole } from '#lib/review/permissions.ts';

/** The fields of `PersonFields.svelte` as they were sent. */
export function readPerson(form: FormData): {
  name: string;
  role: WorkspaceRole;
  departmentId: string | null;
  email: string | null;
} {
  const role = WORKSPACE_ROLES.find((known) => known === form.get('role')) ?? 'member';
  return {
    name: String(form.get('name') ?? ''),
    role,
    departmentId: String(form.get('departmentId') ?? '') || null,
    email: String(form.get('email') ?? '').trim() || null,
  };
}
