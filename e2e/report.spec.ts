/** The report page around the text: its commands, panels and dialogs, with the keyboard and without a mouse. */
import { expect, expectAccessible, test } from './fixtures.ts';
import {
  body,
  caretAtEnd,
  committedText,
  expectSaved,
  manuscript,
  paragraph,
  ready,
  title,
} from './manuscript.ts';

const runIn = (heading: string, text: string) => ({
  type: 'paragraph',
  content: [
    { type: 'text', text: heading, marks: [{ type: 'runIn' }] },
    { type: 'text', text: `。${text}` },
  ],
});
const LONG = '逐项核对任务、责任和时限，按月通报进度，按季开展评估。'.repeat(12);
const SECTIONS = [
  title('提纲与命令'),
  body('导语一段。'),
  runIn('建好机制', LONG),
  runIn('抓好落实', LONG),
  runIn('建好机制', LONG),
];

test.describe('the command palette', () => {
  test('opens with the keyboard in its field, and does what is chosen', async ({ open, cast, newReport }) => {
    const page = await open(cast.writer, `/reports/${await newReport('命令', SECTIONS)}`);
    await ready(page);
    await paragraph(page, 1).click();
    await page.keyboard.press('ControlOrMeta+k');
    const field = page.getByRole('combobox', { name: '命令面板' });
    await expect(field).toBeFocused();
    await page.keyboard.type('引文');
    await page.keyboard.press('Enter');
    await expect(paragraph(page, 1)).toHaveAttribute('data-style', 'quote');
    await expect(manuscript(page)).toBeFocused();
  });

  test('reaches find, whose field then has the focus', async ({ open, cast, newReport }) => {
    const page = await open(cast.writer, `/reports/${await newReport('命令查找', SECTIONS)}`);
    await ready(page);
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('combobox', { name: '命令面板' })).toBeFocused();
    await page.keyboard.type('查找');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: '查找内容' })).toBeFocused();
  });

  test('lists sections that share a title, and what this person may do', async ({
    open,
    cast,
    newReport,
  }) => {
    const page = await open(cast.reviewer, `/reports/${await newReport('同名', SECTIONS)}`);
    await expect(page.getByText('只读', { exact: true })).toBeVisible();
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('option', { name: '转到：建好机制' })).toHaveCount(2);
    await expect(page.getByRole('option', { name: '导出' })).toBeVisible();
    await expect(page.getByRole('option', { name: '分享' })).toHaveCount(0);
    await expect(page.getByRole('option', { name: '加粗' })).toHaveCount(0);
  });
});

test('`?` lists the keys of the page and of its editor, and gives the focus back', async ({
  open,
  cast,
  newReport,
}) => {
  const page = await open(cast.writer, `/reports/${await newReport('快捷键', SECTIONS)}`);
  await ready(page);
  const share = page.getByRole('button', { name: '分享' });
  await share.focus();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: '快捷键' });
  await expect(dialog).toContainText('命令面板');
  await expect(dialog).toContainText('段首标题');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(share).toBeFocused();
});

test('the outline marks what a writer writes, and what a reader has scrolled to', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('提纲', SECTIONS);
  const page = await open(cast.writer, `/reports/${id}`);
  await ready(page);
  const outline = page.getByRole('navigation', { name: '提纲' });
  const current = outline.locator('[aria-current="location"]');
  await outline.getByRole('button', { name: /抓好落实/ }).click();
  await expect(current).toContainText('抓好落实');
  await expect(manuscript(page)).toBeFocused();
  await page.keyboard.type('甲');
  await expect(paragraph(page, 3)).toContainText('甲抓好落实');

  const reading = await open(cast.reviewer, `/reports/${id}`);
  await expect(reading.getByText('只读', { exact: true })).toBeVisible();
  await reading.locator('main').evaluate((main) => main.scrollTo({ top: main.scrollHeight }));
  await expect(reading.locator('nav [aria-current="location"]')).toContainText(/建好机制|抓好落实/);
});

