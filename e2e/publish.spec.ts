/** A publisher's way: what to know before, publishing, publishing again, taking it back. */
import type { APIRequestContext, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { body, manuscript, title } from './manuscript.ts';
import { reading } from './reviewing.ts';

const WRONG = '选派党员1886名，其中妇女599名，占31.67%。';
const RIGHT = '选派党员1886名，其中妇女599名，占31.76%。';

/** More than a window holds. */
const LONG = Array.from({ length: 40 }, () => body('全县各级组织认真落实各项部署。'));

const dialog = (page: Page) => page.getByRole('dialog', { name: '发布文章' });
const problem = (page: Page) => dialog(page).getByRole('alert');

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: '发布', exact: true }).click();
  await expect(dialog(page).getByRole('heading', { name: '发布前核对' })).toBeVisible();
}

async function say(request: APIRequestContext, url: string, id: string, ...lines: string[]): Promise<void> {
  const content = { type: 'doc', content: [title('选派工作'), ...lines.map(body)] };
  const put = await request.put(`${url}/api/reports/${id}/content`, {
    data: { schema: 1, title: '选派工作', content, pictures: {} },
    headers: { origin: url },
  });
  expect(put.ok(), await put.text()).toBe(true);
}

test('a publisher sees what is wrong, publishes with a reason, again when it is mended, and takes it back', async ({
  browserOf,
  cast,
  newReport,
  open,
  server,
}) => {
  const id = await newReport('选派工作', [title('选派工作'), ...LONG, body(WRONG)]);
  const { request } = await browserOf(cast.writer);
  const ready = await request.patch(`${server.url}/api/reports/${id}`, {
    data: { status: 'ready' },
    headers: { origin: server.url },
  });
  expect(ready.ok(), await ready.text()).toBe(true);
  const page = await open(cast.publisher, `/reports/${id}`);
  await reading(page);

  // What is wrong leads to its place.
  await openDialog(page);
  await expect(dialog(page).getByText('须先处理', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: '31.67%' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole('dialog', { name: '31.67%' })).toBeFocused();
  await expect(manuscript(page).locator('.flag.mismatch')).toBeInViewport();
  await page.keyboard.press('Escape');

  // Without a reason it is not published.
  await openDialog(page);
  const preview = dialog(page).frameLocator('iframe');
  await expect(preview.getByText(WRONG)).toBeVisible();
  await dialog(page).getByLabel('署名').fill('记者 林晓禾');
  await expect(preview.getByText('记者 林晓禾')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByLabel('仍要发布的理由')).toBeFocused();
  await page.keyboard.type('以统计局口径为准');
  await dialog(page).getByRole('button', { name: '发布', exact: true }).click();
  await expect(dialog(page).getByText(/文章编号 \d{6}，第1版/)).toBeVisible();
  await dialog(page).getByRole('button', { name: '关闭' }).last().click();
  await expect(page.getByRole('banner').getByText('已发布')).toBeVisible();

  // What changed since it was looked at is not published; looked at again it is.
  await openDialog(page);
  await expect(dialog(page).getByText('正文此后没有改动')).toBeVisible();
  await say(request, server.url, id, '前面一段。', RIGHT);
  await expect(manuscript(page)).toContainText(RIGHT);
  await dialog(page).getByLabel('仍要发布的理由').fill('不必了');
  await dialog(page).getByRole('button', { name: '发布第2版' }).click();
  await expect(problem(page)).toContainText('稿件刚刚有改动');
  await expect(dialog(page).getByText('没有发现问题')).toBeVisible();
  await expect(preview.getByText(RIGHT)).toBeVisible();
  await dialog(page).getByLabel('更正说明').fill('占比应为31.76%。');
  await dialog(page).getByRole('button', { name: '发布第2版' }).click();
  await expect(dialog(page).getByText(/文章编号 \d{6}，第2版/)).toBeVisible();
  await dialog(page).getByRole('link', { name: '打开文章' }).click();
  await expect(page.getByText('占比应为31.76%。')).toBeVisible();
  await page.goBack();
  await reading(page);

  // Taken back, it is ready again, and the history says so.
  await openDialog(page);
  await dialog(page).getByRole('button', { name: '撤回文章…' }).click();
  await dialog(page).getByLabel('撤回说明').fill('数据核实中。');
  await dialog(page).getByRole('button', { name: '确认撤回' }).click();
  await expect(dialog(page).getByText('数据核实中。')).toBeVisible();
  await expect(dialog(page).getByRole('listitem').filter({ hasText: '第1版' })).toContainText(
    '仍要发布的理由：以统计局口径为准',
  );
  await page.keyboard.press('Escape');
  await expect(page.getByRole('banner').getByText('待发')).toBeVisible();
});
