import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import type * as Y from 'yjs';
import { NewThread } from '#lib/review/command.ts';
import { SEVENTEEN, WORDS } from '#lib/review/testing.ts';
import { isStale } from '#lib/review/thread.ts';
import { NACK } from '#lib/sync/protocol.ts';
import { raiseAccessEpoch } from '../reports/access.ts';
import { PEOPLE } from '../reports/testing.ts';
import type { DocStore } from '../store/docs.ts';
import { REPORT } from '../sync/testing.ts';
import { newKey, openReviewDesk, says, valueOf, write, type Person, type ReviewDesk } from './testing.ts';

const { chen, wang, li, zhao, lone } = PEOPLE;

let one: ReviewDesk;
let author: Person;
beforeEach(async () => {
  one = await openReviewDesk();
  author = await one.join(chen);
  await write(author);
});
afterEach(() => one.close());

const at = (threadId: string) => ({ reportId: REPORT, threadId });
const comment = async (words = WORDS, who = li, more = {}) =>
  valueOf(await one.review.create(who, REPORT, one.on(author, words, more))).id;
const propose = (replacement: string, words = WORDS) => comment(words, li, { replacement, body: null });
const text = () => one.desk.sync.read(REPORT, (doc) => doc.getXmlFragment('content').toString());

describe('[A1] who may do what', () => {
  test('a commenter makes threads, and cannot change a letter, not even by raw socket', async () => {
    const before = await text();
    const id = await comment();
    const socket = await one.desk.connect(li).join();
    socket.write('偷偷写的');
    await socket.until(({ nacks }) => nacks.length > 0);
    expect(socket.nacks[0]?.code).toBe(NACK.readOnly);
    expect(await text()).toBe(before);
    expect(await one.thread(id)).toMatchObject({ createdBy: 'li', department: 'stats', status: 'open' });
  });

  test('nobody writes the review document over a socket, its authors included', async () => {
    const id = await comment();
    const socket = await one.desk.connect(chen, { room: `${REPORT}/review` }).join();
    const update = socket.change(() => socket.doc.getMap('threads').delete(id));
    socket.sendUpdate(update);
    await socket.until(({ nacks }) => nacks.length > 0);
    expect(socket.nacks[0]?.code).toBe(NACK.readOnly);
    expect((await one.threads()).map((thread) => thread.id)).toEqual([id]);
  });

  test('a reader reads; to a stranger there is no report', async () => {
    const id = await comment();
    expect(valueOf(await one.review.list(zhao, REPORT)).threads).toHaveLength(1);
    expect(await one.review.create(zhao, REPORT, one.on(author, WORDS))).toMatchObject({ code: 'forbidden' });
    expect(await one.review.reply(zhao, at(id), { key: newKey(), body: says('我也') })).toMatchObject({
      code: 'forbidden',
    });
    expect(await one.review.list(lone, REPORT)).toMatchObject({ code: 'not_found' });
    expect(await one.review.authorship(lone, REPORT)).toMatchObject({ code: 'not_found' });
    expect(await one.review.create(lone, REPORT, one.on(author, WORDS))).toMatchObject({ code: 'not_found' });
  });

  test('commenters resolve, assign and mark their own threads, editors everybody’s', async () => {
    const own = await comment();
    const other = await comment('颗粒归仓', wang);
    const resolve = (who: typeof chen, id: string) =>
      one.review.change(who, at(id), { key: newKey(), status: 'resolved' });
    expect(await resolve(li, other)).toMatchObject({ code: 'forbidden' });
    expect(await one.review.change(li, at(other), { key: newKey(), blocking: true })).toMatchObject({
      code: 'forbidden',
    });
    expect(valueOf(await resolve(li, own))).toMatchObject({ status: 'resolved', statusBy: 'li' });
    expect(valueOf(await resolve(chen, other))).toMatchObject({ status: 'resolved', statusBy: 'chen' });
    const reopened = await one.review.change(li, at(own), { key: newKey(), status: 'open' });
    expect(valueOf(reopened)).toMatchObject({ status: 'open' });
    const assigned = await one.review.change(li, at(own), { key: newKey(), assignee: 'water' });
    expect(valueOf(assigned).assignee).toBe('water');
    const nowhere = await one.review.change(li, at(own), { key: newKey(), assignee: 'nowhere' });
    expect(nowhere).toMatchObject({ code: 'invalid' });
    expect(one.events.map(({ type }) => type)).toContain('thread.assigned');
  });

  test('people edit and delete their own comments only, and react to all', async () => {
    const id = await comment();
    const reply = valueOf(await one.review.reply(wang, at(id), { key: newKey(), body: says('已核对') }));
    const path = { ...at(id), commentId: reply.id };
    const edit = (who: typeof chen) =>
      one.review.changeComment(who, path, { key: newKey(), body: says('已经核对') });
    expect(await edit(chen)).toMatchObject({ code: 'forbidden' });
    expect(await one.review.deleteComment(li, path, { key: newKey() })).toMatchObject({ code: 'forbidden' });
    valueOf(await edit(wang));
    const reaction = { emoji: '👍', on: true };
    valueOf(await one.review.changeComment(li, path, { key: newKey(), reaction }));
    expect((await one.thread(id)).comments[1]).toMatchObject({
      by: 'wang',
      body: says('已经核对'),
      reactions: { '👍': ['li'] },
    });
    valueOf(await one.review.deleteComment(wang, path, { key: newKey() }));
    expect((await one.thread(id)).comments[1]).toMatchObject({ body: { content: [] }, reactions: {} });
    const [first] = (await one.thread(id)).comments;
    const last = { ...at(id), commentId: first?.id ?? '' };
    valueOf(await one.review.deleteComment(li, last, { key: newKey() }));
    expect(await one.threads()).toEqual([]);
  });

  test('rights that are withdrawn while a command waits for its commit refuse it', async () => {
    const { db } = one.desk.county.store;
    await one.threads();
    await db.transaction().execute(async (trx) => {
      await trx.deleteFrom('reportShare').where('subjectId', '=', 'li').execute();
      await raiseAccessEpoch(trx, REPORT);
    });
    const access = await one.review.create(li, REPORT, one.on(author, WORDS));
    expect(access).toMatchObject({ code: 'not_found' });
    expect(await one.threads()).toEqual([]);
  });

  test('only those are mentioned who can see the report, and those who are new are told', async () => {
    const mention = (...ids: string[]) => ({
      type: 'doc' as const,
      content: [
        {
          type: 'paragraph' as const,
          content: ids.map((id) => ({
            type: 'mention' as const,
            attrs: {
              kind: PEOPLE[id as 'li'] === undefined ? ('department' as const) : ('person' as const),
              id,
            },
          })),
        },
      ],
    });
    const say = (...ids: string[]) =>
      one.review.create(li, REPORT, one.on(author, WORDS, { body: mention(...ids) }));
    expect(await say('lone')).toMatchObject({ code: 'invalid', detail: 'mentions: lone' });
    expect(await say('press')).toMatchObject({ code: 'invalid' });
    const { id } = valueOf(await say('wang', 'water'));
    const told = () => one.events.filter(({ type }) => type === 'thread.mentioned');
    expect(told()).toMatchObject([
      {
        mentions: [
          { kind: 'person', id: 'wang' },
          { kind: 'department', id: 'water' },
        ],
      },
    ]);
    const [first] = (await one.thread(id)).comments;
    const path = { ...at(id), commentId: first?.id ?? '' };
    valueOf(await one.review.changeComment(li, path, { key: newKey(), body: mention('wang', 'chen') }));
    expect(told()[1]).toMatchObject({ mentions: [{ kind: 'person', id: 'chen' }] });
  });
});

