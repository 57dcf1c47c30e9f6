/** The register that a new report begins with: figures of a text that came with it, vouched for by nobody. */
import * as Y from 'yjs';
import type { HeldFigure } from '#lib/figures/held.ts';
import { addFigure, type FigureFacts } from '#lib/figures/register.ts';
import { Seating } from '#lib/figures/seating.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { Anchors } from '#lib/review/anchors.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { SyncServer } from '../sync/sync.ts';

/** A figure of a report that is begun, and what is known of it. */
export interface SeedFigure extends Omit<HeldFigure, 'set'>, FigureFacts {
  id: string;
  department: string | null;
}

/**
 * The review document of a report with this content, as one update. Each figure must stand in the content, so that
 * no block of figures is ever without those that it shows.
 */
export function seedRegister(
  content: Y.Doc,
  actor: Actor,
  figures: readonly SeedFigure[],
  at: string,
): Uint8Array {
  const anchors = new Anchors(content.getXmlFragment(CONTENT_FRAGMENT));
  const seating = new Seating(anchors.blocks);
  const review = new Y.Doc();
  review.transact(() => {
    for (const { at: place, now, ...facts } of figures) {
      const seat = seating.seat(place.paragraph);
      const from = (seat?.at ?? 0) + place.start;
      const to = from + now.surface.length;
      const anchor = seat === null ? null : anchors.anchorAt({ block: seat.block, from, to });
      if (anchor?.exact !== now.surface)
        throw new Error(`figure ${facts.id} is not at ${place.paragraph}/${place.start}`);
      addFigure(review, { ...facts, anchor, now, by: actor.userId, at });
    }
  });
  const bytes = Y.encodeStateAsUpdate(review);
  review.destroy();
  return bytes;
}

/** Loads a report that was begun with figures, so that the lists across reports have them although nobody opens it. */
export async function indexSeeded(
  sync: Pick<SyncServer, 'read'>,
  reportId: string,
  figures: readonly SeedFigure[],
): Promise<void> {
  if (figures.length > 0) await sync.read(reportId, () => null);
}
