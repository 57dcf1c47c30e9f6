import type { Actor } from '#lib/review/permissions.ts';

/** Whoever can run commands on the data directory may do anything to it. */
export const OPERATOR: Actor = { userId: 'cli', name: 'cli', role: 'admin', departmentId: null };
