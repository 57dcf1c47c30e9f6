/** What leaves with an article: nothing internal, nothing hostile, in no format. */
import { toBase64 } from 'lib0/buffer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { FORMATS, type Format } from '#lib/publish/formats.ts';
import { Editor } from '#lib/review/testing.ts';
import { HOSTILE, writeHostile } from '../reports/testing.ts';
import { newKey, says, valueOf } from '../review/testing.ts';
import { openPress, said, textOf, type Press } from './testing.ts';

let press: Press;
beforeAll(async () => {
  press = await openPress();
});
afterAll(() => press.close());

async function published(number: number): Promise<[Format, string][]> {
  return Promise.all(
    FORMATS.map(async (format): Promise<[Format, string]> => {
      const rendered = await press.app.articles.rendered(number, format);
      if (rendered === null) throw new Error(`not published as ${format}`);
      return [format, said(rendered.bytes)];
    }),
  );
}

test('no thread, proposal, reviewer, evidence, note or id of the register is in any format', async () => {
  const { app, publisher, reviewer, writer } = press;
  const id = await press.ready('全县水利综述', textOf('全县水利综述', '新建水库12座，整修渠道36公里。'));
  valueOf(await app.reports.share(writer, id, { kind: 'person', id: reviewer.userId }, 'commenter'));
  const state = await app.sync.read(id, (doc) => Y.encodeStateAsUpdate(doc));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state ?? new Uint8Array());
  const on = (words: string) => ({
    key: newKey(),
    ...new Editor(doc).selectWords(words),
    stateVector: toBase64(Y.encodeStateVector(doc)),
  });
  const comment = { body: says('此处口径存疑'), replacement: null, blocking: true };
  const thread = valueOf(await app.review.create(reviewer, id, { ...on('新建水库'), ...comment }));
  valueOf(
    await app.review.reply(
      writer,
      { reportId: id, threadId: thread.id },
      { key: newKey(), body: says('已电话核实') },
    ),
  );
  const proposal = { body: says('宜改一改'), replacement: '改造提升渠道', blocking: false };
  const proposed = valueOf(await app.review.create(reviewer, id, { ...on('整修渠道'), ...proposal }));
  const source = { text: '内部台账第7号', url: 'https://ledger.invalid/7', attachment: '台账附件.xlsx' };
  const fields = { source, note: '暂未公开', scope: '县域底数', owner: reviewer.userId };
  const { ids } = valueOf(await app.figures.register(writer, id, { ...on('12座'), fields }));
  valueOf(
    await app.figures.dismiss(writer, id, {
      key: newKey(),
      finding: 'share|1',
      rule: 'share',
      reason: '领导已同意',
    }),
  );
  const reason = '急件先行发布';
  const { number } = valueOf(await press.publish(id, { reason, byline: '县委宣传部' }));

  const texts = ['此处口径存疑', '已电话核实', '宜改一改', '改造提升渠道', '领导已同意', reason];
  const evidence = [source.text, source.url, source.attachment, fields.note, fields.scope];
  const people = [reviewer, writer, publisher].flatMap(({ name, userId }) => [name, userId]);
  const internal = [texts, evidence, people, [id, thread.id, proposed.id], ids].flat();
  const formats = await published(number);
  for (const [format, text] of formats) {
    expect(text, format).toContain('整修渠道');
    expect(
      internal.filter((words) => text.includes(words)),
      format,
    ).toEqual([]);
  }
  // Readers are answered no more than that.
  const answers = JSON.stringify([await app.articles.find(number), await app.articles.list({})]);
  expect(internal.filter((words) => answers.includes(words))).toEqual([]);
  // The publication itself keeps the register as it was.
  const { figures } = await app.store.db
    .selectFrom('publication')
    .select('figures')
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  expect(figures).toContain(fields.note);
});

test('what was written into the document past the editor is published in no format', async () => {
  const { app, writer } = press;
  const id = await press.ready('来者不善');
  valueOf(await app.sync.edit(writer, id, writeHostile));
  const { number } = valueOf(await press.publish(id, { reason: '缺图也发' }));
  for (const [format, text] of await published(number)) {
    expect(text, format).toContain('甲');
    expect(text, format).not.toMatch(HOSTILE);
    expect(text.length, format).toBeLessThan(300_000);
  }
});
