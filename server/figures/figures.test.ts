import { toBase64 } from 'lib0/buffer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readDismissals, readFigures, type RegisteredFigure } from '#lib/figures/register.ts';
import { blockAt, move, nodeOf, paragraph } from '#lib/review/testing.ts';
import { NACK } from '#lib/sync/protocol.ts';
import { openNotifications } from '../notifications/notifications.ts';
import { PEOPLE } from '../reports/testing.ts';
import { REPORT } from '../sync/testing.ts';
import { newKey, openReviewDesk, valueOf, type Person, type ReviewDesk } from '../review/testing.ts';

const { chen, wang, li, zhao, lone, admin } = PEOPLE;

const TEXT = [
  '全县水利工作综述',
  '全县培育经营主体2168个，带动群众43万多人，其中脱贫户占31.76%。',
  '2023年完成投资6.85亿元，新建水库12座。',
];

let one: ReviewDesk;
let author: Person;
beforeEach(async () => {
  one = await openReviewDesk();
  author = await one.join(chen);
  await author.send(
    author.editor.edit((tr) =>
      tr.replaceWith(
        0,
        tr.doc.content.size,
        TEXT.map((t) => paragraph(t)),
      ),
    ),
  );
});
afterEach(() => one.close());

const at = (figureId: string) => ({ reportId: REPORT, figureId });
const on = (words: string, fields = {}) => ({
  key: newKey(),
  ...author.editor.selectWords(words),
  stateVector: toBase64(Y.encodeStateVector(author.client.doc)),
  fields,
});
const register = async (words: string, who = li, fields = {}) => {
  const [id] = valueOf(await one.figures.register(who, REPORT, on(words, fields))).ids;
  if (id === undefined) throw new Error(`${words} was not registered`);
  return id;
};
const all = async (): Promise<RegisteredFigure[]> => {
  await one.flush();
  return (await one.desk.sync.readReview(REPORT, readFigures)) ?? [];
};
const figure = async (id: string) => {
  const found = (await all()).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
};
const verify = async (id: string, who = li) => {
  const { valueKey } = await figure(id);
  return one.figures.verify(who, at(id), { key: newKey(), valueKey });
};
const edit = (change: Parameters<Person['editor']['edit']>[0]) => author.send(author.editor.edit(change));
/** Puts something in the place of words, as selecting and typing does. */
const type = (words: string, instead: string, within = words) =>
  edit((tr) => {
    const from = author.editor.find(within) + within.indexOf(words);
    tr.insertText(instead, from, from + words.length);
  });