test('from the start of the page the keyboard skips to the text', async ({ open, cast, newReport }) => {
  const page = await open(cast.writer, `/reports/${await newReport('跳到', SECTIONS)}`);
  await ready(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(manuscript(page)).toBeFocused();
});

test('who is followed is named, until Escape', async ({ open, cast, newReport }) => {
  const id = await newReport('跟随', SECTIONS);
  const page = await open(cast.writer, `/reports/${id}`);
  const other = await open(cast.otherWriter, `/reports/${id}`);
  await ready(page);
  await ready(other);
  await caretAtEnd(other, 4);
  await page.getByRole('button', { name: new RegExp(`跟随${cast.otherWriter.name}`) }).click();
  await expect(page.getByText(`正在跟随${cast.otherWriter.name}`)).toBeVisible();
  await expect(page.locator('.caret')).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(page.getByText(`正在跟随${cast.otherWriter.name}`)).toHaveCount(0);
});

test('a changed status reaches everybody who has the report open', async ({ open, cast, newReport }) => {
  const id = await newReport('状态', SECTIONS);
  const page = await open(cast.writer, `/reports/${id}`);
  const reading = await open(cast.reviewer, `/reports/${id}`);
  await ready(page);
  await expect(reading.getByText('只读', { exact: true })).toBeVisible();
  await page.getByLabel('改变稿件状态').selectOption({ label: '征求意见' });
  await expect(reading.locator('header').getByText('征求意见')).toBeVisible();
});

test('[R8] a changed role takes effect on the open page, both ways, without a reload', async ({
  open,
  cast,
  newReport,
  server,
}) => {
  const id = await newReport('角色', SECTIONS);
  const owner = await open(cast.writer, `/reports/${id}`);
  const page = await open(cast.reviewer, `/reports/${id}`);
  await ready(owner);
  await expect(page.getByText('只读', { exact: true })).toBeVisible();
  await page.evaluate(() => (document.body.dataset['opened'] = 'once'));
  const shares = `${server.url}/api/reports/${id}/shares`;
  const given = (await (await owner.request.get(shares)).json()) as {
    shares: { kind: string; id: string; name: string }[];
  };
  const person = given.shares.find(({ kind, name }) => kind === 'person' && name === cast.reviewer.name);
  const give = async (role: string) => {
    const data = { kind: 'person', id: person?.id, role };
    const answer = await owner.request.put(shares, { data, headers: { origin: server.url } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };

  await give('editor');
  await expect(manuscript(page)).toHaveAttribute('contenteditable', 'true');
  await ready(page);
  await caretAtEnd(page, 1);
  await page.keyboard.type('审阅的人补一句。');
  await expectSaved(page);
  await expect(paragraph(owner, 1)).toContainText('审阅的人补一句。');

  await give('viewer');
  await expect(page.getByText('只读', { exact: true })).toBeVisible();
  await expect(page.locator('.paper[contenteditable]')).toHaveAttribute('contenteditable', 'false');
  await expect(page.getByText('审阅的人补一句。')).toBeVisible();
  await caretAtEnd(owner, 1);
  await owner.keyboard.type('写的人接着写。');
  await expect(page.getByText('写的人接着写。')).toBeVisible();
  expect(await page.evaluate(() => document.body.dataset['opened'])).toBe('once');
});

test.describe('a link', () => {
  test('whose address is refused is mended where it was typed, and no key falls into the text', async ({
    open,
    cast,
    newReport,
  }) => {
    const page = await open(cast.writer, `/reports/${await newReport('链接', SECTIONS)}`);
    await ready(page);
    await paragraph(page, 1).dblclick({ position: { x: 60, y: 12 } });
    await page.keyboard.press('ControlOrMeta+Alt+k');
    const field = page.getByRole('textbox', { name: '链接地址' });
    await expect(field).toBeFocused();
    await page.keyboard.type('javascript:alert(1)');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('http');
    await expect(field).toBeFocused();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('example.cn/a');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(manuscript(page).locator('a[href="https://example.cn/a"]')).toBeVisible();
    await expect(paragraph(page, 0)).toHaveText('提纲与命令');
  });

  test('that is left for the text closes its field', async ({ open, cast, newReport }) => {
    const page = await open(cast.writer, `/reports/${await newReport('离开链接', SECTIONS)}`);
    await ready(page);
    await paragraph(page, 1).dblclick({ position: { x: 60, y: 12 } });
    await page.keyboard.press('ControlOrMeta+Alt+k');
    await expect(page.getByRole('textbox', { name: '链接地址' })).toBeFocused();
    await paragraph(page, 2).click();
    await expect(page.getByRole('textbox', { name: '链接地址' })).toHaveCount(0);
  });
});

test('after all is replaced Escape closes the find bar', async ({ open, cast, newReport }) => {
  const page = await open(cast.writer, `/reports/${await newReport('替换', SECTIONS)}`);
  await ready(page);
  await paragraph(page, 1).click();
  await page.keyboard.press('ControlOrMeta+Alt+f');
  await page.getByRole('textbox', { name: '查找内容' }).fill('建好');
  await page.getByRole('textbox', { name: '替换为' }).fill('健全');
  await page.getByRole('button', { name: '全部替换' }).click();
  await expect(page.getByText('已替换 2 处')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('search')).toHaveCount(0);
  await expect(manuscript(page)).toBeFocused();
});

test('the toolbar stays where it is when the caret enters a table', async ({ open, cast, newReport }) => {
  const page = await open(cast.writer, `/reports/${await newReport('表格不跳', SECTIONS)}`);
  await ready(page);
  const bold = page.getByRole('toolbar', { name: '编辑工具' }).getByRole('button', { name: '加粗' });
  const before = await bold.boundingBox();
  await paragraph(page, 1).click();
  await page.keyboard.press('ControlOrMeta+Alt+t');
  await expect(page.getByLabel('表格操作')).toBeVisible();
  expect((await bold.boundingBox())?.x).toBe(before?.x);
});

test('every font of the page may be loaded', async ({ browserOf, server, cast, newReport }) => {
  const id = await newReport('字体', SECTIONS);
  const page = await (await browserOf(cast.writer)).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  await paragraph(page, 1).click();
  await page.keyboard.type('①②③●→“”——……ABCabc123%℃㎡');
  await page.evaluate(() => document.fonts.ready);
  expect(complaints).toEqual([]);
});

test('a session that ends while writing is taken up in place', async ({
  browserOf,
  server,
  cast,
  newReport,
}) => {
  const id = await newReport('登录失效', SECTIONS);
  const context = await browserOf(cast.writer);
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  await caretAtEnd(page, 1);
  await page.keyboard.type('失效之前。');
  const cookies = { origin: server.url };
  const out = await context.request.post(`${server.url}/api/auth/sign-out`, { headers: cookies });
  expect(out.ok()).toBe(true);

  const dialog = page.getByRole('dialog', { name: '登录已失效' });
  const password = dialog.getByLabel('密码');
  await expect(password).toBeFocused();
  await page.keyboard.type('不是这个');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('用户名或密码不正确')).toBeVisible();
  await expect(password).toBeFocused();
  await page.keyboard.type(cast.writer.password);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(manuscript(page)).toBeFocused();
  await page.keyboard.type('失效之后。');
  await ready(page);
  expect(await committedText(context.request, server.url, id)).toContain('失效之前。失效之后。');
  // Signed in for this sitting only: this may be a shared computer.
  const kept = (await context.cookies()).filter(({ name, expires }) => /session/.test(name) && expires > 0);
  expect(kept).toEqual([]);
});

test('who was disabled is told so when signing in again', async ({ open, cast, newReport }) => {
  const id = await newReport('停用', SECTIONS);
  const page = await open(cast.otherWriter, `/reports/${id}`);
  await ready(page);
  const admin = await open(cast.admin, '/admin/people');
  await admin.getByRole('link', { name: new RegExp(cast.otherWriter.name) }).click();
  await admin.getByRole('button', { name: '停用账号' }).click();
  const dialog = page.getByRole('dialog', { name: '登录已失效' });
  await expect(dialog).toContainText('账号被停用');
  await dialog.getByLabel('密码').fill(cast.otherWriter.password);
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('这个账号已停用')).toBeVisible();
  await admin.getByRole('button', { name: '恢复账号' }).click();
  await expect(admin.getByRole('button', { name: '停用账号' })).toBeVisible();
});

test('the preview of the export is as wide as its dialog', async ({ open, cast, newReport }) => {
  const page = await open(cast.writer, `/reports/${await newReport('预览', SECTIONS)}`);
  await ready(page);
  await page.getByRole('button', { name: '导出' }).click();
  const preview = page.getByTitle('网页预览');
  const tabs = page.getByRole('tablist', { name: '导出格式' });
  expect((await preview.boundingBox())?.width).toBe((await tabs.boundingBox())?.width);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`the page and its dialogs are accessible, ${colorScheme}, ${width} px wide`, async ({
      open,
      cast,
      newReport,
    }) => {
      const page = await open(cast.writer, `/reports/${await newReport('无障碍', SECTIONS)}`);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 844 });
      await ready(page);
      await expectAccessible(page);
      for (const [name, keys] of [
        ['命令面板', 'ControlOrMeta+k'],
        ['快捷键', '?'],
      ] as const) {
        await page.getByRole('button', { name: '导出' }).focus();
        await page.keyboard.press(keys);
        await expect(page.getByRole('dialog', { name })).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  }
}
