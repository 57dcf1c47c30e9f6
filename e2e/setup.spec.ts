/** The first visit, in a browser. */
import { test as base, expect } from '@playwright/test';
import { expectAccessible } from './fixtures.ts';
import { TestServer } from './server.ts';

const test = base.extend<{ empty: TestServer }>({
  empty: async ({}, use) => {
    const server = new TestServer();
    await server.start();
    await use(server);
    await server.remove();
  },
});

test('a workspace is named, its administrator made and signed in', async ({ empty, page }) => {
  await page.goto(empty.url);
  await expect(page).toHaveURL(`${empty.url}/setup`);
  await expectAccessible(page);
  await page.getByLabel('工作区名称').fill('云禾县政府办公室');
  await page.getByLabel('姓名').fill('沈知远');
  await page.getByLabel('用户名').fill('shen zhiyuan');
  await page.getByLabel('密码', { exact: true }).fill('a-long-password');
  await page.getByLabel('再输一遍密码').fill('a-long-passwort');
  const create = page.getByRole('button', { name: '建立工作区' });
  await create.click();
  await expect(page.getByText('两次输入的密码不一样')).toBeVisible();
  await expect(page.getByLabel('工作区名称')).toHaveValue('云禾县政府办公室');
  await page.getByLabel('密码', { exact: true }).fill('a-long-password');
  await page.getByLabel('再输一遍密码').fill('a-long-password');
  await create.click();
  await expect(page.getByLabel('用户名')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await page.getByLabel('用户名').fill('shenzhiyuan');
  await page.getByLabel('密码', { exact: true }).fill('a-long-password');
  await page.getByLabel('再输一遍密码').fill('a-long-password');
  await create.click();
  await expect(page).toHaveURL(`${empty.url}/`);
  await expect(page.getByRole('banner')).toContainText('云禾县政府办公室');
  await page.goto(`${empty.url}/setup`);
  await expect(page).toHaveURL(`${empty.url}/`);
});

test('the example shows its passwords once, and each of them signs in', async ({ browser, empty, page }) => {
  await page.goto(empty.url);
  await page.getByRole('button', { name: '先看看示例工作区' }).click();
  await expect(page.getByRole('heading', { name: '示例工作区已建好' })).toBeVisible();
  await expectAccessible(page);
  const rows = await page.locator('tbody tr').all();
  expect(rows).toHaveLength(5);
  for (const row of rows) {
    const [username = '', password = ''] = await row.locator('code').allTextContents();
    const context = await browser.newContext();
    const data = { username, password };
    const response = await context.request.post(`${empty.url}/api/auth/sign-in/username`, { data });
    expect(response.status()).toBe(200);
    await context.close();
  }
  await page.getByRole('link', { name: '去登录' }).click();
  await expect(page).toHaveURL(`${empty.url}/sign-in`);
});

test('a double click sets up once, and its passwords are shown', async ({ empty, page }) => {
  await page.goto(`${empty.url}/setup`, { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: '先看看示例工作区' }).dblclick();
  await expect(page.getByRole('heading', { name: '示例工作区已建好' })).toBeVisible();
  await expect(page.getByRole('table')).toContainText('linxiaohe');
});

test('set-up works without scripts, on a phone, in English', async ({ browser, empty }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto(empty.url);
  await page.getByLabel('Name of the workspace').fill('Yunhe');
  await page.getByLabel('Name', { exact: true }).fill('Shen');
  await page.getByLabel('User name').fill('shen');
  await page.getByLabel('Password', { exact: true }).fill('a-long-password');
  await page.getByLabel('The password again').fill('a-long-password');
  await page.getByRole('button', { name: 'Create the workspace' }).click();
  await expect(page).toHaveURL(`${empty.url}/`);
  await expect(page.getByRole('banner')).toContainText('Yunhe');
  await context.close();
});