describe('[A2] a command is carried out once', () => {
  test('the same key again answers the same, also after a restart, and tells nobody', async () => {
    const sent = one.on(author, WORDS);
    const [a, b] = await Promise.all([
      one.review.create(li, REPORT, sent),
      one.review.create(li, REPORT, sent),
    ]);
    const { id } = valueOf(a);
    expect(valueOf(b).id).toBe(id);
    const reply = { key: newKey(), body: says('已核对') };
    const first = valueOf(await one.review.reply(wang, at(id), reply));
    const resolve = { key: newKey(), status: 'resolved' as const };
    valueOf(await one.review.change(li, at(id), resolve));
    valueOf(await one.review.change(li, at(id), { key: newKey(), status: 'open' }));
    const told = one.events.length;
    await one.desk.restart();
    expect(valueOf(await one.review.create(li, REPORT, sent)).id).toBe(id);
    expect(valueOf(await one.review.reply(wang, at(id), reply)).id).toBe(first.id);
    // Reopened meanwhile, it is not resolved again.
    expect(valueOf(await one.review.change(li, at(id), resolve)).status).toBe('open');
    expect((await one.thread(id)).comments).toHaveLength(2);
    expect(one.events).toHaveLength(told);
  });

  test('a key is its user’s', async () => {
    const sent = one.on(author, WORDS);
    const a = valueOf(await one.review.create(li, REPORT, sent));
    const b = valueOf(await one.review.create(wang, REPORT, sent));
    expect(a.id).not.toBe(b.id);
    expect(await one.threads()).toHaveLength(2);
  });
});