describe('[G1] who may do what', () => {
  test('commenters register, readers see, to a stranger there is no report, and nobody writes by socket', async () => {
    const id = await register('2168个');
    expect(await figure(id)).toMatchObject({
      surface: '2168个',
      value: '2168',
      unit: '个',
      state: 'registered',
      department: 'stats',
      owner: 'li',
      registeredBy: 'li',
    });
    expect(valueOf(await one.figures.list(zhao, REPORT)).figures).toHaveLength(1);
    expect(await one.figures.register(zhao, REPORT, on('12座'))).toMatchObject({ code: 'forbidden' });
    expect(await one.figures.register(lone, REPORT, on('12座'))).toMatchObject({ code: 'not_found' });
    expect(await one.figures.list(lone, REPORT)).toMatchObject({ code: 'not_found' });
    expect(await verify(id, lone)).toMatchObject({ code: 'not_found' });
    const socket = await one.desk.connect(chen, { room: `${REPORT}/review` }).join();
    socket.sendUpdate(socket.change(() => socket.doc.getMap('figures').delete(id)));
    await socket.until(({ nacks }) => nacks.length > 0);
    expect(socket.nacks[0]?.code).toBe(NACK.readOnly);
    expect(await all()).toHaveLength(1);
  });

  test('a department verifies its own figures without the right to write, owners verify all, others none', async () => {
    const own = await register('2168个', li);
    const other = await register('12座', wang);
    expect(await verify(other, li)).toMatchObject({ code: 'forbidden' });
    expect(await verify(own, wang)).toMatchObject({ code: 'forbidden' });
    expect(valueOf(await verify(own, li))).toMatchObject({ state: 'verified', verifiedBy: 'li' });
    expect(valueOf(await verify(own, chen))).toMatchObject({ state: 'verified', verifiedBy: 'chen' });
    expect(valueOf(await verify(other, admin))).toMatchObject({ verifiedBy: 'admin' });
    const taken = await one.figures.unverify(li, at(own), { key: newKey() });
    expect(valueOf(taken)).toMatchObject({ state: 'registered', verifiedBy: null });
  });

  test('whoever registered a figure, its department and editors change it, remove it and give it away', async () => {
    const id = await register('2168个', wang, { department: 'press' });
    const change = (who: typeof li) =>
      one.figures.change(who, at(id), { key: newKey(), source: { text: '统计年报' } });
    expect(await change(li)).toMatchObject({ code: 'forbidden' });
    expect(await one.figures.remove(li, at(id), { key: newKey() })).toMatchObject({ code: 'forbidden' });
    const assign = (who: typeof li, department: string) =>
      one.figures.assign(who, REPORT, { key: newKey(), ids: [id], department });
    expect(await assign(li, 'stats')).toMatchObject({ code: 'forbidden', detail: id });
    expect(await assign(wang, 'nowhere')).toMatchObject({ code: 'invalid', detail: 'department' });
    valueOf(await assign(wang, 'stats'));
    expect(valueOf(await change(li)).source).toEqual({ text: '统计年报' });
    valueOf(await one.figures.remove(chen, at(id), { key: newKey() }));
    expect(await all()).toEqual([]);
  });

  test('another department must verify anew what is given to it', async () => {
    const id = await register('2168个', wang);
    valueOf(await verify(id, wang));
    valueOf(await one.figures.assign(chen, REPORT, { key: newKey(), ids: [id], department: 'stats' }));
    expect(await figure(id)).toMatchObject({ state: 'registered', verifiedBy: null, department: 'stats' });
  });
});

describe('[G2] registering', () => {
  test('a command is carried out once, and a figure registered once', async () => {
    const command = on('2168个');
    const { ids } = valueOf(await one.figures.register(li, REPORT, command));
    expect(valueOf(await one.figures.register(li, REPORT, command)).ids).toEqual(ids);
    expect(valueOf(await one.figures.register(wang, REPORT, on('2168'))).ids).toEqual(ids);
    await one.desk.restart();
    expect(valueOf(await one.figures.register(li, REPORT, command)).ids).toEqual(ids);
    expect(await all()).toHaveLength(1);
  });

  test('where no figure stands none is registered, nor on text that has not come', async () => {
    expect(await one.figures.register(li, REPORT, on('水利工作'))).toMatchObject({
      code: 'invalid',
      detail: 'exact',
    });
    const ahead = new Y.Doc();
    ahead.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
    const stateVector = toBase64(Y.encodeStateVector(ahead));
    await one.close();
    one = await openReviewDesk(undefined, 20);
    author = await one.join(chen);
    await edit((tr) => tr.replaceWith(0, tr.doc.content.size, [paragraph('共3个乡镇')]));
    expect(await one.figures.register(li, REPORT, { ...on('3个'), stateVector })).toMatchObject({
      code: 'conflict',
      detail: 'stateVector',
    });
  });

  test('all that are detected, but for dates, at once, each on its words', async () => {
    const { stateVector } = on('2168个');
    const { ids } = valueOf(
      await one.figures.register(li, REPORT, {
        key: newKey(),
        stateVector,
        all: true,
        fields: { department: 'water' },
      }),
    );
    const figures = await all();
    expect(ids.map((id) => figures.find((one) => one.id === id)?.surface)).toEqual([
      '2168个',
      '43万多人',
      '31.76%',
      '6.85亿元',
      '12座',
    ]);
    expect(figures.map(({ anchor, surface }) => anchor.exact === surface)).not.toContain(false);
    expect(new Set(figures.map(({ department }) => department))).toEqual(new Set(['water']));
    expect(one.events.map(({ type }) => type)).toEqual(['figure.registered', 'figure.assigned']);
  });

  test('the list is in the order of the text, whenever they were registered', async () => {
    for (const words of ['12座', '43万多人', '6.85亿元', '2168个']) await register(words);
    const { figures } = valueOf(await one.figures.list(zhao, REPORT));
    expect(figures.map(({ surface }) => surface)).toEqual(['2168个', '43万多人', '6.85亿元', '12座']);
  });

  test('what a person knows better stays theirs until they take it back', async () => {
    const id = await register('2168个', li, { object: '新型经营主体', period: '2023' });
    expect(await figure(id)).toMatchObject({ object: '新型经营主体', period: '2023' });
    await type('2168', '2186');
    expect(await figure(id)).toMatchObject({ value: '2186', object: '新型经营主体' });
    valueOf(await one.figures.change(li, at(id), { key: newKey(), object: null }));
    expect((await figure(id)).set).toEqual({ period: '2023' });
  });
});

