import type { Colleague } from './colleague.ts';
import { expect, paragraph, test } from './writing.ts';

const LINES = ['标题在此', '第一段文字很平常。', '第二段文字也平常。', '第三段文字收尾。'] as const;
const content = () =>
  LINES.map((text, index) =>
    paragraph(text, { style: index === 0 ? 'title' : 'body', bid: `block${index}` }),
  );

/** Moves a block as an editor does that deletes it and inserts a copy. */
function moveBlock(colleague: Colleague, from: number, to: number): void {
  colleague.doc.transact(() => {
    const copy = colleague.block(from).clone();
    colleague.content.delete(from, 1);
    colleague.content.insert(to, [copy]);
  });
}

test('text and caret are kept when a colleague changes the style of the paragraph being typed in', async ({
  both,
}) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 3);
  await writer.page.keyboard.type('甲');
  const element = await writer.line(1).elementHandle();
  await writer.receiving(() => colleague.block(1).setAttribute('style', 'heading1'));
  await writer.page.keyboard.type('乙');
  await expect(writer.line(1)).toHaveText('第一段甲乙文字很平常。');
  await expect(writer.line(1)).toHaveAttribute('data-style', 'heading1');
  expect(await element?.evaluate((one) => one.isConnected)).toBe(true);
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲乙文字很平常。');
  expect(colleague.block(1).getAttribute('style')).toBe('heading1');
});

test('typing does not write the attributes of the paragraph, so a style given at that moment stays', async ({
  both,
}) => {
  const { writer, colleague } = await both(LINES.map((text) => paragraph(text)));
  await writer.caretAt(1, 3);
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲文字很平常。');
  expect(colleague.block(1).getAttributes()).toEqual({});
});

test('a block that the writer moves past a paragraph takes nothing from whoever types in it', async ({
  both,
}) => {
  const { writer, colleague, join } = await both(content());
  await writer.caretAt(2, 2);
  const typed = colleague.text(1);
  await writer.page.keyboard.press('Alt+Shift+ArrowUp');
  await expect(writer.line(1)).toHaveText('第二段文字也平常。');
  // The colleague's keystroke is in the paragraph that stayed, whenever it arrives.
  typed.insert(3, '丙');
  const moved = ['标题在此', '第二段文字也平常。', '第一段丙文字很平常。', '第三段文字收尾。'];
  await expect.poll(() => writer.lines()).toEqual(moved);
  await writer.page.keyboard.type('丁');
  moved[1] = '第二丁段文字也平常。';
  await expect.poll(() => writer.lines()).toEqual(moved);
  await expect.poll(async () => (await join()).lines()).toEqual(moved);
});

test('the caret follows its paragraph when a colleague moves it', async ({ both }) => {
  const { writer, colleague, join } = await both(content());
  await writer.caretAt(1, 3);
  await writer.receiving(() => moveBlock(colleague, 1, 3));
  await writer.page.keyboard.type('甲');
  const moved = ['标题在此', '第二段文字也平常。', '第三段文字收尾。', '第一段甲文字很平常。'];
  await expect.poll(() => writer.lines()).toEqual(moved);
  await expect.poll(async () => (await join()).lines()).toEqual(moved);
});

test('the caret stays at its words when a colleague edits before it in the same paragraph', async ({
  both,
}) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 5);
  await writer.receiving(() => colleague.text(1).insert(1, '（插入）'));
  await expect.poll(() => writer.caret()).toEqual([1, 9]);
  await writer.receiving(() => colleague.text(1).delete(0, 3));
  await expect.poll(() => writer.caret()).toEqual([1, 6]);
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines()[1]).toBe('入）一段文字甲很平常。');
});

test('the caret goes with its words when a colleague presses Enter before them', async ({ both }) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 5);
  await writer.receiving(() =>
    colleague.doc.transact(() => {
      colleague.text(1).delete(3, 6);
      colleague.content.insert(2, [colleague.paragraph('文字很平常。', { bid: 'split' })]);
    }),
  );
  await writer.page.keyboard.type('甲');
  await expect.poll(() => writer.lines()).toEqual([LINES[0], '第一段', '文字甲很平常。', LINES[2], LINES[3]]);
});

test('two people who type at one spot do not mix their letters', async ({ both }) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 3);
  for (const [i, letter] of [...'abcde'].entries()) {
    await writer.page.keyboard.type(String(i + 1));
    // The colleague's caret stands where both began, and moves on behind their own letters.
    await writer.receiving(() => {
      const before = colleague.lines()[1] ?? '';
      const at = i === 0 ? 3 : before.indexOf('abcde'[i - 1] ?? '') + 1;
      colleague.text(1).insert(at, letter);
    });
  }
  await expect
    .poll(() => writer.lines().then((lines) => lines[1]))
    .toMatch(/^第一段(12345abcde|abcde12345)文字很平常。$/);
  await expect.poll(() => colleague.lines()).toEqual(await writer.lines());
});

test('quick keys are one undo step while a colleague types, and undo takes back only one’s own', async ({
  both,
}) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 3);
  for (const [i, key] of [...'一二三四五六'].entries()) {
    await writer.page.keyboard.insertText(key);
    colleague.text(3).insert(i, String(i));
  }
  await expect.poll(() => colleague.lines()[1]).toBe('第一段一二三四五六文字很平常。');
  await writer.page.keyboard.press('Control+z');
  await expect.poll(() => writer.lines()).toEqual([LINES[0], LINES[1], LINES[2], `012345${LINES[3]}`]);
  await expect.poll(() => writer.caret()).toEqual([1, 3]);
  await writer.page.keyboard.press('Control+y');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段一二三四五六文字很平常。');
});

test('when a colleague deletes the selected picture, typing replaces nothing', async ({ both }) => {
  const { writer, colleague } = await both([
    ...content().slice(0, 2),
    { type: 'divider' },
    ...content().slice(2),
  ]);
  await writer.line(2).click();
  await expect(writer.line(2)).toHaveClass(/selectednode/);
  await writer.receiving(() => colleague.content.delete(2, 1));
  await expect(writer.line(2)).toHaveText(LINES[2]);
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines()).toEqual([LINES[0], `${LINES[1]}甲`, LINES[2], LINES[3]]);
});

test('a selected divider stays selected while a colleague types elsewhere', async ({ both }) => {
  const { writer, colleague } = await both([
    ...content().slice(0, 2),
    { type: 'divider' },
    ...content().slice(2),
  ]);
  await writer.line(2).click();
  await expect(writer.line(2)).toHaveClass(/selectednode/);
  await writer.receiving(() => colleague.text(1).insert(0, '新'));
  await expect(writer.line(1)).toHaveText(`新${LINES[1]}`);
  await expect(writer.line(2)).toHaveClass(/selectednode/);
});

test('moving the caret sends nothing', async ({ both }) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 3);
  let updates = 0;
  colleague.doc.on('update', () => updates++);
  await writer.page.keyboard.press('ArrowRight');
  await writer.page.keyboard.press('ArrowDown');
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines().join('')).toContain('甲');
  expect(updates).toBe(1);
});
