/** Signing in and out, one's own account, and what administrators do with everybody's. */
import { WebSocket } from 'ws';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './fixtures.ts';

async function enter(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

test('whoever follows a link signs in and arrives there', async ({ page, server, cast }) => {
  await page.goto(`${server.url}/account?from=mail`);
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  await expectAccessible(page);
  await enter(page, { ...cast.writer, password: 'not-the-password' });
  await expect(page.getByRole('alert')).toContainText('用户名或密码不正确');
  await expect(page.getByLabel('用户名')).toHaveValue(cast.writer.username);
  await expectAccessible(page);
  await enter(page, cast.writer);
  await expect(page).toHaveURL(`${server.url}/account?from=mail`);
  await expect(page.getByRole('region', { name: '我' })).toContainText(cast.writer.name);
});

test('a link that names another site leads home instead', async ({ page, server, cast }) => {
  await page.goto(`${server.url}/sign-in?to=${encodeURIComponent('//evil.example/x')}`);
  await enter(page, cast.writer);
  await expect(page).toHaveURL(`${server.url}/`);
});

test('signing in works without scripts, in both languages', async ({ browser, server, cast }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await enter(page, { ...cast.writer, password: 'not-the-password' });
  await expect(page.getByRole('alert')).toContainText('用户名或密码不正确');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByLabel('User name').fill(cast.writer.username);
  await page.getByLabel('Password').fill(cast.writer.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await context.close();
});

test('the menu signs out, and the way back is closed', async ({ open, cast, server }) => {
  const page = await open(cast.writer, '/account');
  // Without the page's scripts, which make the bell a button, signing out is asked about.
  await expect(page.getByRole('button', { name: /^通知/ })).toBeVisible();
  await page.getByLabel(`${cast.writer.name}的账号菜单`).click();
  await page.getByRole('banner').getByRole('link', { name: '退出登录' }).click();
  await expect(page).toHaveURL(`${server.url}/sign-in`);
  await page.goto(`${server.url}/account`);
  await expect(page).toHaveURL(/\/sign-in\?to=/);
});

test('a link to signing out does nothing before it is confirmed', async ({ open, cast, server }) => {
  const page = await open(cast.writer, '/sign-out');
  await expect(page.getByRole('button', { name: '退出登录' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '继续工作' }).click();
  await expect(page).toHaveURL(`${server.url}/`);
});

test('changes that only this browser has are named before signing out, then cleared', async ({
  open,
  cast,
  server,
}) => {
  const page = await open(cast.writer, '/account');
  const me = (await (await page.request.get(`${server.url}/api/auth/get-session`)).json()) as {
    user: { userId: string };
  };
  // As the browser's connection keeps them: a database of this person and a report, with a count.
  const name = `huigao/${me.user.userId}/unsavedreport0001`;
  await page.evaluate(async (database) => {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(database);
      request.addEventListener('upgradeneeded', () => {
        request.result.createObjectStore('updates', { autoIncrement: true });
        request.result.createObjectStore('custom').put(3, 'unsaved');
      });
      request.addEventListener('success', () => resolve(request.result.close()));
      request.addEventListener('error', () => reject(request.error));
    });
  }, name);
  await page.getByLabel(`${cast.writer.name}的账号菜单`).click();
  await page.getByRole('banner').getByRole('link', { name: '退出登录' }).click();
  await expect(page.getByRole('alert')).toContainText('还有 3 处修改');
  await expectAccessible(page);
  await page.getByRole('button', { name: '丢弃这些修改并退出' }).click();
  await expect(page).toHaveURL(`${server.url}/sign-in`);
  const left = await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name));
  expect(left).not.toContain(name);
});

test('a new password counts at once and ends the other sessions', async ({
  browserOf,
  open,
  cast,
  server,
}) => {
  const admin = await open(cast.admin, '/admin/people/new');
  await admin.getByLabel('姓名').fill('周小满');
  await admin.getByLabel('用户名').fill('zhouxiaoman');
  await admin.getByLabel('邮箱').fill('zhou@例子.公司');
  await admin.getByRole('button', { name: '添加人员' }).click();
  const password = (await admin.locator('dd code').nth(1).textContent()) ?? '';
  const account = { ...cast.writer, username: 'zhouxiaoman', password, name: '周小满' };

  const elsewhere = await browserOf(account);
  const page = await open(account, '/account');
  await expectAccessible(page);
  const change = async (current: string, next: string, repeat = next) => {
    await page.getByLabel('当前密码').fill(current);
    await page.getByLabel('新密码', { exact: true }).fill(next);
    await page.getByLabel('再输一遍密码').fill(repeat);
    await page.getByRole('button', { name: '修改密码' }).click();
  };
  await change('not-the-password', '一个新的很长的密码');
  await expect(page.getByText('密码不正确。')).toBeVisible();
  await change(password, '一个新的很长的密码', '另一个新的很长的密码');
  await expect(page.getByText('两次输入的密码不一样')).toBeVisible();
  await change(password, '一个新的很长的密码');
  await expect(page.getByText('密码已修改')).toBeVisible();
  await expectAccessible(page);
  expect((await elsewhere.request.get(`${server.url}/api/reports`)).status()).toBe(401);
  await page.reload();
  await expect(page).toHaveURL(`${server.url}/account`);
  await signIn(elsewhere.request, server.url, { ...account, password: '一个新的很长的密码' });
});

