/** The audit log: administrators read it, narrow it and take it along. */
import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, test } from './fixtures.ts';

test('an administrator finds who did what, and takes it along as a table', async ({
  newReport,
  open,
  cast,
  server,
}) => {
  const id = await newReport('=1+1 的稿件');
  const page = await open(cast.admin, '/');
  const headers = { origin: server.url };
  const patched = await page.request.patch(`${server.url}/api/reports/${id}`, {
    data: { status: 'review' },
    headers,
  });
  expect(patched.ok()).toBe(true);
  await page.goto(`${server.url}/admin/people`);
  await page.getByRole('link', { name: '操作记录' }).click();
  await expect(page.getByRole('heading', { name: /操作记录/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('稿件标题或编号').fill('=1+1');
  await page.getByLabel('仅看管理员对他人稿件的操作').check();
  await page.getByRole('button', { name: '筛选' }).click();
  const rows = page.getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText(cast.admin.name);
  await expect(rows.last()).toContainText('修改状态');
  await expect(rows.last()).toContainText('起草 → 征求意见');
  await page.getByLabel('仅看管理员对他人稿件的操作').uncheck();
  await page.getByLabel('事项').selectOption('share');
  await page.getByRole('button', { name: '筛选' }).click();
  await expect(rows).toHaveCount(3);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: '导出 CSV' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  const [head, first, ...rest] = text.split('\r\n');
  expect(head).toMatch(/^\uFEFF#,时间,人员,用户名,事项,/);
  expect(first).toContain(`,${cast.writer.name},${cast.writer.username},分享稿件,'=1+1 的稿件,${id},`);
  expect(rest).toHaveLength(2);
  await page.setViewportSize({ width: 390, height: 800 });
  const clear = page.getByRole('link', { name: '清除筛选' });
  await clear.click();
  await expect(clear).toBeHidden();
  await page.getByLabel('事项').selectOption('signIn');
  await page.getByRole('button', { name: '筛选' }).click();
  await expect(rows.nth(1)).toContainText('登录');
  await expectAccessible(page);
});

test('nobody else reads it', async ({ open, cast, server }) => {
  const page = await open(cast.publisher, '/admin/audit');
  await expect(page.getByText('只对管理员开放')).toBeVisible();
  expect((await page.request.get(`${server.url}/api/audit`)).status()).toBe(403);
  expect((await page.request.get(`${server.url}/api/audit?format=csv`)).status()).toBe(403);
});
