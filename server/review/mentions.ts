import type { Kysely } from 'kysely';
import { can, type Actor } from '#lib/review/permissions.ts';
import { mentionsIn, type CommentBody } from '#lib/review/thread.ts';
import type { AppEvent } from '../event.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { AccessReader } from '../reports/access.ts';
import type { Database } from '../store/tables.ts';

/** The most people and departments that one comment mentions. */
const MAX_MENTIONS = 30;

export interface MentionDeps {
  db: Kysely<Database>;
  access: AccessReader;
}

/** Refused with `invalid`, naming the id, when a body mentions somebody who cannot see the report. */
export async function checkMentions(
  deps: MentionDeps,
  reportId: string,
  body: CommentBody,
): Promise<Outcome<null>> {
  const mentions = mentionsIn(body);
  if (mentions.length > MAX_MENTIONS) return refuse('invalid', `mentions: ${MAX_MENTIONS}`);
  for (const { kind, id } of mentions) {
    if (!(await isSeenBy(deps, reportId, kind, id))) return refuse('invalid', `mentions: ${id}`);
  }
  return done(null);
}

/** Whether somebody, or anybody of a department, can see a report. */
async function isSeenBy(
  { db, access }: MentionDeps,
  reportId: string,
  kind: 'person' | 'department',
  id: string,
): Promise<boolean> {
  const people: Actor[] = await db
    .selectFrom('user')
    .select(['id as userId', 'name', 'role', 'departmentId'])
    .where('disabled', '=', 0)
    .where(kind === 'person' ? 'id' : 'departmentId', '=', id)
    .execute();
  for (const person of people) {
    const found = await access(person, reportId);
    if (found !== null && can(person, 'read', found)) return true;
  }
  return false;
}

/** Whom a body mentions that it did not before. */
export function mentioned(
  about: { actor: Actor; reportId: string; threadId: string },
  commentId: string,
  body: CommentBody | null,
  before: CommentBody | null,
): AppEvent[] {
  const known = new Set((before === null ? [] : mentionsIn(before)).map(({ kind, id }) => `${kind}/${id}`));
  const mentions = (body === null ? [] : mentionsIn(body)).filter(
    ({ kind, id }) => !known.has(`${kind}/${id}`),
  );
  return mentions.length === 0 ? [] : [{ type: 'thread.mentioned', commentId, mentions, ...about }];
}