test('a person who is disabled loses pages and sockets within a second, and comes back when enabled', async ({
  browserOf,
  newReport,
  open,
  cast,
  server,
}) => {
  const reportId = await newReport('停用的人看不到');
  const theirs = await browserOf(cast.otherWriter);
  const cookie = (await theirs.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/${reportId}/content`, {
    headers: { cookie, origin: server.url },
  });
  await new Promise((resolve, reject) => socket.once('message', resolve).once('close', reject));
  const closed = new Promise<{ code: number; at: number }>((resolve) =>
    socket.once('close', (code) => resolve({ code, at: Date.now() })),
  );

  const page = await open(cast.admin, '/admin/people');
  await page.getByRole('link', { name: cast.otherWriter.name }).click();
  await expect(page.getByRole('heading', { name: cast.otherWriter.name })).toBeVisible();
  await expectAccessible(page);
  const answered = page.waitForResponse((response) => response.url().includes('?/disable'));
  await page.getByRole('button', { name: '停用账号' }).click();
  await answered;
  const done = Date.now();
  const { code, at } = await closed;
  expect([4401, 4403]).toContain(code);
  expect(at - done).toBeLessThan(1000);
  expect((await theirs.request.get(`${server.url}/api/reports`)).status()).toBe(401);

  await expect(page.getByText('已停用')).toBeVisible();
  await page.getByRole('button', { name: '恢复账号' }).click();
  await expect(page.getByRole('button', { name: '停用账号' })).toBeVisible();
  await signIn(theirs.request, server.url, cast.otherWriter);
});

test('resetting a password asks first, shows the new one once, and ends the sessions', async ({
  browserOf,
  open,
  cast,
  server,
}) => {
  const theirs = await browserOf(cast.reviewer);
  const page = await open(cast.admin, '/admin/people');
  await page.getByRole('link', { name: cast.reviewer.name }).click();
  const ask = page.getByRole('button', { name: '重设密码' });
  await ask.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(`重设${cast.reviewer.name}的密码？`);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ask).toBeFocused();
  expect((await theirs.request.get(`${server.url}/api/reports`)).status()).toBe(200);
  await ask.click();
  await dialog.getByRole('button', { name: '重设密码' }).click();
  const password = (await page.locator('dd code').nth(1).textContent()) ?? '';
  expect(password).toMatch(/^\w{4}-\w{4}-\w{4}$/);
  expect((await theirs.request.get(`${server.url}/api/reports`)).status()).toBe(401);
  await page.reload();
  await expect(page.getByText(password)).toHaveCount(0);
  cast.reviewer.password = password;
  await signIn(theirs.request, server.url, cast.reviewer);
});

test('the last administrator stays one', async ({ open, cast }) => {
  const page = await open(cast.admin, '/admin/people');
  await page.getByRole('link', { name: cast.admin.name }).click();
  await page.getByLabel('角色').selectOption('member');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('alert')).toContainText('至少要保留一位管理员');
});

test('departments are added, renamed and removed, with a colour of their own', async ({ open, cast }) => {
  const page = await open(cast.admin, '/admin/departments');
  await expectAccessible(page);
  await page.getByLabel('新部门的名称').fill('县水务局');
  await page.getByRole('button', { name: '添加部门' }).click();
  const remove = page.getByRole('button', { name: '删除县水务局' });
  await expect(remove).toBeVisible();
  await page.getByLabel('新部门的名称').fill('县教育局');
  await page.getByRole('button', { name: '添加部门' }).click();
  await expect(page.getByRole('alert')).toContainText('已有同名的部门');
  const row = page.getByRole('listitem').filter({ has: remove });
  await row.getByLabel('部门名称').fill('县水利局');
  await row.getByRole('button', { name: '改名' }).click();
  const renamed = page.getByRole('button', { name: '删除县水利局' });
  await renamed.click();
  await expect(renamed).toHaveCount(0);
  await expect(page.getByRole('button', { name: '删除县教育局' })).toBeDisabled();
});

test('the workspace is renamed on every page', async ({ open, cast }) => {
  const page = await open(cast.admin, '/admin/settings');
  await expectAccessible(page);
  const field = page.getByLabel('工作区名称');
  const before = await field.inputValue();
  const save = page.getByRole('form', { name: '工作区', exact: true }).getByRole('button', { name: '保存' });
  await field.fill('岚山县写作组');
  await save.click();
  await expect(page.getByRole('banner')).toContainText('岚山县写作组');
  await field.fill(before);
  await save.click();
  await expect(page.getByRole('banner')).toContainText(before);
});

test('administration is closed to everybody else, in words', async ({ open, cast, server }) => {
  const page = await open(cast.writer, '/admin/people');
  await expect(page.getByRole('heading', { name: '没有权限' })).toBeVisible();
  await expect(page.getByText('只对管理员开放')).toBeVisible();
  await expectAccessible(page);
  const { request } = page.context();
  for (const action of ['admin/people/new', 'admin/departments?/create', 'admin/settings']) {
    const headers = { origin: server.url, accept: 'text/html' };
    const form = { name: '不该有', username: 'nobody', role: 'admin', departmentId: '' };
    expect((await request.post(`${server.url}/${action}`, { headers, form })).status()).toBe(403);
  }
});

test('a page that is not there says what to do, to the eye and the screen reader', async ({ open, cast }) => {
  const page = await open(cast.writer, '/no-such-page');
  await expect(page.getByRole('heading', { name: '没有找到' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '返回首页' }).click();
  await expect(page).toHaveURL(/\/$/);
});

for (const path of [
  '/sign-in',
  '/account',
  '/admin/people',
  '/admin/people/new',
  '/admin/departments',
  '/admin/settings',
]) {
  test(`${path} is sound in the dark and on a phone`, async ({ browser, cast, server }) => {
    const context = await browser.newContext({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    if (path !== '/sign-in') await signIn(context.request, server.url, cast.admin);
    const page = await context.newPage();
    await page.goto(server.url + path);
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await context.close();
  });
}
