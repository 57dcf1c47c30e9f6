import { canInWorkspace } from '#lib/review/permissions.ts';
import { app } from '#server/seam.ts';
import type { LayoutServerLoad } from './$types';

/** Who looks at the page, as `AppHeader` shows them, the workspace's name, and how many notifications are unread. */
export const load: LayoutServerLoad = async ({ locals: { actor } }) => {
  const { notifications, people, workspace } = app();
  const name = await workspace.name();
  if (actor === null) return { viewer: null, workspace: name, unread: 0 };
  const me = await people.colleague(actor, actor.userId);
  return {
    viewer: {
      ...actor,
      department: me?.department ?? null,
      hue: me?.hue ?? null,
      canManage: canInWorkspace(actor, 'managePeople'),
    },
    workspace: name,
    unread: await notifications.unread(actor),
  };
};