describe('[A3] what a command says of itself', () => {
  test('an author, a time or a status in a command is refused, and the server’s are written', async () => {
    const sent = one.on(author, WORDS);
    for (const forged of [
      { createdBy: 'chen' },
      { createdAt: '2000-01-01' },
      { status: 'resolved' },
      { by: 'chen' },
    ]) {
      expect(v.safeParse(NewThread, { ...sent, ...forged }).success).toBe(false);
    }
    one.desk.clock.now = new Date('2024-03-01T10:00:00Z');
    // Past the door, what was forged is not looked at.
    const forged = { ...sent, createdBy: 'chen', createdAt: '2000-01-01', department: 'water' };
    const { id } = valueOf(await one.review.create(li, REPORT, forged));
    expect(await one.thread(id)).toMatchObject({
      createdBy: 'li',
      department: 'stats',
      createdAt: '2024-03-01T10:00:00.000Z',
      comments: [{ by: 'li', at: '2024-03-01T10:00:00.000Z' }],
    });
  });

  test.each([
    ['an empty body', { body: says('  ') }],
    ['no body', { body: { type: 'doc', content: [] } }],
    ['a heading', { body: { type: 'doc', content: [{ type: 'heading' }] } }],
    ['a key that is too short', { key: 'short' }],
    ['a body beyond 5,000 characters', { body: says('长'.repeat(5_001)) }],
    ['a replacement over two paragraphs', { replacement: '一\n二' }],
    ['positions that are no base64', { from: '{}' }],
  ])('%s is refused at the door', (_name, change) => {
    expect(v.safeParse(NewThread, { ...one.on(author, WORDS), ...change }).success).toBe(false);
  });
});

describe('[A4] the content that a comment speaks of', () => {
  test('is waited for', async () => {
    const updates = author.editor.edit((tr) => tr.insertText('刚写的话', author.editor.find('学校')));
    const made = one.review.create(li, REPORT, one.on(author, '刚写的话'));
    await author.send(updates);
    const { id } = valueOf(await made);
    expect((await one.seenByNewcomer()).get(id)).toBe('刚写的话');
  });

  test('and not for ever', async () => {
    await one.close();
    one = await openReviewDesk(undefined, 1);
    author = await one.join(chen);
    author.editor.edit((tr) => tr.insertText('没有送出的话', 1));
    const refused = await one.review.create(li, REPORT, one.on(author, '没有送出的话'));
    expect(refused).toMatchObject({ code: 'conflict', detail: 'stateVector' });
    const nonsense = one.on(author, '没有送出的话', { stateVector: '////' });
    expect(await one.review.create(li, REPORT, nonsense)).toMatchObject({ code: 'invalid' });
  });

  test('composed offline before someone’s Enter, a comment finds its words', async () => {
    const sent = one.on(author, '备播');
    await author.send(author.editor.edit((tr) => tr.split(author.editor.find(WORDS))));
    const { id } = valueOf(await one.review.create(li, REPORT, sent));
    expect((await one.seenByNewcomer()).get(id)).toBe('备播');
  });
});

