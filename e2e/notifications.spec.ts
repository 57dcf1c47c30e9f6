/** The bell, the list behind it, and what each person wants to be told. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';

const bell = (page: Page) => page.getByRole('button', { name: /^通知/ });

async function share(page: Page, reportId: string, personId: string, role: string) {
  const origin = new URL(page.url()).origin;
  const response = await page.request.put(`${origin}/api/reports/${reportId}/shares`, {
    data: { kind: 'person', id: personId, role },
    headers: { origin },
  });
  expect(response.ok(), await response.text()).toBe(true);
}
async function idOf(page: Page): Promise<string> {
  const me = await page.request.get(`${new URL(page.url()).origin}/api/auth/get-session`);
  return ((await me.json()) as { user: { userId: string } }).user.userId;
}
async function create(page: Page, title: string): Promise<string> {
  const origin = new URL(page.url()).origin;
  const response = await page.request.post(`${origin}/api/reports`, { data: { title }, headers: { origin } });
  return ((await response.json()) as { id: string }).id;
}

test('the bell rings without reloading, leads to the report by keyboard, and is quiet once read', async ({
  open,
  cast,
}) => {
  const writer = await open(cast.writer, '/');
  const reader = await open(cast.publisher, '/');
  await expect(bell(reader)).toHaveAccessibleName('通知，没有未读');
  const id = await create(writer, '抓实春耕备耕');
  await share(writer, id, await idOf(reader), 'commenter');
  await expect(bell(reader)).toHaveAccessibleName('通知，1 条未读');
  await expect(reader.getByRole('status').filter({ hasText: '有新的通知' })).toBeAttached();
  await bell(reader).press('Enter');
  const link = reader
    .getByRole('region', { name: '通知' })
    .getByRole('link', { name: `${cast.writer.name}与您分享了《抓实春耕备耕》` });
  await expect(link).toBeVisible();
  await expectAccessible(reader);
  await reader.keyboard.press('Escape');
  await expect(link).toBeHidden();
  await expect(bell(reader)).toBeFocused();
  await bell(reader).press('Enter');
  await link.press('Enter');
  await expect(reader).toHaveURL(new RegExp(`/reports/${id}$`));
  // The report page has the bell as well.
  await expect(bell(reader)).toHaveAccessibleName('通知，没有未读');
});

test('all are listed on a page of their own, and marked read there, one or all, without scripts too', async ({
  browser,
  browserOf,
  open,
  cast,
  server,
}) => {
  const writer = await open(cast.writer, '/');
  const context = await browserOf(cast.otherWriter);
  const page = await context.newPage();
  await page.goto(`${server.url}/notifications`);
  // A page of the list is full sooner or later, of what other tests shared.
  const readAll = page.getByRole('button', { name: '全部标为已读' });
  if (await readAll.isVisible()) await readAll.click();
  await expect(bell(page)).toHaveAccessibleName('通知，没有未读');
  const me = await idOf(page);
  for (const title of ['第一期', '第二期', '第三期']) {
    await share(writer, await create(writer, title), me, 'viewer');
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${server.url}/notifications?unread=1`);
  const items = page.getByRole('main').getByRole('listitem');
  await expect(items.first()).toContainText('第三期');
  const before = await items.count();
  await expectAccessible(page);
  await items.first().getByRole('button', { name: '标为已读' }).click();
  await expect(items).toHaveCount(before - 1);
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const still = await plain.newPage();
  await still.goto(`${server.url}/`);
  await still.getByRole('link', { name: `通知，${before - 1} 条未读` }).click();
  await still.getByRole('button', { name: '全部标为已读' }).click();
  await still.goto(`${server.url}/notifications?unread=1`);
  await expect(still.getByText('没有未读通知')).toBeVisible();
  await plain.close();
  await expect(bell(page)).toHaveAccessibleName('通知，没有未读');
});

test('what somebody turns off they are not told; the bell says nothing to others', async ({ open, cast }) => {
  const writer = await open(cast.writer, '/');
  const page = await open(cast.reviewer, '/account');
  const settings = page.getByRole('region', { name: '通知设置' });
  await expect(settings).toContainText('没有配置邮件发送');
  await settings.getByLabel('与我或我的部门分享稿件 · 页面').uncheck();
  await settings.getByRole('button', { name: '保存' }).click();
  await expect(settings.getByRole('status')).toContainText('已保存');
  await expectAccessible(page);
  await page.reload();
  await expect(settings.getByLabel('与我或我的部门分享稿件 · 页面')).not.toBeChecked();
  await expect(settings.getByLabel('与我或我的部门分享稿件 · 邮件')).toBeChecked();
  const count = async () =>
    (
      (await (await page.request.get(`${new URL(page.url()).origin}/api/notifications`)).json()) as {
        total: number;
      }
    ).total;
  const before = await count();
  await share(writer, await create(writer, '不必知会'), await idOf(page), 'viewer');
  expect(await count()).toBe(before);
  await settings.getByLabel('与我或我的部门分享稿件 · 页面').check();
  await settings.getByRole('button', { name: '保存' }).click();
  await expect(settings.getByRole('status')).toContainText('已保存');
});
