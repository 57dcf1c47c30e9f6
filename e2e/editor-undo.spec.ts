import { expectSaved } from './manuscript.ts';
import { expect, paragraph, test } from './writing.ts';

const LINES = ['标题在此', '第一段文字。', '第二段文字。'];
const content = () => LINES.map((text) => paragraph(text));

test('undo takes back one’s own words and leaves a colleague’s, also when the colleague deletes around them', async ({
  both,
}) => {
  const { writer, colleague, join } = await both(content());
  const { keyboard } = writer.page;
  await writer.caretAt(1, 3);
  await keyboard.type('甲乙丙');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲乙丙文字。');
  // The colleague deletes 段甲 and 丙文, and writes in their place.
  await writer.receiving(() => colleague.text(1).delete(2, 2), 1);
  await writer.receiving(() => colleague.text(1).delete(3, 2), 1);
  await writer.receiving(() => colleague.text(1).insert(2, '（同事）'), 1);
  await expect.poll(() => writer.lines().then((all) => all[1])).toBe('第一（同事）乙字。');
  await keyboard.press('Control+z');
  await expect.poll(() => writer.lines()).toEqual([LINES[0], '第一（同事）字。', LINES[2]]);
  // Nothing of one's own is left: the colleague's words stay.
  await keyboard.press('Control+z');
  await expect.poll(() => writer.lines()).toEqual([LINES[0], '第一（同事）字。', LINES[2]]);
  await keyboard.press('Control+y');
  await expect.poll(() => writer.lines()).toEqual([LINES[0], '第一（同事）乙字。', LINES[2]]);
  await expect.poll(async () => (await join()).lines()).toEqual([LINES[0], '第一（同事）乙字。', LINES[2]]);
});

test('undo of words in a paragraph that a colleague deleted changes nothing else', async ({ both }) => {
  const { writer, colleague } = await both(content());
  await writer.caretAt(1, 3);
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines()[1]).toContain('甲');
  await writer.receiving(() => colleague.content.delete(1, 1));
  await expect.poll(() => writer.lines()).toEqual([LINES[0], LINES[2]]);
  await writer.page.keyboard.press('Control+z');
  await writer.page.keyboard.press('Control+z');
  expect(await writer.lines()).toEqual([LINES[0], LINES[2]]);
  expect(colleague.lines()).toEqual([LINES[0], LINES[2]]);
});

test('a paste, a style and a replacement of all are one step each, however quickly they follow on typing', async ({
  both,
}) => {
  const { writer } = await both([paragraph('文字')]);
  const { keyboard } = writer.page;
  await writer.caretAt(0, 2);
  const seen = [await writer.blocks()];
  const step = async () => seen.push(await writer.blocks());
  await keyboard.type('甲乙');
  await step();
  await writer.paste({ html: '<p>粘一</p><p>粘二</p>' });
  await step();
  await keyboard.type('丙丁');
  await step();
  await keyboard.press('Control+Alt+Digit1');
  await step();
  await keyboard.type('戊');
  await step();
  await keyboard.press('Control+Alt+f');
  await writer.page.getByRole('textbox', { name: '查找内容' }).fill('粘');
  await writer.page.getByRole('textbox', { name: '替换为' }).fill('贴');
  await writer.page.getByRole('button', { name: '全部替换' }).click();
  await step();
  await writer.page.keyboard.press('Escape');
  await keyboard.type('己');
  await step();
  expect(seen.map((blocks) => blocks.join(' / '))).toEqual([
    'body: 文字',
    'body: 文字甲乙',
    'body: 文字甲乙粘一 / body: 粘二',
    'body: 文字甲乙粘一 / body: 粘二丙丁',
    'body: 文字甲乙粘一 / heading1: 粘二丙丁',
    'body: 文字甲乙粘一 / heading1: 粘二丙丁戊',
    'body: 文字甲乙贴一 / heading1: 贴二丙丁戊',
    expect.stringContaining('己'),
  ]);
  for (const blocks of seen.slice(0, -1).toReversed()) {
    await keyboard.press('Control+z');
    await expect.poll(() => writer.blocks()).toEqual(blocks);
  }
  for (const blocks of seen.slice(1)) {
    await keyboard.press('Control+y');
    await expect.poll(() => writer.blocks()).toEqual(blocks);
  }
});

test('undo works on after the connection was lost and came back', async ({ both, server }) => {
  const { writer, colleague } = await both(content());
  const { keyboard } = writer.page;
  await writer.caretAt(1, 3);
  await keyboard.type('甲');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲文字。');
  await expectSaved(writer.page);
  await server.kill();
  await keyboard.press('End');
  // A style that it has already: no change, and yet the end of a step.
  await keyboard.press('Control+Alt+Digit0');
  await keyboard.type('乙');
  await expect(writer.page.locator('.saved[data-saved]')).not.toHaveAttribute('data-saved', 'saved');
  await server.start();
  await expectSaved(writer.page);
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲文字。乙');
  await keyboard.press('Control+z');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲文字。');
  await keyboard.press('Control+z');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段文字。');
  await keyboard.press('Control+y');
  await expect.poll(() => colleague.lines()[1]).toBe('第一段甲文字。');
});
