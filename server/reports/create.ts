import type { Kysely } from 'kysely';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT, type BlockJson, type ContentJson } from '#lib/report/model.ts';
import type { Template } from '#lib/report/templates.ts';
import { cleanTitle, titleOf, withTitle } from '#lib/report/title.ts';
import { buildBlocks } from '#lib/report/ydoc.ts';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { seedRegister, type SeedFigure } from '../figures/seed.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { DocKind } from '../store/docs.ts';
import { placeOf } from '../store/place.ts';
import type { Database } from '../store/tables.ts';
import { templateBlocks, templateTitle } from './template.ts';

/** What a report is begun with: a template's text, or content that has been parsed. */
export type NewReport =
  | { from: 'template'; template: Template; title: string }
  /** `title` null: the content's own. `figures`: those of the content that are registered from the beginning. */
  | { from: 'content'; content: ContentJson; title: string | null; figures?: readonly SeedFigure[] };

/** One update of the seed; `userId` null: written by nobody, as a template's guiding text is. */
interface Seed {
  title: string;
  updates: { userId: string | null; bytes: Uint8Array }[];
  /** Of the review document; null: nothing is in it. */
  review: Uint8Array | null;
}

/**
 * Creates a report whose owner is the actor, with both its documents, in one transaction: nobody else
 * ever seeds a document, so its first text cannot be there twice.
 */
export async function createReport(
  events: Recording,
  actor: Actor,
  input: NewReport,
  now: Date,
): Promise<Outcome<{ id: string }>> {
  if (!canInWorkspace(actor, 'createReport')) return refuse('forbidden');
  const id = newId();
  await events.transaction(async (trx, record) => {
    await insertReport(trx, id, actor, input, now);
    await record({ type: 'report.created', actor, reportId: id });
  });
  return done({ id });
}

function seed(actor: Actor, input: NewReport, at: string): Seed {
  switch (input.from) {
    case 'template': {
      const title = cleanTitle(input.title);
      const titled = templateTitle(input.template, title);
      const doc = new Y.Doc();
      const updates = write(doc, [
        { userId: title === '' ? null : actor.userId, blocks: titled },
        { userId: null, blocks: templateBlocks(input.template) },
      ]);
      doc.destroy();
      return { title: titleOf({ type: 'doc', content: titled }), updates, review: null };
    }
    case 'content': {
      const { figures = [] } = input;
      const content = input.title === null ? input.content : withTitle(input.content, input.title);
      const doc = new Y.Doc();
      const updates = write(doc, [{ userId: actor.userId, blocks: content.content ?? [] }]);
      const review = figures.length === 0 ? null : seedRegister(doc, actor, figures, at);
      doc.destroy();
      return { title: titleOf(content), updates, review };
    }
    default:
      return input satisfies never;
  }
}

/** Writes blocks one after another; answers one Yjs update for each part. */
function write(
  doc: Y.Doc,
  parts: { userId: string | null; blocks: readonly BlockJson[] }[],
): Seed['updates'] {
  const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
  const updates: Seed['updates'] = [];
  for (const { userId, blocks } of parts) {
    if (blocks.length === 0) continue;
    const before = Y.encodeStateVector(doc);
    fragment.insert(fragment.length, buildBlocks(blocks.map(withBid)));
    updates.push({ userId, bytes: Y.encodeStateAsUpdate(doc, before) });
  }
  return updates;
}

function withBid(block: BlockJson): BlockJson {
  if (block.type !== 'paragraph' || block.attrs?.bid) return block;
  return { ...block, attrs: { ...block.attrs, bid: newId(8) } };
}

/**
 * Writes a new report's rows, in a transaction of the caller's, under an id of the caller's. Its register is in it, so
 * after a crash there is the report with all that its tables and charts show, or none; the index of figures is
 * made of it when its review document is next loaded, at the latest when the server starts.
 */
export async function insertReport(
  trx: Kysely<Database>,
  id: string,
  actor: Actor,
  input: NewReport,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const { title, updates, review } = seed(actor, input, at);
  await trx
    .insertInto('report')
    .values({
      id,
      title,
      titleSeq: updates.length,
      status: 'draft',
      createdBy: actor.userId,
      departmentId: actor.departmentId,
      createdAt: at,
      updatedAt: at,
      updatedBy: actor.userId,
      trashedAt: null,
    })
    .execute();
  await trx
    .insertInto('reportShare')
    .values({ reportId: id, subjectKind: 'person', subjectId: actor.userId, role: 'owner' })
    .execute();
  await insertDoc(trx, { reportId: id, kind: 'content', at }, updates);
  const registered = review === null ? [] : [{ userId: actor.userId, bytes: review }];
  await insertDoc(trx, { reportId: id, kind: 'review', at }, registered);
}

/** A document with the log that it begins with. */
async function insertDoc(
  trx: Kysely<Database>,
  { reportId, kind, at }: { reportId: string; kind: DocKind; at: string },
  updates: Seed['updates'],
): Promise<void> {
  const logBytes = updates.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const fresh = { snapSeq: 0, snapBytes: 0, epoch: 1, restoredAt: null, accessEpoch: 1 };
  const { number } = await trx
    .insertInto('doc')
    .values({ ...fresh, id: newId(), reportId, kind, headSeq: updates.length, logBytes })
    .returning('number')
    .executeTakeFirstOrThrow();
  if (updates.length === 0) return;
  await trx
    .insertInto('docUpdate')
    .values(
      updates.map(({ userId, bytes }, index) => ({ place: placeOf(number, index + 1), userId, at, bytes })),
    )
    .execute();
}