describe('[G3] verifying', () => {
  test('what the verifier saw is what is verified: another value is a conflict', async () => {
    const id = await register('2168个');
    const { valueKey } = await figure(id);
    await type('2168', '2186');
    expect(await one.figures.verify(li, at(id), { valueKey })).toMatchObject({
      code: 'conflict',
      detail: 'valueKey',
    });
    expect(valueOf(await verify(id))).toMatchObject({ state: 'verified', value: '2186' });
  });

  test('several at once: those that can be, and the others by name', async () => {
    const [own, changed, other] = [
      await register('2168个'),
      await register('43万多人'),
      await register('12座', wang),
    ];
    const figures = (await all()).map(({ id, valueKey }) => ({ id, valueKey }));
    await type('43万', '45万');
    const command = { key: newKey(), figures: [...figures, { id: 'none', valueKey: '' }] };
    const answer = valueOf(await one.figures.verifyMany(li, REPORT, command));
    expect(answer.verified).toEqual([own]);
    // Sent again, as after an answer that did not arrive.
    expect(valueOf(await one.figures.verifyMany(li, REPORT, command))).toEqual(answer);
    expect(answer.refused).toEqual(
      expect.arrayContaining([
        { id: changed, code: 'conflict' },
        { id: other, code: 'forbidden' },
        { id: 'none', code: 'not_found' },
      ]),
    );
  });
});

describe('[G4] a verified figure that is another now is stale', () => {
  const changes: Record<string, [words: string, change: () => Promise<void>, surface: string]> = {
    'another value': ['2168个', () => type('2168', '2186'), '2186个'],
    'a digit in front of it': ['2168个', () => type('主体', '主体3', '主体2168'), '32168个'],
    'a digit inside it': ['2168个', () => type('21', '211', '2168个'), '21168个'],
    'a qualifier in front of it': ['2168个', () => type('主体', '主体不足', '主体2168'), '不足2168个'],
    'another unit': ['2168个', () => type('个', '家', '2168个'), '2168家'],
    'another multiplier': ['6.85亿元', () => type('亿', '万', '6.85亿元'), '6.85万元'],
    'all of it put anew': ['12座', () => type('12座', '35座'), '35座'],
  };
  for (const [name, [words, change, surface]] of Object.entries(changes)) {
    test(name, async () => {
      const id = await register(words);
      valueOf(await verify(id));
      await change();
      expect(await figure(id)).toMatchObject({ state: 'stale', surface, verifiedBy: 'li' });
    });
  }

  test('and is verified again when the text is as it was, by undo or by hand', async () => {
    const id = await register('2168个');
    valueOf(await verify(id));
    await type('2168', '2186');
    expect((await figure(id)).state).toBe('stale');
    await author.send(author.editor.undo());
    expect(await figure(id)).toMatchObject({ state: 'verified', surface: '2168个' });
    await type('68', '86', '2168');
    await type('86', '68', '2186');
    expect((await figure(id)).state).toBe('verified');
  });

  test('everybody hears of it, also who joins later, and its department is told once', async () => {
    const id = await register('2168个');
    valueOf(await verify(id));
    const screen = await one.desk.connect(zhao, { room: `${REPORT}/review` }).join();
    await type('2168', '2186');
    await screen.until(({ doc }) => readFigures(doc).some(({ state }) => state === 'stale'));
    const late = await one.desk.connect(zhao, { room: `${REPORT}/review` }).join();
    expect(readFigures(late.doc)).toMatchObject([{ id, state: 'stale', value: '2186' }]);
    await type('2186', '2168');
    await figure(id);
    await type('2168', '2199');
    await one.flush();
    const { notifications } = await openNotifications(
      one.desk.county.store.db,
      () => one.desk.clock.now,
    ).list(li);
    expect(notifications.filter(({ kind }) => kind === 'stale')).toMatchObject([
      { actor: { id: 'chen' }, figures: { id } },
    ]);
  });

  test('only the words around it changing is no staleness: it is reworded', async () => {
    const id = await register('12座');
    valueOf(await verify(id));
    await type('2023年', '去年');
    expect((await figure(id)).state).toBe('verified');
    await type('水库', '水库', '新建水库');
    await edit((tr) => tr.insertText('，进展顺利', author.editor.find('12座') + 3));
    expect(await figure(id)).toMatchObject({ state: 'verified', reworded: true, surface: '12座' });
  });
});

