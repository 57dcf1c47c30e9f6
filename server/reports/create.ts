import type { Kysely } from 'kysely';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT, type BlockJson, type ContentJson } from '#lib/report/model.ts';
import type { Template } from '#lib/report/templates.ts';
import { cleanTitle, titleOf, withTitle } from '#lib/report/title.ts';
import { buildBlocks } from '#lib/report/ydoc.ts';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { placeOf } from '../store/place.ts';
import type { Database } from '../store/tables.ts';
import { templateBlocks, templateTitle } from './template.ts';

/** What a report is begun with: a template's text, or content that has been parsed. */
export type NewReport =
  | { from: 'template'; template: Template; title: string }
  /** `title` null: the content's own. */
  | { from: 'content'; content: ContentJson; title: string | null };

/** One update of the seed; `userId` null: written by nobody, as a template's guiding text is. */
interface Seed {
  title: string;
  updates: { userId: string | null; bytes: Uint8Array }[];
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

function seed(actor: Actor, input: NewReport): Seed {
  switch (input.from) {
    case 'template': {
      const title = cleanTitle(input.title);
      const titled = templateTitle(input.template, title);
      return {
        title: titleOf({ type: 'doc', content: titled }),
        updates: encode([
          { userId: title === '' ? null : actor.userId, blocks: titled },
          { userId: null, blocks: templateBlocks(input.template) },
        ]),
      };
    }
    case 'content': {
      const content = input.title === null ? input.content : withTitle(input.content, input.title);
      return {
        title: titleOf(content),
        updates: encode([{ userId: actor.userId, blocks: content.content ?? [] }]),
      };
    }
    default:
      return input satisfies never;
  }
}

/** The blocks one after another, as one Yjs update for each part. */
function encode(parts: { userId: string | null; blocks: readonly BlockJson[] }[]): Seed['updates'] {
  const doc = new Y.Doc();
  const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
  const updates: Seed['updates'] = [];
  for (const { userId, blocks } of parts) {
    if (blocks.length === 0) continue;
    const before = Y.encodeStateVector(doc);
    fragment.insert(fragment.length, buildBlocks(blocks.map(withBid)));
    updates.push({ userId, bytes: Y.encodeStateAsUpdate(doc, before) });
  }
  doc.destroy();
  return updates;
}

function withBid(block: BlockJson): BlockJson {
  if (block.type !== 'paragraph' || block.attrs?.bid) return block;
  return { ...block, attrs: { ...block.attrs, bid: newId(8) } };
}

/** Writes a new report's rows, in a transaction of the caller's, under an id of the caller's. */
export async function insertReport(
  trx: Kysely<Database>,
  id: string,
  actor: Actor,
  input: NewReport,
  now: Date,
): Promise<void> {
  const { title, updates } = seed(actor, input);
  const at = now.toISOString();
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
  const logBytes = updates.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const fresh = { reportId: id, snapSeq: 0, snapBytes: 0, epoch: 1, restoredAt: null, accessEpoch: 1 };
  const { number } = await trx
    .insertInto('doc')
    .values({ ...fresh, id: newId(), kind: 'content', headSeq: updates.length, logBytes })
    .returning('number')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('doc')
    .values({ ...fresh, id: newId(), kind: 'review', headSeq: 0, logBytes: 0 })
    .execute();
  if (updates.length === 0) return;
  await trx
    .insertInto('docUpdate')
    .values(
      updates.map(({ userId, bytes }, index) => ({
        place: placeOf(number, index + 1),
        userId,
        at,
        bytes,
      })),
    )
    .execute();
}
