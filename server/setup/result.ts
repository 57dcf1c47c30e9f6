import type { WorkspaceRole } from '#lib/review/permissions.ts';

/** An account as it is shown once, to whoever set the workspace up. */
export interface NewAccount {
  username: string;
  password: string;
  name: string;
  department: string | null;
  role: WorkspaceRole;
}

export interface SetUp {
  workspace: string;
  accounts: NewAccount[];
  reports: { id: string; title: string }[];
}
