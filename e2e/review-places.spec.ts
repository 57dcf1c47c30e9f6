/** What can be commented on, who wrote what, and what becomes of what is half written. */
import type { APIRequestContext } from '@playwright/test';
import { png } from '../server/pictures/testing.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { body, caretAtEnd, expectSaved, manuscript, paragraph, ready, title } from './manuscript.ts';
import { cards, comment, marked, reading, select, selectBetween, tabTo } from './reviewing.ts';

const cell = (text: string) => ({ type: 'tableCell', content: [body(text)] });
const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) });

async function put(request: APIRequestContext, url: string, id: string, content: unknown[]): Promise<void> {
  const pictures = { p1: { type: 'image/png', base64: png({ seed: 7 }).toString('base64') } };
  const response = await request.put(`${url}/api/reports/${id}/content`, {
    data: { schema: 1, title: '处处可批', content: { type: 'doc', content }, pictures },
    headers: { origin: url },
  });
  expect(response.ok(), await response.text()).toBe(true);
}

test('a picture, words in a cell and words across paragraphs are commented on, and followed', async ({
  browserOf,
  open,
  cast,
  server,
  newReport,
}) => {
  const id = await newReport('处处可批');
  const { request } = await browserOf(cast.writer);
  await put(request, server.url, id, [
    title('处处可批'),
    body('春灌面积达到四十万亩。'),
    body('夏粮丰收已成定局。'),
    { type: 'table', content: [row('水库', '蓄水量'), row('红岩', '三千万方')] },
    { type: 'picture', attrs: { id: 'p1', alt: '渠首', caption: '图1 渠首' } },
    body('以上数据截至月底。'),
  ]);
  const reviewer = await open(cast.reviewer, `/reports/${id}`);
  await reading(reviewer);
  await selectBetween(reviewer, [paragraph(reviewer, 1), '四十万亩'], [paragraph(reviewer, 2), '夏粮']);
  await comment(reviewer, '两段之间要有过渡');
  const inCell = manuscript(reviewer).getByRole('cell', { name: '三千万方' });
  await selectBetween(reviewer, [inCell, '三千万方'], [inCell, '三千万方']);
  await comment(reviewer, '与台账核对');
  await manuscript(reviewer).locator('figure img').click();
  await comment(reviewer, '换成近照');
  await expect(manuscript(reviewer).locator('figure.annotated')).toBeVisible();

  // What is said of words that are not in one paragraph is no proposal, and the field says so.
  await selectBetween(reviewer, [paragraph(reviewer, 1), '达到'], [paragraph(reviewer, 2), '夏粮']);
  await reviewer.keyboard.press('2');
  await expect(reviewer.getByText('修改建议只能针对一段之内的文字')).toBeVisible();
  await reviewer.keyboard.press('ControlOrMeta+Alt+m');
  await expect(reviewer.getByRole('group', { name: '新批注' })).toContainText(
    '修改建议只能针对一段之内的文字',
  );
  await expect(reviewer.getByRole('radio')).toHaveCount(0);
  await reviewer.keyboard.press('Escape');

  const writer = await open(cast.writer, `/reports/${id}`);
  await ready(writer);
  await paragraph(writer, 1).click();
  await writer.keyboard.press('Home');
  await writer.keyboard.press('ArrowRight');
  await writer.keyboard.press('Enter');
  await manuscript(writer).getByRole('cell', { name: '三千万方' }).click();
  await writer.keyboard.press('Home');
  await writer.keyboard.type('约');
  await expectSaved(writer);

  const later = await open(cast.otherWriter, `/reports/${id}`);
  for (const page of [reviewer, later]) {
    // The mark of the figure parts the words.
    await expect(marked(page).filter({ hasText: '四十万亩' })).toBeVisible();
    await expect(marked(page).filter({ hasText: '夏粮' })).toHaveText('夏粮');
    await expect(manuscript(page).getByRole('cell').locator('.annotated')).toHaveText('三千万方');
    await expect(manuscript(page).locator('figure.annotated')).toBeVisible();
  }
  // A click on the picture opens its card.
  await manuscript(later).locator('figure img').click();
  await expect(cards(later).filter({ hasText: '换成近照' })).toHaveClass(/active/);
});