describe('[G5] figures stay on their words', () => {
  const keeping: Record<string, Parameters<Person['editor']['edit']>[0]> = {
    'bold over it': (tr) =>
      tr.addMark(author.editor.find('2168个'), author.editor.find('个，'), tr.doc.type.schema.mark('bold')),
    'typing elsewhere': (tr) => tr.insertText('今年，', author.editor.find('2023年')),
    'Enter in front of its sentence': (tr) => tr.split(author.editor.find('全县培育')),
    'a block above': (tr) => tr.insert(0, paragraph('新的一段，共8个')),
    'joining paragraphs': (tr) => tr.join(blockAt(tr, 2)),
    'the block moved': (tr) => move(tr, 1, 2),
    'style to heading': (tr) => tr.setNodeAttribute(blockAt(tr, 1), 'style', 'heading2'),
  };
  for (const [name, change] of Object.entries(keeping)) {
    test(name, async () => {
      const id = await register('2168个');
      valueOf(await verify(id));
      await edit(change);
      expect(await figure(id)).toMatchObject({ surface: '2168个', state: 'verified' });
    });
  }

  test('cut, it is an orphan; pasted elsewhere or undone, it is what it was', async () => {
    const id = await register('6.85亿元');
    valueOf(await verify(id));
    const sentence = '2023年完成投资6.85亿元，';
    await type(sentence, '');
    expect(await figure(id)).toMatchObject({ state: 'orphan', surface: '6.85亿元' });
    await edit((tr) => tr.insertText(sentence, author.editor.find('全县培育')));
    expect(await figure(id)).toMatchObject({ state: 'verified', value: '685000000' });
  });

  test('two that become one and are parted again are two again', async () => {
    await edit((tr) => tr.insert(tr.doc.content.size, paragraph('甲乡3个、乙乡5个。')));
    const [first, second] = [await register('3个'), await register('5个')];
    await type('个、乙乡', '', '3个、乙乡5个');
    expect([(await figure(first)).surface, (await figure(second)).surface]).toEqual(['35个', '35个']);
    await author.send(author.editor.undo());
    expect([(await figure(first)).surface, (await figure(second)).surface]).toEqual(['3个', '5个']);
  });

  test('what was changed while the server was away is found when the content is loaded', async () => {
    const id = await register('2168个');
    valueOf(await verify(id));
    await one.flush();
    const { db } = one.desk.county.store;
    await type('2168', '2186');
    // As a crash right after the commit leaves it: nothing derived is written.
    await db.updateTable('docProjection').set({ seq: 1 }).where('name', '=', 'anchors').execute();
    await one.desk.restart();
    expect(await figure(id)).toMatchObject({ state: 'stale', value: '2186' });
  });

  test('in a table, where the headings say of what it is', async () => {
    const cell = (text: string) => ({
      type: 'tableCell',
      content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
    });
    const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) });
    const table = {
      type: 'table',
      content: [row('地区', '投资（万元）'), row('东片', '1200'), row('西片', '1200')],
    };
    await edit((tr) => tr.insert(tr.doc.content.size, nodeOf(table)));
    const { key, fields, ...second } = on('1200');
    const place = author.editor.find('1200', 2);
    const chosen = { key, fields, ...second, ...author.editor.select(place, place + 4) };
    const [id = ''] = valueOf(await one.figures.register(li, REPORT, chosen)).ids;
    expect(await figure(id)).toMatchObject({ value: '12000000', unit: '元', object: '西片 投资' });
    valueOf(await verify(id));
    await edit((tr) => tr.insertText('东', author.editor.find('东片'), author.editor.find('东片') + 1));
    expect(await figure(id)).toMatchObject({ state: 'verified' });
    await edit((tr) => tr.insertText('南', author.editor.find('西片'), author.editor.find('西片') + 1));
    expect(await figure(id)).toMatchObject({ state: 'stale', object: '南片 投资' });
  });

  test('a figure is put on another place by hand', async () => {
    const id = await register('2168个');
    valueOf(await verify(id));
    const { key: _, fields: __, ...place } = on('12座');
    const moved = valueOf(await one.figures.change(li, at(id), { key: newKey(), rebind: place }));
    expect(moved).toMatchObject({ surface: '12座', state: 'stale' });
    await type('12座', '13座');
    expect(await figure(id)).toMatchObject({ surface: '13座' });
    const other = await register('43万多人');
    const { key: ___, fields: ____, ...taken } = on('43万多人');
    expect(await one.figures.change(li, at(id), { key: newKey(), rebind: taken })).toMatchObject({
      code: 'conflict',
    });
    expect(other).not.toBe(id);
  });
});