describe('[A5] the server keeps threads on their words', () => {
  test.each(Object.keys(SEVENTEEN))('%s', async (name) => {
    const id = await comment();
    for (const step of SEVENTEEN[name] ?? []) await author.send(step(author.editor));
    expect((await one.thread(id)).anchor).toMatchObject({ exact: WORDS });
    expect((await one.seenByNewcomer()).get(id)).toBe(WORDS);
  });

  test('every browser closed, the server restarted, the words pasted by somebody else', async () => {
    const id = await comment();
    const { editor } = author;
    await author.send(editor.edit((tr) => tr.delete(editor.find(WORDS), editor.find(WORDS) + 4)));
    await author.leave();
    await one.desk.restart();
    expect((await one.thread(id)).anchor).toMatchObject({ state: 'orphan', exact: WORDS });
    const other = await one.join(wang);
    await other.send(other.editor.edit((tr) => tr.insertText(WORDS, other.editor.find('学校'))));
    await other.leave();
    expect((await one.thread(id)).anchor).toMatchObject({ state: 'moved', exact: WORDS });
    expect((await one.seenByNewcomer()).get(id)).toBe(WORDS);
  });

  test('what a crash left unwritten is caught up with', async () => {
    const id = await comment();
    const { anchor } = await one.thread(id);
    await author.send(author.editor.edit((tr) => tr.split(author.editor.find(WORDS))));
    await author.leave();
    const { db } = one.desk.county.store;
    await one.desk.restart();
    // As it was before the keeper wrote: the anchor, and how far it had seen.
    valueOf(
      await one.desk.sync.annotate({ actor: null, action: 'read', key: null }, REPORT, (doc) => {
        (doc.getMap('threads').get(id) as Y.Map<unknown>).set('anchor', anchor);
        return { ok: true, value: null };
      }),
    );
    await db.updateTable('docProjection').set({ seq: 1 }).where('name', '=', 'anchors').execute();
    expect((await one.thread(id)).anchor.from).not.toBe(anchor.from);
    expect((await one.seenByNewcomer()).get(id)).toBe(WORDS);
  });

  test('a thread that is made while its words move is not left behind', async () => {
    const sent = one.on(author, WORDS);
    const updates = author.editor.edit((tr) => tr.split(author.editor.find(WORDS)));
    const [made] = await Promise.all([one.review.create(li, REPORT, sent), author.send(updates)]);
    expect((await one.seenByNewcomer()).get(valueOf(made).id)).toBe(WORDS);
  });

  test('overlapping threads, and an edit that touches none, writes nothing', async () => {
    const a = await comment('抓好春耕');
    const b = await comment(WORDS);
    await author.send(author.editor.edit((tr) => tr.split(author.editor.find('抓好'))));
    await one.threads();
    const rows = () =>
      one.desk.county.store.db
        .selectFrom('docUpdate')
        .innerJoin('doc', 'doc.number', 'docUpdate.docNumber')
        .where('doc.kind', '=', 'review')
        .select('seq')
        .execute();
    const before = (await rows()).length;
    await author.send(author.editor.edit((tr) => tr.insertText('今年', author.editor.find('办好'))));
    await one.threads();
    expect(await rows()).toHaveLength(before);
    const seen = await one.seenByNewcomer();
    expect([seen.get(a), seen.get(b)]).toEqual(['抓好春耕', WORDS]);
  });
});