test('a review by keyboard alone: read, comment, mention, resolve, reopen, filter, and the way back', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('键盘', [title('键盘'), body('只用键盘也能审稿。'), body('第二段。')]);
  const writer = await open(cast.writer, `/reports/${id}`);
  await ready(writer);
  const page = await open(cast.reviewer, `/reports/${id}`);
  await reading(page);
  await tabTo(page, page.getByRole('link', { name: '跳到正文' }));
  await page.keyboard.press('Enter');
  await expect(manuscript(page)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
  await comment(page, '很好');
  await expect(marked(writer)).toHaveText(['只用键']);

  await page.keyboard.press('Alt+PageDown');
  const card = cards(page).first();
  await expect(card).toBeFocused();
  await tabTo(page, card.getByRole('button', { name: '回复' }));
  await page.keyboard.press('Enter');
  await page.keyboard.type('@lxh');
  await expect(page.getByRole('option', { name: cast.writer.name })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('请看');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(card).toContainText(`@${cast.writer.name} 请看`);
  await expect(card.getByRole('button', { name: '回复' })).toBeFocused();
  // What waits has no buttons of its own yet: they would come between two presses.
  await expect(card.getByText('等待发送')).toHaveCount(0);
  const react = card.getByRole('button', { name: `对${cast.reviewer.name}的内容表态` }).last();
  await tabTo(page, card.getByRole('button', { name: '复制链接' }));
  await tabTo(page, react, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(card.getByRole('button', { name: '用 👍 表态' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(react).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(card.getByRole('button', { name: /👍/, pressed: true })).toHaveText('👍 1');
  await tabTo(page, card.getByRole('button', { name: '修改' }).last());
  await page.keyboard.press('Enter');
  await page.keyboard.type('，谢谢');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(card).toContainText('请看，谢谢');
  await expect(card.getByRole('button', { name: '修改' }).last()).toBeFocused();
  await expect(writer.getByRole('button', { name: /^批注：1 条未解决，1 条有新内容/ })).toBeVisible();

  // Both are told, and the notification leads to the thread.
  await writer.getByRole('button', { name: /^通知，[1-9]/ }).press('Enter');
  const told = writer
    .getByRole('region', { name: '通知' })
    .getByRole('link', { name: /《键盘》的批注中提到了您/ });
  await told.first().press('Enter');
  await expect(cards(writer).first()).toBeFocused();
  await expect(writer.getByRole('button', { name: /0 条有新内容/ })).toBeVisible();

  // Deleting asks, since it cannot be taken back.
  const remove = card.getByRole('button', { name: '删除' }).last();
  await tabTo(page, remove);
  await page.keyboard.press('Enter');
  await expect(card).toContainText('删除后无法恢复');
  await page.keyboard.press('Escape');
  await expect(remove).toBeFocused();
  await expect(card).toContainText('请看，谢谢');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(card).toContainText('已删除');
  await expect(card).not.toContainText('请看，谢谢');
  await expect(card).toBeFocused();

  await tabTo(page, card.getByRole('button', { name: '标为解决' }));
  await page.keyboard.press('Enter');
  await expect(cards(page)).toHaveCount(0);
  await expect(manuscript(page)).toBeFocused();
  const filter = page.getByLabel('显示哪些批注');
  await filter.focus();
  await page.keyboard.press('End');
  await expect(filter).toHaveValue('resolved');
  await page.keyboard.press('Alt+PageDown');
  await expect(card).toBeFocused();
  await tabTo(page, card.getByRole('button', { name: '重新打开' }));
  await page.keyboard.press('Enter');
  await expect(cards(page)).toHaveCount(0);
  await filter.focus();
  for (const [key, count] of [
    ['Home', 1],
    ['ArrowDown', 1],
    ['ArrowDown', 1],
    ['ArrowDown', 0],
  ] as const) {
    await page.keyboard.press(key);
    await expect(cards(page)).toHaveCount(count);
  }
  await expect(cards(writer)).toHaveCount(1);
});

test('who wrote what is shown by bar, tint, name and share, for each section and the whole', async ({
  open,
  cast,
  newReport,
}) => {
  const heading = (text: string) => ({
    type: 'paragraph',
    attrs: { style: 'heading1' },
    content: [{ type: 'text', text }],
  });
  const id = await newReport('谁写的', [
    title('谁写的'),
    heading('一、水利'),
    body('甲甲甲甲甲甲甲甲。'),
    heading('二、教育'),
    body('乙。'),
  ]);
  const other = await open(cast.otherWriter, `/reports/${id}`);
  await ready(other);
  await caretAtEnd(other, 4);
  await other.keyboard.type('这一句是别的部门后来写的。');
  await expectSaved(other);

  const page = await open(cast.reviewer, `/reports/${id}`);
  await reading(page);
  const outline = page.getByRole('navigation', { name: '提纲' });
  await outline.getByRole('button', { name: '显示谁写的' }).click();
  const line = paragraph(page, 4);
  await expect(line).toHaveClass(/authored/);
  const bar = (block: number) =>
    paragraph(page, block).evaluate((element) => getComputedStyle(element).getPropertyValue('--author'));
  expect(await bar(4)).not.toBe(await bar(2));
  expect(await bar(3)).toBe(await bar(2));
  await expect(line.locator('.tinted')).toHaveText(['乙。', '这一句是别的部门后来写的。']);
  const { name, department } = cast.otherWriter;
  await expect(line.locator('.tinted').last()).toHaveAttribute(
    'title',
    new RegExp(`^${name}（${department}） · \\d{4}`),
  );
  const percent = /(\d+)%/;
  const share = async (of: string) =>
    Number(percent.exec(await outline.getByRole('listitem').filter({ hasText: of }).last().innerText())?.[1]);
  expect((await share(cast.writer.department ?? '')) + (await share(department ?? ''))).toBe(100);
  const section = outline.getByRole('button', { name: /二、教育/ }).getByRole('img');
  await expect(section).toHaveAccessibleName(
    new RegExp(`${department} \\d+%, ${cast.writer.department} \\d+%`),
  );
  await expect(outline.getByRole('button', { name: /一、水利/ }).getByRole('img')).toHaveAccessibleName(
    `${cast.writer.department} 100%`,
  );
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await outline.getByRole('button', { name: '显示谁写的' }).click();
  await expect(manuscript(page).locator('.authored, .tinted')).toHaveCount(0);
});

test('what is half written survives its card, and leaving the page asks; the caret in the text loses nothing', async ({
  open,
  cast,
  newReport,
  server,
}) => {
  const id = await newReport('后退', [title('后退'), body('第一段有一些字。')]);
  const page = await open(cast.writer, '/');
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  // Before scripts have run a link loads another page, and leaving that one is asked about in the browser's words.
  await expect(page.getByRole('button', { name: /^通知/ })).toBeVisible();
  await page.getByRole('link', { name: '后退' }).first().click();
  await ready(page);
  await select(page, 1, '一些字');
  await comment(page, '太少');
  await cards(page).getByRole('button', { name: '回复' }).click();
  await page.keyboard.type('写到一半');
  await paragraph(page, 0).click();
  await expect(page.getByText('写到一半')).toHaveCount(0);
  await marked(page).click();
  await expect(page.getByRole('textbox', { name: '回复内容' })).toHaveText('写到一半');

  // The back key asks, and stays where it was told to.
  const asked: string[] = [];
  page.once('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.evaluate(() => history.back());
  await expect.poll(() => asked).toEqual([expect.stringContaining('没发出的批注')]);
  await expect(page).toHaveURL(`${server.url}/reports/${id}`);
  await expect(page.getByRole('textbox', { name: '回复内容' })).toHaveText('写到一半');
  page.once('dialog', (dialog) => void dialog.accept());
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(`${server.url}/`);

  // With the caret in the text, and nothing half written, it simply goes.
  await page.getByRole('link', { name: '后退' }).first().click();
  await ready(page);
  await caretAtEnd(page, 1);
  await page.keyboard.type('后来又写');
  await expectSaved(page);
  await expect(manuscript(page)).toBeFocused();
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(`${server.url}/`);
  await page.evaluate(() => history.forward());
  await ready(page);
  await expect(paragraph(page, 1)).toHaveText('第一段有一些字。后来又写');
  expect(errors).toEqual([]);
});

test('at 390 px comments are in a sheet, above which the words stand', async ({ open, cast, newReport }) => {
  const lines = Array.from({ length: 12 }, (_, i) => body(`第${i + 1}段，说的是同一件事。`));
  const id = await newReport('窄屏', [title('窄屏'), ...lines]);
  const page = await open(cast.reviewer, `/reports/${id}`);
  await page.setViewportSize({ width: 390, height: 844 });
  await reading(page);
  await select(page, 10, '同一件事');
  await page.getByRole('button', { name: '批注所选文字' }).click();
  await expect(page.getByRole('textbox', { name: '批注内容' })).toBeInViewport();
  await expect(marked(page)).toBeInViewport();
  await expectAccessible(page);
  await page.keyboard.type('窄屏上写的');
  await page.getByRole('button', { name: '批注', exact: true }).last().click();
  await expect(cards(page).getByText('等待发送')).toHaveCount(0);
  const sheet = page.getByRole('complementary', { name: '批注' });
  await expect(cards(page)).toContainText(['窄屏上写的']);
  const words = await marked(page).boundingBox();
  const box = await sheet.boundingBox();
  expect((words?.y ?? 0) + (words?.height ?? 0)).toBeLessThanOrEqual(box?.y ?? 0);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await sheet.getByRole('button', { name: '收起批注' }).click();
  await expect(sheet).toHaveCount(0);
  await page.getByRole('button', { name: /^批注：1 条未解决/ }).click();
  await expect(cards(page)).toHaveCount(1);
});

test('every view of review passes in light and dark', async ({ open, cast, newReport }) => {
  const id = await newReport('各处', [title('各处'), body('说的是同一件事。')]);
  const page = await open(cast.admin, `/reports/${id}`);
  await ready(page);
  await select(page, 1, '同一件事');
  await comment(page, '哪件事');
  for (const path of ['/notifications', '/admin/audit', '/account', `/reports/${id}#thread=`]) {
    await page.goto(new URL(path, page.url()).href);
    if (path.startsWith('/reports')) await expect(cards(page)).toHaveCount(1);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
  }
});

test('of many comments on two lines none overlaps, they stand in the order of the words, and the one that is opened is level with its own', async ({
  browserOf,
  open,
  cast,
  newReport,
  server,
}) => {
  const text = '甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥';
  const id = await newReport('一行多批', [title('一行多批'), body(text)]);
  const { request } = await browserOf(cast.reviewer);
  // Not in the order of the text.
  const words = Array.from({ length: 11 }, (_, index) =>
    text.slice(((index * 7) % 11) * 2, ((index * 7) % 11) * 2 + 2),
  );
  for (const [index, exact] of words.entries()) {
    const response = await request.post(`${server.url}/api/reports/${id}/threads`, {
      data: {
        key: `crowd-key-${index}`,
        from: '',
        to: '',
        exact,
        prefix: '',
        suffix: '',
        stateVector: 'AA==',
        body: { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: exact }] }] },
      },
      headers: { origin: server.url },
    });
    expect(response.status(), await response.text()).toBe(201);
  }
  const page = await open(cast.otherWriter, `/reports/${id}`);
  // Cards far below the window are not drawn: all are to be near it.
  await page.setViewportSize({ width: 1440, height: 1600 });
  await ready(page);
  const list = cards(page);
  await expect(list).toHaveText([
    /甲乙/,
    /丙丁/,
    /戊己/,
    /庚辛/,
    /壬癸/,
    /子丑/,
    /寅卯/,
    /辰巳/,
    /午未/,
    /申酉/,
    /戌亥/,
  ]);
  // All at one moment: they slide.
  const overlaps = () =>
    list.evaluateAll((elements) => {
      const boxes = elements.map((element) => element.getBoundingClientRect());
      return boxes.flatMap((box, index) => {
        const before = boxes[index - 1];
        return before !== undefined && box.top < before.bottom ? [`${before.bottom} ${box.top}`] : [];
      });
    });
  await expect.poll(overlaps).toEqual([]);
  const last = marked(page).filter({ hasText: '申酉' });
  await last.click();
  const card = list.filter({ hasText: '申酉' });
  await expect(card).toHaveClass(/active/);
  const distance = async () =>
    Math.abs(((await card.boundingBox())?.y ?? 0) - ((await last.boundingBox())?.y ?? 0));
  await expect.poll(distance).toBeLessThan(20);
  await expect.poll(overlaps).toEqual([]);

  // Those above it stand above the first line, and are reached by scrolling.
  const first = list.filter({ hasText: '甲乙' });
  await expect(first).not.toBeInViewport();
  await card.hover();
  await page.mouse.wheel(0, -5_000);
  await expect(first).toBeInViewport({ ratio: 1 });
  await first.click();
  await expect(first).toHaveClass(/active/);
  await expect(marked(page).filter({ hasText: '甲乙' })).toBeInViewport();
});
