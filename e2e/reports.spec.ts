/** The list of reports: making, finding, sharing and throwing away, each from outside. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './fixtures.ts';

const row = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title, exact: true }) });

async function choose(page: Page, title: string, action: string): Promise<void> {
  await row(page, title).locator('summary').click();
  await row(page, title).getByRole('button', { name: action, exact: true }).click();
}

/** A report of the given account's, made over the API. */
async function make(page: Page, url: string, title: string): Promise<string> {
  const response = await page.request.post(`${url}/api/reports`, {
    data: { title },
    headers: { origin: url },
  });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

test('a report begun from the four sections is in the list, with its title and status', async ({
  open,
  cast,
  server,
}) => {
  const page = await open(cast.writer, '/');
  await page.getByRole('link', { name: '新建稿件' }).first().click();
  await page.getByLabel('标题', { exact: true }).fill('云禾县：抓实春耕 夯实根基');
  await page.getByRole('radio', { name: '四段式工作稿' }).check();
  await page.getByRole('button', { name: '开始撰写' }).click();
  await expect(page).toHaveURL(/\/reports\/[a-z0-9]{16}$/);
  await page.goto(`${server.url}/`);
  const made = row(page, '云禾县：抓实春耕 夯实根基');
  await expect(made.getByText('起草')).toBeVisible();
  await expect(made.getByText(cast.writer.name)).toBeVisible();
  await expect(made.getByText(cast.writer.department ?? '')).toBeVisible();
});

test('words, status and order narrow the list, and the address keeps them', async ({
  open,
  cast,
  server,
}) => {
  const page = await open(cast.writer, '/');
  await make(page, server.url, '筛选甲 春耕');
  const review = await make(page, server.url, '筛选乙 秋收');
  const headers = { origin: server.url };
  await page.request.patch(`${server.url}/api/reports/${review}`, { data: { status: 'review' }, headers });
  await page.reload();
  await page.getByRole('searchbox', { name: '按标题查找' }).fill('筛选');
  await page.getByRole('button', { name: '查找' }).click();
  await expect(page.locator('main').getByRole('listitem')).toHaveCount(2);
  await page.getByLabel('状态').selectOption({ label: '征求意见' });
  await expect(page.locator('main').getByRole('listitem')).toHaveCount(1);
  await expect(row(page, '筛选乙 秋收')).toBeVisible();
  await expect(page).toHaveURL(/status=review/);
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('筛选');
  await page.getByRole('searchbox').fill('没有这样的标题');
  await page.keyboard.press('Enter');
  await expect(page.getByText('没有符合条件的稿件')).toBeVisible();
  await page.getByRole('link', { name: '清除筛选' }).first().click();
  await expect(row(page, '筛选甲 春耕')).toBeVisible();
});

test('a report shared with another department is in that department’s list, until it is taken back', async ({
  open,
  cast,
  server,
}) => {
  const writer = await open(cast.writer, '/');
  await make(writer, server.url, '两个部门合写');
  await writer.reload();
  const other = await open(cast.otherWriter, '/?scope=department');
  await expect(row(other, '两个部门合写')).toHaveCount(0);

  await choose(writer, '两个部门合写', '分享');
  const dialog = writer.getByRole('dialog');
  await dialog.getByRole('combobox', { name: '角色', exact: true }).selectOption({ label: '撰稿' });
  const find = dialog.getByRole('combobox', { name: '添加同事或部门' });
  await find.fill(cast.otherWriter.department ?? '');
  await dialog.getByRole('option', { name: `${cast.otherWriter.department} 部门全体` }).waitFor();
  await find.press('Enter');
  const given = dialog.getByRole('combobox', { name: `${cast.otherWriter.department}的角色` });
  await expect(given).toHaveValue('editor');
  await expectAccessible(writer);

  await other.reload();
  await expect(row(other, '两个部门合写')).toBeVisible();
  await given.selectOption({ label: '只读' });
  await expect(given).toHaveValue('viewer');
  await dialog.getByRole('button', { name: `移除${cast.otherWriter.department}` }).click();
  await expect(given).toHaveCount(0);
  await other.reload();
  await expect(row(other, '两个部门合写')).toHaveCount(0);
});

test('the last owner cannot be removed, and is told why', async ({ open, cast, server }) => {
  const page = await open(cast.writer, '/');
  await make(page, server.url, '总要有人负责');
  await page.reload();
  await choose(page, '总要有人负责', '分享');
  await page.getByRole('button', { name: `移除${cast.writer.name}` }).click();
  await expect(page.getByRole('alert')).toContainText('至少要有一位负责人');
  await expect(page.getByRole('combobox', { name: `${cast.writer.name}的角色` })).toHaveValue('owner');
});

test('what goes to the trash comes back with Undo, or from the trash', async ({ open, cast, server }) => {
  const page = await open(cast.writer, '/');
  await make(page, server.url, '扔了又捡');
  await page.reload();
  await choose(page, '扔了又捡', '移到回收站');
  await expect(row(page, '扔了又捡')).toHaveCount(0);
  await page.getByRole('button', { name: '撤销' }).click();
  await expect(row(page, '扔了又捡')).toBeVisible();
  await choose(page, '扔了又捡', '移到回收站');
  await expect(row(page, '扔了又捡')).toHaveCount(0);
  await page.getByRole('link', { name: '回收站' }).click();
  await choose(page, '扔了又捡', '恢复');
  await expect(row(page, '扔了又捡')).toHaveCount(0);
  await page.getByRole('link', { name: '我的', exact: true }).click();
  await expect(row(page, '扔了又捡')).toBeVisible();
});

test('a report is renamed and duplicated from the list', async ({ open, cast, server }) => {
  const page = await open(cast.writer, '/');
  await make(page, server.url, '原来的题');
  await page.reload();
  await choose(page, '原来的题', '重命名');
  await page.getByRole('dialog').getByLabel('标题').fill('后来的题');
  await page.keyboard.press('Enter');
  await expect(row(page, '后来的题')).toBeVisible();
  await choose(page, '后来的题', '复制一份');
  await expect(row(page, '后来的题（副本）')).toBeVisible();
});

test('the keyboard alone reaches a report’s actions and leaves them again', async ({
  open,
  cast,
  server,
}) => {
  const page = await open(cast.writer, '/');
  await make(page, server.url, '只用键盘');
  await page.goto(`${server.url}/?q=${encodeURIComponent('只用键盘')}`);
  await row(page, '只用键盘').getByRole('link').first().focus();
  await page.keyboard.press('Tab');
  // The menu opens without scripts; Escape is theirs.
  await expect(async () => {
    await row(page, '只用键盘').locator('summary').press('Enter');
    await expect(row(page, '只用键盘').getByRole('link', { name: '打开' })).toBeVisible({ timeout: 500 });
    await page.keyboard.press('Escape');
    await expect(row(page, '只用键盘').getByRole('link', { name: '打开' })).toBeHidden({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('标题')).toHaveValue('只用键盘');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('without scripts the list is searched, and a report is made, thrown away and brought back', async ({
  browser,
  cast,
  server,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await signIn(context.request, server.url, cast.writer);
  const page = await context.newPage();
  await page.goto(`${server.url}/new`);
  await page.getByLabel('标题', { exact: true }).fill('没有脚本');
  await page.getByRole('button', { name: '开始撰写' }).click();
  await page.goto(`${server.url}/`);
  await page.getByRole('searchbox').fill('没有脚本');
  await page.getByRole('button', { name: '查找' }).click();
  await expect(page.locator('main').getByRole('listitem')).toHaveCount(1);
  await choose(page, '没有脚本', '移到回收站');
  await page.getByRole('button', { name: '撤销' }).click();
  await expect(row(page, '没有脚本')).toBeVisible();
  await context.close();
});

for (const width of [1440, 390]) {
  test(`the list, its menu and the new page are accessible and fit at ${width} px`, async ({
    open,
    cast,
    server,
  }) => {
    const page = await open(cast.writer, '/');
    await make(
      page,
      server.url,
      '云禾县：党建引领强根基 乡村振兴开新局 基层治理提质效 文明新风入万家 群众生活更有盼头',
    );
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/?scope=trash', '/new', '/']) {
      await page.goto(server.url + path);
      // The list itself is looked at with a menu open.
      if (path !== '/') await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
    await page.locator('main summary').first().click();
    await expectAccessible(page);
  });
}

test('over HTTP: bad bodies, unknown ids and pictures that are none are clear refusals', async ({
  open,
  cast,
  server,
}) => {
  const page = await open(cast.writer, '/');
  const id = await make(page, server.url, '接口');
  const headers = { origin: server.url };
  const base = `${server.url}/api/reports`;
  const refusal = async (response: { status(): number; json(): Promise<unknown> }) => {
    const { error } = (await response.json()) as {
      error: { code: string; message: string; detail?: string };
    };
    expect(error.message).toMatch(/[\u4e00-\u9fff]/);
    return [response.status(), error.code, error.detail];
  };
  const post = (path: string, data: unknown) => page.request.post(base + path, { data, headers });
  expect(await refusal(await post('', { title: 5 }))).toEqual([400, 'invalid', 'title']);
  expect(await refusal(await post('', { title: '甲', owner: 'me' }))).toEqual([400, 'invalid', 'owner']);
  expect(await refusal(await page.request.get(`${base}/nosuchreport0000`))).toEqual([
    404,
    'not_found',
    undefined,
  ]);
  expect(await refusal(await page.request.get(`${base}/..%2f..%2fetc`))).toEqual([
    404,
    'not_found',
    undefined,
  ]);
  const stranger = await open(cast.otherWriter, '/');
  expect(await refusal(await stranger.request.get(`${base}/${id}`))).toEqual([404, 'not_found', undefined]);
  const anonymous = await page.context().browser()?.newContext({ locale: 'zh-CN' });
  if (anonymous === undefined) throw new Error('no browser');
  expect((await refusal(await anonymous.request.get(`${base}/${id}`))).slice(0, 2)).toEqual([
    401,
    'not_signed_in',
  ]);
  await anonymous.close();

  const upload = (type: string, data: Buffer) =>
    page.request.post(`${base}/${id}/pictures`, { headers: { ...headers, 'content-type': type }, data });
  const html = Buffer.from('<html><script>alert(1)</script></html>');
  expect((await refusal(await upload('image/png', html))).slice(0, 2)).toEqual([415, 'unsupported_type']);
  expect((await refusal(await upload('text/html', html))).slice(0, 2)).toEqual([415, 'unsupported_type']);
  const large = await refusal(await upload('image/png', Buffer.alloc(20 * 1024 * 1024 + 1)));
  expect(large).toEqual([413, 'too_large', '20 MB']);
});

test('over HTTP: a picture keeps its pixels, loses its place, and is served so that it can do no harm', async ({
  open,
  cast,
  server,
}) => {
  const page = await open(cast.writer, '/');
  const id = await make(page, server.url, '图片');
  const base = `${server.url}/api/reports/${id}/pictures`;
  // Encoded here by the browser; the comment behind its first marker says where it was taken.
  const jpeg = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [60, 40];
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('no canvas');
    pen.fillStyle = '#b3261e';
    pen.fillRect(0, 0, 60, 40);
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  const plain = Buffer.from(jpeg, 'base64');
  const place = Buffer.from('GPS 37.861N 112.549E');
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, place.length + 2]), place]);
  const buffer = Buffer.concat([plain.subarray(0, 2), comment, plain.subarray(2)]);
  const posted = await page.request.post(base, {
    headers: { origin: server.url },
    multipart: { file: { name: '照片.png', mimeType: 'image/png', buffer } },
  });
  expect(posted.status(), await posted.text()).toBe(201);
  const picture = (await posted.json()) as { id: string };
  expect(picture).toMatchObject({ type: 'image/jpeg', width: 60, height: 40, bytes: plain.length });

  const served = await page.request.get(`${base}/${picture.id}`);
  const {
    'content-type': type,
    'x-content-type-options': sniff,
    'content-security-policy': csp,
  } = served.headers();
  expect([type, sniff]).toEqual(['image/jpeg', 'nosniff']);
  expect(csp).toContain('sandbox');
  expect((await served.body()).equals(plain)).toBe(true);
  const size = await page.evaluate(async (src) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, `/api/reports/${id}/pictures/${picture.id}`);
  expect(size).toEqual([60, 40]);
});