describe('[A9] proposals', () => {
  const accept = (id: string, who = chen, key = newKey()) => one.review.accept(who, at(id), { key });
  const undo = (id: string, who = chen, key = newKey()) => one.review.undo(who, at(id), { key });

  test('accepting puts the words in, formatted as those they replace, and resolves, in one commit', async () => {
    await author.send(
      author.editor.edit((tr) =>
        tr.addMark(author.editor.find(WORDS), author.editor.find(WORDS) + 4, tr.doc.type.schema.mark('bold')),
      ),
    );
    const id = await propose('春季生产');
    expect(await accept(id, li)).toMatchObject({ code: 'forbidden' });
    const accepted = valueOf(await accept(id));
    expect(accepted).toMatchObject({ status: 'accepted', statusBy: 'chen', original: WORDS });
    expect(await text()).toContain('抓好<bold>春季生产</bold>工作');
    expect((await one.seenByNewcomer()).get(id)).toBe('春季生产');
    const blocks = await one.desk.sync.readAuthorship(REPORT);
    expect(blocks?.[1]?.map(({ author, text }) => `${author?.userId}:${text}`).join(' ')).toContain('chen');
    expect(one.events.at(-1)).toMatchObject({ type: 'thread.accepted', createdBy: 'li' });
  });

  test('accepting is sent to whoever has the report open, and is kept over a restart', async () => {
    const reader = await one.join(zhao);
    const threads = await one.desk.connect(zhao, { room: `${REPORT}/review` }).join();
    const id = await propose('春季生产');
    valueOf(await accept(id));
    await reader.client.until(({ text }) => text.includes('春季生产'));
    await threads.until(({ doc }) => JSON.stringify(doc.getMap('threads').toJSON()).includes('accepted'));
    await one.desk.restart();
    expect(await text()).toContain('春季生产');
    expect(await one.thread(id)).toMatchObject({ status: 'accepted' });
  });

  test('a commit that fails has neither of the two', async () => {
    let isFull = false;
    const failing = (docs: DocStore): DocStore => ({
      ...docs,
      async commit(batches) {
        if (isFull) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
        return docs.commit(batches);
      },
    });
    await one.close();
    one = await openReviewDesk(failing);
    author = await one.join(chen);
    await write(author);
    const id = await propose('春季生产');
    isFull = true;
    const key = newKey();
    expect(await accept(id, chen, key)).toMatchObject({ code: 'storage_full' });
    isFull = false;
    expect(await text()).toContain(WORDS);
    expect(await one.thread(id)).toMatchObject({ status: 'open' });
    expect(valueOf(await accept(id, chen, key)).status).toBe('accepted');
    expect(valueOf(await accept(id, chen, key)).status).toBe('accepted');
    expect(await text()).toContain('抓好春季生产工作');
  });

  test('accepting and rejecting are taken back', async () => {
    const id = await propose('春季生产');
    const before = await text();
    valueOf(await accept(id));
    expect(valueOf(await undo(id))).toMatchObject({ status: 'open' });
    expect(await text()).toBe(before);
    expect((await one.seenByNewcomer()).get(id)).toBe(WORDS);
    const blocks = await one.desk.sync.readAuthorship(REPORT);
    expect(blocks?.[1]?.map(({ author }) => author?.userId)).toEqual(['chen']);
    const reject = { key: newKey(), status: 'rejected' as const };
    expect(valueOf(await one.review.change(chen, at(id), reject)).status).toBe('rejected');
    expect(await accept(id)).toMatchObject({ code: 'conflict', detail: 'status' });
    expect(valueOf(await undo(id)).status).toBe('open');
    expect(valueOf(await accept(id)).status).toBe('accepted');
    expect(await text()).toContain('春季生产');
  });

  test('words are taken away, and put back', async () => {
    const id = await propose('');
    const before = await text();
    valueOf(await accept(id));
    expect(await text()).toContain('抓好工作');
    await one.threads();
    valueOf(await undo(id));
    expect(await text()).toBe(before);
    expect((await one.seenByNewcomer()).get(id)).toBe(WORDS);
  });

  test('a stale one says so, and is not applied; neither is a stale undo', async () => {
    const id = await propose('春季生产');
    const { editor } = author;
    await author.send(editor.edit((tr) => tr.insertText('和', editor.find('备播'))));
    expect(isStale(await one.thread(id))).toBe(true);
    expect(await accept(id)).toMatchObject({ code: 'conflict', detail: 'stale' });
    await author.send(editor.undo());
    expect(isStale(await one.thread(id))).toBe(false);
    valueOf(await accept(id));
    const late = await one.join(wang);
    await late.send(late.editor.edit((tr) => tr.insertText('大', late.editor.find('生产'))));
    expect(await undo(id)).toMatchObject({ code: 'conflict', detail: 'stale' });
    expect(await text()).toContain('春季大生产');
  });

  test('several on one sentence: those on other words stay, one on the same words is stale', async () => {
    const first = await propose('春季生产');
    const same = await propose('备耕');
    const other = await propose('仓廪', '颗粒归仓');
    valueOf(await accept(first));
    expect(isStale(await one.thread(same))).toBe(true);
    expect(await accept(same)).toMatchObject({ code: 'conflict', detail: 'stale' });
    valueOf(await accept(other));
    expect(await text()).toContain('抓好春季生产工作，确保仓廪');
    valueOf(await undo(first));
    expect(isStale(await one.thread(same))).toBe(false);
    valueOf(await accept(same));
    expect(await text()).toContain('抓好备耕工作，确保仓廪');
  });

  test('a proposal stays within one paragraph, and changes something', async () => {
    const { editor } = author;
    const across = editor.select(editor.find('颗粒'), editor.find('办好'));
    const refused = [
      one.on(author, WORDS, { ...across, replacement: '一' }),
      one.on(author, WORDS, { replacement: WORDS }),
    ];
    for (const sent of refused) {
      expect(await one.review.create(li, REPORT, sent)).toMatchObject({ code: 'invalid' });
    }
    const id = await propose('春季生产');
    const sent = { key: newKey(), replacement: '春管春种' };
    expect(await one.review.change(chen, at(id), sent)).toMatchObject({ code: 'forbidden' });
    expect(valueOf(await one.review.change(li, at(id), sent)).replacement).toBe('春管春种');
  });
});

