/** Who tests are about. Imports nothing that takes time to load: whole processes are started on it. */
import type { Actor, WorkspaceRole } from '#lib/review/permissions.ts';

function person(userId: string, name: string, departmentId: string | null, role: WorkspaceRole = 'member') {
  return { userId, name, departmentId, role } satisfies Actor;
}

/** Two people each of 水务局 and 统计局, a publisher, an administrator, and one without a department. */
export const PEOPLE = {
  chen: person('chen', '陈晓', 'water'),
  wang: person('wang', '王岚', 'water'),
  li: person('li', '李文静', 'stats'),
  zhao: person('zhao', '赵启明', 'stats'),
  pub: person('pub', '周发布', 'press', 'publisher'),
  admin: person('admin', '管理员', null, 'admin'),
  lone: person('lone', '孤行', null),
} as const;

/** Signed in by a cookie that is the user's id: who signs people in is another part's business. */
export async function authenticate(headers: { cookie?: string }) {
  const userId = /^user=(\w+)$/.exec(headers.cookie ?? '')?.[1];
  const actor = Object.values<Actor>(PEOPLE).find((person) => person.userId === userId);
  return actor === undefined ? null : { actor };
}
