import { m } from '#lib/paraglide/messages.js';
import type { WorkspaceRole } from '#lib/review/permissions.ts';

/** A workspace role in the reader's language. */
export function roleName(role: WorkspaceRole): string {
  switch (role) {
    case 'admin':
      return m.common_role_admin();
    case 'publisher':
      return m.common_role_publisher();
    case 'member':
      return m.common_role_member();
    default:
      return role satisfies never;
  }
}
