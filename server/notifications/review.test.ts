/** What a review by real commands tells people, and leaves in the audit log. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WORDS } from '#lib/review/testing.ts';
import type { Actor } from '#lib/review/permissions.ts';
import {
  newKey,
  openReviewDesk,
  says,
  valueOf,
  write,
  type Person,
  type ReviewDesk,
} from '../review/testing.ts';
import { PEOPLE } from '../reports/testing.ts';
import { REPORT } from '../sync/testing.ts';
import { openNotifications, type Notifications } from './notifications.ts';

const { chen, li } = PEOPLE;

let one: ReviewDesk;
let author: Person;
let notifications: Notifications;
beforeEach(async () => {
  one = await openReviewDesk();
  author = await one.join(chen);
  await write(author);
  notifications = openNotifications(one.desk.county.store.db, () => one.desk.clock.now);
});
afterEach(() => one.close());

const told = async (who: Actor) =>
  (await notifications.list(who)).notifications
    .filter(({ threadId }) => threadId !== null)
    .map(({ kind, settlement }) => settlement ?? kind);

test('a mention, a reply and what comes of a thread are told to those concerned, and nothing of their words is logged', async () => {
  const body = {
    type: 'doc' as const,
    content: [
      {
        type: 'paragraph' as const,
        content: [
          { type: 'mention' as const, attrs: { kind: 'person' as const, id: chen.userId } },
          { type: 'text' as const, text: '请核对机密数字' },
        ],
      },
    ],
  };
  const { id } = valueOf(await one.review.create(li, REPORT, one.on(author, WORDS, { body })));
  expect(await told(chen)).toEqual(['mentioned']);
  const at = { reportId: REPORT, threadId: id };
  valueOf(await one.review.reply(chen, at, { key: newKey(), body: says('已核对机密数字') }));
  expect(await told(li)).toEqual(['replied']);
  valueOf(await one.review.change(chen, at, { key: newKey(), assignee: li.departmentId }));
  valueOf(await one.review.change(chen, at, { key: newKey(), status: 'resolved' }));
  expect(await told(li)).toEqual(['resolved', 'assigned', 'replied']);
  expect(await told(chen)).toEqual(['mentioned']);
  const lines = await one.desk.county.store.db.selectFrom('audit').selectAll().orderBy('id').execute();
  const ofThread = lines.filter(({ threadId }) => threadId === id);
  expect(ofThread.map(({ act, actorId }) => `${act} by ${actorId}`)).toEqual([
    'thread.created by li',
    'thread.mentioned by li',
    'thread.replied by chen',
    'thread.assigned by chen',
    'thread.resolved by chen',
  ]);
  expect(JSON.stringify(lines)).not.toContain('机密');
});

test('whoever proposed is told that it was accepted', async () => {
  const proposal = one.on(author, WORDS, { replacement: '另一种说法', body: null });
  const { id } = valueOf(await one.review.create(li, REPORT, proposal));
  valueOf(await one.review.accept(chen, { reportId: REPORT, threadId: id }, { key: newKey() }));
  expect(await told(li)).toEqual(['accepted']);
});
