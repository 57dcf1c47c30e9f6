import { app } from '#server/seam.ts';
import type { LayoutServerLoad } from './$types';

/** Who looks at the page, as `AppHeader` shows them, and the workspace's name. */
export const load: LayoutServerLoad = async ({ locals: { actor } }) => {
  const { people, workspace } = app();
  const name = await workspace.name();
  if (actor === null) return { viewer: null, workspace: name };
  const me = await people.colleague(actor, actor.userId);
  return {
    viewer: { ...actor, department: me?.department ?? null, hue: me?.hue ?? null },
    workspace: name,
  };
};
