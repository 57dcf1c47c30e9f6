import { expect, paragraph, test } from './writing.ts';

const LINES = ['标题在此', '第一段文字。', '第二段文字。'];
const HUGE = '长'.repeat(400);

test('a colleague’s caret has the server’s name and colour, moves with the words, and ends with the connection', async ({
  both,
  cast,
}) => {
  const { writer, colleague } = await both(LINES.map((text) => paragraph(text)));
  const { name, department } = cast.otherWriter;
  // What a client says of itself is not shown.
  const forged = { userId: 'u-x', name: '周岚', department: '宣传部', hue: 3 };
  colleague.say({ user: forged, cursor: colleague.caretIn(1, 3) });
  const caret = writer.paper.locator('.caret');
  await expect(caret).toHaveAttribute('data-name', `${name} · ${department}`);
  await expect(writer.page.getByText('周岚')).toHaveCount(0);
  await expect(writer.page.getByRole('button', { name: new RegExp(name) })).toBeVisible();
  const color = (name: string) =>
    writer.page.evaluate((name) => getComputedStyle(document.documentElement).getPropertyValue(name), name);
  expect(await caret.evaluate((one) => getComputedStyle(one).getPropertyValue('--caret'))).toBe(
    await color('--hue-2'),
  );
  /** The text of the caret's block before the caret. */
  const before = () =>
    caret.evaluate((one) => {
      const range = document.createRange();
      range.setStart(one.parentElement ?? one, 0);
      range.setEndBefore(one);
      return range.toString();
    });
  expect(await before()).toBe('第一段');
  await writer.caretAt(1, 1);
  await writer.page.keyboard.type('甲');
  await expect.poll(before).toBe('第甲一段');
  await writer.receiving(() => colleague.text(1).insert(0, '乙'));
  await expect.poll(before).toBe('乙第甲一段');
  // The name is not part of the report.
  expect(await writer.lines()).toEqual([LINES[0], '乙第甲一段文字。', LINES[2]]);
  colleague.leave();
  await expect(caret).toHaveCount(0);
});

test('following scrolls to a colleague’s caret until one types, turns the wheel, or they leave', async ({
  both,
  cast,
}) => {
  const { writer, colleague } = await both(
    Array.from({ length: 120 }, (_one, i) => paragraph(`第 ${i} 段的文字。`)),
  );
  const { page } = writer;
  const go = (block: number) => colleague.say({ cursor: colleague.caretIn(block, 2) });
  const follow = page.getByRole('button', { name: new RegExp(cast.otherWriter.name) });
  go(100);
  await follow.click();
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  await expect(writer.line(100)).toBeInViewport();
  go(3);
  await expect(writer.line(3)).toBeInViewport();
  await writer.line(3).click();
  await page.keyboard.press('ArrowRight');
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  go(100);
  await expect(writer.line(100).locator('.caret')).toBeAttached();
  await expect(writer.line(100)).not.toBeInViewport();

  await follow.click();
  await expect(writer.line(100)).toBeInViewport();
  await writer.line(100).hover();
  await page.mouse.wheel(0, -4000);
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  await expect(writer.line(3)).toBeInViewport();
  go(110);
  await expect(writer.line(110).locator('.caret')).toBeAttached();
  await expect(writer.line(3)).toBeInViewport();
});

test('nonsense in awareness neither shows nor breaks: huge names, no texts, HTML, impossible carets', async ({
  both,
  cast,
}) => {
  const { writer, colleague } = await both(LINES.map((text) => paragraph(text)));
  const cursor = colleague.caretIn(1, 3);
  const user = { userId: 'u-x', name: '周岚', department: '宣传部', hue: 3 };
  const faults: string[] = [];
  writer.page.on('pageerror', (error) => faults.push(error.message));
  const nonsense: Record<string, unknown>[] = [
    { user: 'x', cursor },
    { user: { ...user, name: { length: 3 } }, cursor },
    { user: { ...user, hue: 'red;} body{display:none' }, cursor },
    { user: { ...user, name: `<img src=x onerror=alert(1)>\u202e\n${HUGE}`, department: HUGE }, cursor },
    { user, cursor: 'there' },
    { user, cursor: { anchor: {}, head: 7 } },
    {
      user,
      cursor: { anchor: { item: { client: 'x', clock: -1 } }, head: { item: { client: 1, clock: 1.5 } } },
    },
    { user, cursor: { anchor: { tname: 'elsewhere' }, head: { tname: '__proto__' } } },
    {
      user,
      cursor: { anchor: { type: { client: 1, clock: 99 } }, head: { type: { client: 1, clock: 99 } } },
    },
  ];
  const caret = writer.paper.locator('.caret');
  for (const state of nonsense) {
    colleague.say(state);
    // What comes after it shows that it was read: no caret at all, then one again.
    colleague.say({ cursor: null });
    await expect(caret).toHaveCount(0);
    colleague.say({ cursor });
    await expect(caret).toHaveAttribute(
      'data-name',
      `${cast.otherWriter.name} · ${cast.otherWriter.department}`,
    );
  }
  await expect(writer.page.locator('img[src="x"]')).toHaveCount(0);
  for (const width of [1440, 390]) {
    await writer.page.setViewportSize({ width, height: 900 });
    expect(
      await writer.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0);
  }
  await writer.caretAt(1, 1);
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines()[1]).toBe('第甲一段文字。');
  expect(faults).toEqual([]);
});
