import * as Y from 'yjs';
import type { Colleague } from './colleague.ts';
import { expect, paragraph, Pinyin, test, type Writer } from './writing.ts';

const LINES = ['报告标题', '上面的一段。', '这里是正在写的一段文字。', '下面的一段。'] as const;
const content = () => LINES.map((text, index) => paragraph(text, { bid: `block${index}` }));
/** The caret's place in the paragraph being written, when the composition begins. */
const AT = 5;

type Edit = (colleague: Colleague) => void;
/** A colleague's edit after `ni` was composed, and what the lines then are, with the composed word as 〇; null for text at the letters themselves, which may end up on either side of the word. */
const CASES: [name: string, edit: Edit, lines: string[] | null][] = [
  [
    'text right before the letters',
    (c) => c.text(2).insert(AT, '前'),
    [...LINES.slice(0, 2), '这里是正在前〇写的一段文字。', LINES[3]],
  ],
  ['text right after the letters', (c) => c.text(2).insert(AT + 2, '后'), null],
  ['text inside the letters', (c) => c.text(2).insert(AT + 1, '中'), null],
  [
    'text one character further on',
    (c) => c.text(2).insert(AT + 3, '远'),
    [...LINES.slice(0, 2), '这里是正在〇写远的一段文字。', LINES[3]],
  ],
  [
    'the paragraph’s first character deleted',
    (c) => c.text(2).delete(0, 1),
    [...LINES.slice(0, 2), '里是正在〇写的一段文字。', LINES[3]],
  ],
  [
    'its last character deleted',
    (c) => c.text(2).delete(c.text(2).length - 1, 1),
    [...LINES.slice(0, 2), '这里是正在〇写的一段文字', LINES[3]],
  ],
  [
    'a paragraph added above',
    (c) => c.content.insert(2, [c.paragraph('新的上段。')]),
    [...LINES.slice(0, 2), '新的上段。', '这里是正在〇写的一段文字。', LINES[3]],
  ],
  [
    'text appended at the paragraph’s end',
    (c) => c.text(2).insert(c.text(2).length, '末'),
    [...LINES.slice(0, 2), '这里是正在〇写的一段文字。末', LINES[3]],
  ],
  [
    'a deletion in another paragraph',
    (c) => c.text(3).delete(0, 2),
    [...LINES.slice(0, 2), '这里是正在〇写的一段文字。', '的一段。'],
  ],
  [
    'the paragraph above deleted',
    (c) => c.content.delete(1, 1),
    [LINES[0], '这里是正在〇写的一段文字。', LINES[3]],
  ],
  [
    'a paragraph added below',
    (c) => c.content.insert(3, [c.paragraph('新的下段。')]),
    [...LINES.slice(0, 2), '这里是正在〇写的一段文字。', '新的下段。', LINES[3]],
  ],
  [
    'bold elsewhere',
    (c) => c.text(2).format(0, 2, { bold: {} }),
    [...LINES.slice(0, 2), '这里是正在〇写的一段文字。', LINES[3]],
  ],
  [
    'the style of the paragraph changed',
    (c) => c.block(2).setAttribute('style', 'heading2'),
    [...LINES.slice(0, 2), '这里是正在〇写的一段文字。', LINES[3]],
  ],
];

async function composing(writer: Writer): Promise<Pinyin> {
  await writer.caretAt(2, AT);
  const pinyin = new Pinyin(await writer.cdp());
  await pinyin.compose('ni');
  return pinyin;
}

/** Every reader of the report has the same lines. */
async function expectEverywhere(writer: Writer, colleague: Colleague, lines: string[]): Promise<void> {
  await expect.poll(() => writer.lines()).toEqual(lines);
  expect(await writer.shown()).toEqual(lines);
  await expect.poll(() => colleague.lines()).toEqual(lines);
}

test.describe('pinyin goes on undisturbed while a colleague makes an edit', () => {
  for (const [name, edit, lines] of CASES) {
    test(name, async ({ both }) => {
      const { writer, colleague, join } = await both(content());
      const pinyin = await composing(writer);
      await expect.poll(() => colleague.lines()[2]).toContain('ni');
      await writer.receiving(() => edit(colleague));
      await pinyin.compose('nihao', 2);
      await pinyin.commit('你好');

      if (lines !== null) {
        const expected = lines.map((line) => line.replace('〇', '你好'));
        await expectEverywhere(writer, colleague, expected);
      } else {
        const either = /^这里是正在([中后]你好|你好[中后])写的一段文字。$/;
        await expect.poll(() => writer.lines().then((all) => all[2])).toMatch(either);
        await expectEverywhere(writer, colleague, await writer.lines());
      }
      expect((await writer.lines()).join('')).not.toMatch(/[a-z]/);
      expect((await join()).lines()).toEqual(await writer.lines());

      await writer.page.keyboard.press('Control+z');
      const undone = (await writer.lines()).join('');
      expect(undone).not.toContain('你好');
      expect(undone).not.toMatch(/[a-z]/);
    });
  }
});

test('each word is one undo step, also when words follow one another without a pause', async ({ both }) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(2, AT);
  const pinyin = new Pinyin(await writer.cdp());
  await pinyin.compose('nihao');
  await pinyin.commit('你好');
  await pinyin.compose('shijie');
  await pinyin.commit('世界');
  await expect.poll(() => colleague.lines()[2]).toBe('这里是正在你好世界写的一段文字。');
  await writer.page.keyboard.press('Control+z');
  await expect.poll(() => colleague.lines()[2]).toBe('这里是正在你好写的一段文字。');
  await writer.page.keyboard.press('Control+z');
  await expect.poll(() => colleague.lines()[2]).toBe(LINES[2]);
});

test('leaving the text lets in what waited', async ({ both }) => {
  const { writer, colleague } = await both(content());
  await composing(writer);
  await writer.receiving(() => colleague.text(3).insert(0, '等待'));
  expect((await writer.lines())[3]).toBe(LINES[3]);
  await writer.paper.evaluate((element) => (element as HTMLElement).blur());
  await expect.poll(() => writer.lines().then((lines) => lines[3])).toBe(`等待${LINES[3]}`);
});

test('a composition that does not end is ended after ten seconds, and nothing waits longer', async ({
  both,
}) => {
  const { writer, colleague } = await both(content());
  const { clock } = writer.page;
  await clock.install();
  await composing(writer);
  // From here on time passes when it is told to, however slow the machine is.
  await clock.pauseAt(Date.now() + 60_000);
  await writer.receiving(() => colleague.text(3).insert(0, '等待'));
  await clock.runFor(9_900);
  expect((await writer.lines())[3]).toBe(LINES[3]);
  await clock.runFor(200);
  await expect.poll(() => writer.lines().then((lines) => lines[3])).toBe(`等待${LINES[3]}`);
  await expectEverywhere(writer, colleague, await writer.lines());
});

test('a colleague’s caret and words wait for the composition, not for the typing around it', async ({
  both,
}) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(2, AT);
  await writer.receiving(() => Y.transact(colleague.doc, () => colleague.text(3).insert(0, '即时')));
  await expect(writer.line(3)).toHaveText(`即时${LINES[3]}`);
});
