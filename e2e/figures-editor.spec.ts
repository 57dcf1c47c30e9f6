import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { body, expectSaved, manuscript, paragraph, ready, title } from './manuscript.ts';
import { Pinyin } from './writing.ts';

const REPORT = [
  title('抓实水利'),
  body('全县培育新型经营主体2168个，带动43万多人。有贫困人口599人，占31.76%。'),
  body('2023年完成投资6.85亿元，新建水库12座，印发《水利工作五年规划》。'),
];

/** A colleague's caret may part the words of one. */
const figure = (page: Page, text: string, state = '') =>
  manuscript(page).locator(`.figure${state === '' ? '' : `.${state}`}`, { hasText: text });
const panel = (page: Page): Locator => page.getByRole('complementary', { name: '数据与提法' });
const card = (page: Page): Locator => page.getByRole('dialog', { name: /^数据 / });

/** Selects words of a paragraph as dragging over them does. */
async function select(page: Page, index: number, words: string): Promise<void> {
  await paragraph(page, index).click();
  await paragraph(page, index).evaluate((element, words) => {
    const at = element.textContent.indexOf(words);
    if (at < 0) throw new Error(`no ${words} in ${element.textContent}`);
    const find = (offset: number): [Node, number] => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      let left = offset;
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const { length } = node.textContent ?? '';
        if (left <= length) return [node, left];
        left -= length;
      }
      throw new Error('past the end');
    };
    getSelection()?.setBaseAndExtent(...find(at), ...find(at + words.length));
  }, words);
}

/** Puts the caret before words. */
async function caretBefore(page: Page, index: number, words: string): Promise<void> {
  await select(page, index, words);
  await page.keyboard.press('ArrowLeft');
}

/** Registers all figures and verifies those that are named, in the panel. */
async function verify(page: Page, surfaces: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: '数据与提法', exact: true }).click();
  await panel(page)
    .getByRole('button', { name: /^登记全部/ })
    .click();
  await expect(figure(page, '', 'registered').first()).toBeVisible();
  for (const surface of surfaces) await panel(page).getByLabel(`选择 ${surface}`).check();
  await panel(page)
    .getByRole('button', { name: `核实 ${surfaces.length} 处` })
    .click();
  for (const surface of surfaces) await expect(figure(page, surface, 'verified')).toBeVisible();
}