test('[G6] the history says what it was, who made it so and when; typing is one change', async () => {
  const id = await register('2168个');
  valueOf(await verify(id));
  for (const [words, instead] of [
    ['68个', '个'],
    ['21个', '218个'],
    ['218个', '2186个'],
  ] as const)
    await type(words, instead);
  valueOf(await one.figures.assign(chen, REPORT, { key: newKey(), ids: [id], department: 'water' }));
  const { history } = await figure(id);
  expect(history.map(({ act, by, surface }) => `${act} ${by} ${surface}`)).toEqual([
    'registered li 2168个',
    'verified li 2168个',
    'changed chen 2186个',
    'unverified chen 2186个',
    'assigned chen 2186个',
  ]);
  expect(history.every(({ at }) => at === one.desk.clock.now.toISOString())).toBe(true);
});

test('[G7] a finding that is dismissed stays dismissed, with who and why, until that is taken back', async () => {
  const finding = { key: newKey(), finding: 'share 599人 1886名 31.76%', rule: 'share', reason: '四舍五入' };
  expect(await one.figures.dismiss(zhao, REPORT, finding)).toMatchObject({ code: 'forbidden' });
  valueOf(await one.figures.dismiss(li, REPORT, finding));
  await one.desk.restart();
  const read = async () => (await one.desk.sync.readReview(REPORT, readDismissals)) ?? [];
  expect(await read()).toMatchObject([{ finding: finding.finding, reason: '四舍五入', by: 'li' }]);
  valueOf(await one.figures.restore(chen, REPORT, { key: newKey(), finding: finding.finding }));
  expect(await read()).toEqual([]);
  const audit = await one.desk.county.store.db.selectFrom('audit').selectAll().execute();
  expect(audit.map(({ act }) => act)).toEqual(['finding.dismissed', 'finding.restored']);
  expect(JSON.stringify(audit)).not.toContain('四舍五入');
});