describe('[A10] who wrote what', () => {
  test('shares of the report and of its sections, and runs of each block', async () => {
    const other = await one.join(wang);
    await other.send(other.editor.edit((tr) => tr.setNodeAttribute(0, 'style', 'heading1')));
    await other.send(other.editor.edit((tr) => tr.insertText('王写的', other.editor.find('学校'))));
    const shares = valueOf(await one.review.authorship(zhao, REPORT));
    const [section] = shares.sections;
    expect(section).toMatchObject({ title: '全县工作综述', from: 0, to: 3 });
    expect(shares.report.people).toMatchObject([{ id: 'chen' }, { id: 'wang', characters: 3 }]);
    expect(section?.shares).toEqual(shares.report);
    expect(shares.report.departments).toEqual([{ id: 'water', characters: shares.report.characters }]);
    expect(shares.blocks[2]?.map(({ userId, length }) => `${userId}:${length}`)).toEqual([
      'chen:10',
      'wang:3',
      'chen:3',
    ]);
    expect(shares.people.people['wang']).toMatchObject({ name: '王岚', department: '水务局' });
  });

  test.each(Object.entries(SEVENTEEN))(
    '%s, done by somebody else, leaves the author',
    async (name, steps) => {
      const other = await one.join(wang);
      for (const step of steps) await other.send(step(other.editor));
      const { blocks, report } = valueOf(await one.review.authorship(zhao, REPORT));
      expect(blocks.flat().every(({ userId }) => userId === 'chen' || userId === 'wang')).toBe(true);
      const typed = { 'typing elsewhere': 2, 'typing at the start edge': 2, 'typing at the end edge': 2 };
      const own = name === 'a block inserted above' ? 4 : (typed[name as keyof typeof typed] ?? 0);
      expect(report.people.find(({ id }) => id === 'wang')?.characters ?? 0).toBe(own);
    },
  );
});