test('a verified figure that is changed by pinyin keyboard is stale on every screen, before the server says so', async ({
  open,
  browserOf,
  cast,
  server,
  newReport,
}) => {
  const id = await newReport('抓实水利', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  await ready(writer);
  await verify(writer, ['2168个', '6.85亿元']);

  // What the other window hears of the review document can be held back.
  const other = await (await browserOf(cast.otherWriter)).newPage();
  const held: (() => void)[] = [];
  let isHeld = false;
  await other.routeWebSocket(/\/sync\/.*review/, (socket) => {
    const line = socket.connectToServer();
    socket.onMessage((message) => line.send(message));
    line.onMessage((message) => {
      const pass = () => socket.send(message);
      if (isHeld) held.push(pass);
      else pass();
    });
  });
  await other.goto(`${server.url}/reports/${id}`);
  await expect(figure(other, '2168个', 'verified')).toBeVisible();
  isHeld = true;

  await select(writer, 1, '68');
  const pinyin = new Pinyin(await writer.context().newCDPSession(writer));
  await pinyin.compose('86');
  await pinyin.commit('86');
  await expect(figure(writer, '2186', 'stale')).toBeVisible();
  await expect(figure(other, '2186', 'stale')).toBeVisible();
  await expect(figure(other, '6.85亿元', 'verified')).toBeVisible();
  isHeld = false;
  for (const pass of held.splice(0)) pass();
  await expectSaved(writer);

  // By keyboard: the card says what was verified, and by whom; who answers for it verifies it anew.
  await caretBefore(other, 1, '2186');
  await other.keyboard.press('Alt+Enter');
  await expect(card(other)).toBeFocused();
  await expect(card(other)).toContainText(`${cast.writer.name} 核实的是 2168个，现在是 2186个。`);
  await expect(card(other)).toContainText(`${cast.writer.name} 改为 2186个`);
  await other.keyboard.press('Escape');
  await expect(manuscript(other)).toBeFocused();
  await caretBefore(writer, 1, '2186');
  await writer.keyboard.press('Alt+Enter');
  await card(writer).getByRole('button', { name: '核实', exact: true }).click();
  await expect(figure(other, '2186', 'verified')).toBeVisible();
});

test('figures keep their state through splits, cuts, pastes and undo, and lose it with a letter typed at them', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('抓实水利', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  const other = await open(cast.otherWriter, `/reports/${id}`);
  await ready(writer);
  await ready(other);
  await verify(writer, ['2168个']);
  const both = async (text: string, state: string) => {
    await expect(figure(writer, text, state)).toBeVisible();
    await expect(figure(other, text, state)).toBeVisible();
  };
  const undone = async () => {
    await writer.keyboard.press('ControlOrMeta+z');
    await both('个', 'verified');
    await expect(paragraph(other, 1)).toContainText('主体2168个');
  };

  await test.step('a qualifier typed in front of it', async () => {
    await caretBefore(writer, 1, '2168');
    await writer.keyboard.insertText('不足');
    await both('不足', 'stale');
    await undone();
  });
  await test.step('a digit typed inside it', async () => {
    await caretBefore(writer, 1, '68个');
    await writer.keyboard.type('1');
    await both('个', 'stale');
    await undone();
  });
  await test.step('Enter in front of it, and taken back', async () => {
    await caretBefore(writer, 1, '新型');
    await writer.keyboard.press('Enter');
    await expect(paragraph(other, 2)).toHaveText(/^新型经营主体2168个/);
    await both('2168个', 'verified');
    await undone();
  });
  await test.step('cut and pasted elsewhere', async () => {
    await select(writer, 1, '培育新型经营主体2168个，');
    await writer.keyboard.press('ControlOrMeta+x');
    await expect(figure(other, '2168个')).toHaveCount(0);
    await caretBefore(writer, 2, '新建');
    await writer.keyboard.press('ControlOrMeta+v');
    await expect(paragraph(other, 2)).toContainText('培育新型经营主体2168个，新建');
    await both('2168个', 'verified');
  });
  await test.step('a comment on it', async () => {
    await select(writer, 2, '主体2168');
    await writer.keyboard.press('ControlOrMeta+Alt+m');
    await writer.keyboard.type('请附台账');
    await writer.keyboard.press('ControlOrMeta+Enter');
    await expect(manuscript(other).locator('.annotated').first()).toBeVisible();
    await both('个', 'verified');
  });
});

test('the panel counts, filters and leads to figures and measures, and the marks can be turned off', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('抓实水利', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  await ready(writer);
  await verify(writer, ['2168个', '12座']);
  await expect(panel(writer).getByRole('status')).toHaveText('6 处数据，2 已核');
  await panel(writer).getByLabel('按状态筛选').selectOption({ label: '已核实 2' });
  await panel(writer).getByRole('button', { name: /^12座/ }).click();
  await expect(card(writer)).toBeFocused();
  await expect(card(writer)).toContainText('水库');
  await card(writer).getByRole('button', { name: '编辑' }).click();
  await card(writer).getByLabel('来源', { exact: true }).fill('2023年水利统计年报');
  await card(writer).getByRole('button', { name: '保存' }).click();
  await expect(card(writer)).toContainText('2023年水利统计年报');
  await expectAccessible(writer);
  await writer.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(writer);
  await writer.emulateMedia({ colorScheme: 'light' });
  await card(writer).getByLabel('关闭').click();

  await panel(writer).getByRole('tab', { name: '提法' }).click();
  await expect(panel(writer)).toContainText('同句数据：6.85亿元、12座');

  await writer.getByRole('button', { name: '标出数据' }).click();
  await expect(figure(writer, '')).toHaveCount(0);
  await writer.reload();
  await ready(writer);
  await expect(writer.getByRole('button', { name: '标出数据' })).toHaveAttribute('aria-pressed', 'false');
  await writer.getByRole('button', { name: '标出数据' }).click();
  await expect(figure(writer, '2168个', 'verified')).toBeVisible();

  // On a narrow screen the panel is a sheet at its foot; who may only comment sees everything.
  const narrow = await open(cast.reviewer, `/reports/${id}`);
  await narrow.setViewportSize({ width: 390, height: 844 });
  await expect(narrow.getByText('只读', { exact: true })).toBeVisible();
  await narrow.getByRole('button', { name: '数据与提法', exact: true }).click();
  await panel(narrow)
    .getByRole('button', { name: /^43万多人/ })
    .click();
  await expect(card(narrow)).toBeInViewport();
  await expectAccessible(narrow);
});

test('a lost figure is opened by its address, bound to another number by hand, and given an owner', async ({
  open,
  browserOf,
  cast,
  server,
  newReport,
}) => {
  const id = await newReport('抓实水利', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  await ready(writer);
  await verify(writer, ['12座']);
  await select(writer, 2, '，新建水库12座');
  await writer.keyboard.press('Delete');
  await caretBefore(writer, 1, '有贫困人口');
  await writer.keyboard.insertText('建成水库15座。');
  await expectSaved(writer);
  const { request } = await browserOf(cast.otherWriter);
  const lost = async () => {
    const { figures } = (await (await request.get(`${server.url}/api/reports/${id}/figures`)).json()) as {
      figures: { id: string; state: string }[];
    };
    return figures.find(({ state }) => state === 'orphan')?.id;
  };
  await expect.poll(lost).toBeTruthy();

  const other = await open(cast.otherWriter, `/reports/${id}#figure=${await lost()}`);
  await expect(card(other)).toContainText('文中已没有这处数据');
  await expect(panel(other).locator('[aria-current="true"]')).toContainText('12座');
  await card(other).getByRole('button', { name: '重新关联' }).click();
  const bar = other.getByRole('group', { name: '重新关联 12座' });
  await select(other, 1, '2168');
  await expect(bar).toContainText('2168个 已是另一处登记的数据。');
  await select(other, 1, '15');
  await expectAccessible(other);
  await bar.getByRole('button', { name: '关联到 15座' }).click();
  await expect(figure(writer, '15座', 'stale')).toBeVisible();
  await expect(card(other)).toContainText(`${cast.writer.name} 核实的是 12座，现在是 15座。`);
  await card(other)
    .getByText(/^变动 \d+ 次$/)
    .click();
  await expect(card(other)).toContainText(`${cast.otherWriter.name} 换了位置：15座`);

  await card(other).getByRole('button', { name: '编辑' }).click();
  await card(other).getByRole('button', { name: '更换' }).click();
  await card(other).getByRole('combobox', { name: '负责人' }).fill(cast.reviewer.name);
  await card(other).getByRole('option', { name: cast.reviewer.name }).click();
  await expectAccessible(other);
  await card(other).getByRole('button', { name: '保存' }).click();
  await expect(card(other)).toContainText(cast.reviewer.name);

  await card(other).getByLabel('关闭').click();
  for (const surface of ['2168个', '15座']) await panel(other).getByLabel(`选择 ${surface}`).check();
  await panel(other)
    .getByLabel('指派 2 处给…')
    .selectOption({ label: cast.reviewer.department ?? '' });
  await panel(other).getByLabel('分组方式').selectOption('department');
  await expect(panel(other).getByRole('region', { name: cast.reviewer.department ?? '' })).toContainText(
    /2168个.*15座/,
  );
});

test('checks show their arithmetic, are mended or dismissed for good, and marks are made regular in one step', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('核对', [
    title('核对'),
    body('全县有党员1886名,其中女党员599名,占35.76%。'),
    body('建成水库12座，完工率约98%左右。'),
  ]);
  const writer = await open(cast.writer, `/reports/${id}`);
  const other = await open(cast.otherWriter, `/reports/${id}`);
  await ready(writer);
  await ready(other);
  await expect(manuscript(other).locator('.flag.mismatch')).toBeVisible();
  for (const page of [writer, other]) {
    await page.getByRole('button', { name: '数据与提法', exact: true }).click();
    await panel(page).getByRole('tab', { name: /^核对/ }).click();
  }
  const finding = (page: Page, words: string) =>
    panel(page).getByRole('region').getByRole('listitem').filter({ hasText: words });
  await expect(finding(other, '占比不符')).toContainText('31.76%');

  // Commas of the keyboard's, all at once, and back in one step; the caret's paragraph is not torn.
  await panel(writer).getByRole('button', { name: '规范标点' }).click();
  await expect(paragraph(other, 1)).toHaveText('全县有党员1886名，其中女党员599名，占35.76%。');
  await manuscript(writer).focus();
  await writer.keyboard.press('ControlOrMeta+z');
  await expect(paragraph(other, 1)).toHaveText('全县有党员1886名,其中女党员599名,占35.76%。');
  await writer.keyboard.press('ControlOrMeta+Shift+z');
  await expect(paragraph(other, 1)).toContainText('名，其中');

  await finding(writer, '约数重复').getByRole('button', { name: '改正' }).click();
  await expect(paragraph(other, 2)).not.toContainText('左右');

  await finding(other, '占比不符').getByRole('button', { name: '忽略' }).click();
  await panel(other).getByLabel('为什么可以这样').fill('含预备党员');
  await other.keyboard.press('Enter');
  await expect(finding(writer, '占比不符')).toHaveCount(0);
  await expect(manuscript(writer).locator('.flag.mismatch')).toHaveCount(0);
  await writer.getByText('已忽略 1 处').click();
  await expect(panel(writer)).toContainText(`${cast.otherWriter.name}：含预备党员`);
  await expectAccessible(writer);
  await panel(writer).getByRole('button', { name: '恢复提示' }).click();
  await expect(finding(other, '占比不符')).toBeVisible();
});

test('a name that nearly is one of the glossary is put right with one click', async ({
  open,
  browserOf,
  cast,
  server,
  newReport,
}) => {
  const { request } = await browserOf(cast.admin);
  const term = await request.post(`${server.url}/api/glossary`, {
    data: { name: '整乡推进整县提升', kind: 'slogan', definition: '以乡促县' },
    headers: { origin: server.url },
  });
  expect(term.status(), await term.text()).toBe(201);
  const id = await newReport('提法', [title('提法'), body('实施“整乡推动整县提升”行动，建成12个。')]);
  const writer = await open(cast.writer, `/reports/${id}`);
  await ready(writer);
  await writer.getByRole('button', { name: '数据与提法', exact: true }).click();
  await panel(writer).getByRole('tab', { name: '提法' }).click();
  const near = panel(writer).getByRole('region', { name: '与提法库不一致' });
  await near.getByRole('button', { name: '改正' }).click();
  await expect(paragraph(writer, 1)).toHaveText('实施“整乡推进整县提升”行动，建成12个。');
  await expect(near).toHaveCount(0);
  await expect(panel(writer)).toContainText('内容：以乡促县');
  await panel(writer).getByRole('button', { name: '“整乡推进整县提升”' }).focus();
  await panel(writer).getByRole('button', { name: '不是提法' }).click();
  await expect(panel(writer).getByRole('button', { name: '“整乡推进整县提升”' })).toHaveCount(0);
  // The workspace is other tests' too.
  const said = writer.getByRole('listitem').filter({ hasText: '不再' });
  await said.getByRole('button', { name: '撤销', exact: true }).click();
  await expect(panel(writer).getByRole('button', { name: '“整乡推进整县提升”' })).toBeVisible();
  const { id: termId } = (await term.json()) as { id: string };
  const headers = { origin: server.url };
  expect((await request.delete(`${server.url}/api/glossary/${termId}`, { headers })).ok()).toBe(true);
});
