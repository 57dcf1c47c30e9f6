/** Two people of different departments write one report together. */
import { expect, expectAccessible, test } from './fixtures.ts';
import {
  body,
  caretAtEnd,
  caretAtStart,
  committedText,
  expectSaved,
  manuscript,
  paragraph,
  ready,
  title,
} from './manuscript.ts';

test('two people type into one paragraph at the same time, and both texts are kept', async ({
  open,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('同段写作', [title('同段写作'), body('全县建成学校。')]);
  const [anna, ben] = await Promise.all([
    open(cast.writer, `/reports/${id}`),
    open(cast.otherWriter, `/reports/${id}`),
  ]);
  await Promise.all([ready(anna), ready(ben)]);
  await caretAtStart(anna, 1);
  await caretAtEnd(ben, 1);
  await Promise.all([
    anna.keyboard.type('一二三四五六七八九十', { delay: 15 }),
    ben.keyboard.type('甲乙丙丁戊己庚辛壬癸', { delay: 15 }),
  ]);
  const both = '一二三四五六七八九十全县建成学校。甲乙丙丁戊己庚辛壬癸';
  await expect(paragraph(anna, 1)).toHaveText(both);
  await expect(paragraph(ben, 1)).toHaveText(both);
  await Promise.all([expectSaved(anna), expectSaved(ben)]);
  expect(await committedText(anna.request, server.url, id)).toContain(both);
});

test('a paragraph becomes a heading while somebody types in it, and no letter is lost', async ({
  open,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('改样式', [title('改样式'), body('正在写的一段')]);
  const [anna, ben] = await Promise.all([
    open(cast.writer, `/reports/${id}`),
    open(cast.otherWriter, `/reports/${id}`),
  ]);
  await Promise.all([ready(anna), ready(ben)]);
  await caretAtEnd(anna, 1);
  await caretAtStart(ben, 1);
  await Promise.all([
    anna.keyboard.type('，边改样式边往下写，一个字也不能少', { delay: 20 }),
    ben.keyboard.press('ControlOrMeta+Alt+1'),
  ]);
  const text = '正在写的一段，边改样式边往下写，一个字也不能少';
  for (const page of [anna, ben]) {
    await expect(paragraph(page, 1)).toHaveText(text);
    await expect(paragraph(page, 1)).toHaveAttribute('data-style', 'heading1');
    await expectSaved(page);
  }
  expect(await committedText(anna.request, server.url, id)).toContain(text);
});

test('each sees the other in the row of people and the other’s caret with name in the text', async ({
  open,
  newReport,
  cast,
}) => {
  const id = await newReport('谁在这里', [title('谁在这里'), body('第一段'), body('第二段')]);
  const anna = await open(cast.writer, `/reports/${id}`);
  const ben = await open(cast.otherWriter, `/reports/${id}`);
  await Promise.all([ready(anna), ready(ben)]);
  await caretAtEnd(ben, 2);
  await expect(paragraph(anna, 2).locator('.caret')).toHaveAttribute(
    'data-name',
    new RegExp(cast.otherWriter.name),
  );
  await anna.getByRole('button', { name: `跟随${cast.otherWriter.name}` }).click();
  await expect(anna.getByRole('button', { name: `跟随${cast.otherWriter.name}` })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expectAccessible(anna);
});

test('the text is in the server’s page before any script runs', async ({
  browser,
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('先读后写', [title('先读后写'), body('没有脚本也能读到这一句。')]);
  const signedIn = await browserOf(cast.reviewer);
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await signedIn.storageState(),
  });
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await expect(page.getByText('没有脚本也能读到这一句。')).toBeVisible();
  await expect(page.locator('[data-style=title]')).toHaveText('先读后写');
  await context.close();
});

test('the editor takes the place of the server’s text without a jump', async ({
  browserOf,
  example,
  cast,
  server,
}) => {
  const context = await browserOf(cast.writer);
  const page = await context.newPage();
  const sockets: { close(): void }[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.routeWebSocket(/\/sync\//, async (socket) => {
    sockets.push(socket);
    await held;
    socket.connectToServer();
  });
  await page.goto(`${server.url}/reports/${example.reports[0]?.id}`);
  const places = () =>
    page.locator('.paper > [data-style]').evaluateAll((blocks) =>
      blocks.map((block) => {
        const { top, height } = block.getBoundingClientRect();
        return `${block.textContent?.slice(0, 6)} ${Math.round(top)} ${Math.round(height)}`;
      }),
    );
  await page.waitForFunction(() => document.fonts.status === 'loaded');
  const before = await places();
  expect(before.length).toBeGreaterThan(4);
  release();
  await ready(page);
  expect(await places()).toEqual(before);
});

test('a reviewer reads along and cannot write', async ({ open, newReport, cast }) => {
  const id = await newReport('只可审读', [title('只可审读'), body('原文一字不动。')]);
  const page = await open(cast.reviewer, `/reports/${id}`);
  await expect(manuscript(page)).toHaveAttribute('contenteditable', 'false');
  await expect(page.locator('.saved[data-saved]')).toHaveAttribute('data-saved', 'readOnly');
  await expectAccessible(page);
});
