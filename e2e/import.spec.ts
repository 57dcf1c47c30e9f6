/** Files become reports: chosen or dropped, several at once, refused in words. */
import type { Page } from '@playwright/test';
import { docx, paragraph, run } from '#server/import/testing.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { manuscript, ready } from './manuscript.ts';

const SENTENCE = '全县各级把这项工作摆在突出位置,逐项推进,取得了实实在在的成效。';
const WORD = docx({
  body: [
    paragraph(run('抓实春耕 稳住粮仓'), '<w:pStyle w:val="Title"/>'),
    paragraph(run('抓实春耕稳住粮仓')),
    paragraph(run('备足农资保供应。', '<w:b/>') + run(SENTENCE)),
    paragraph(run('共1200字，预计阅读时长4分钟')),
  ].join(''),
});
const PAGE =
  '<!doctype html><title>治水</title><h1>治水兴县</h1><p>来源：县水务局</p>' +
  '<p>今年以来，<img src="http://198.51.100.7/a.png">全县治水有力。</p><script>document.title = "hacked"</script>';

/** Before any script has run the bell is a link. */
const scriptsRun = (page: Page) => expect(page.getByRole('button', { name: /^通知/ })).toBeVisible();

test('several files are chosen by keyboard, and each says what became of it', async ({ open, cast }, {
  outputDir,
}) => {
  const page = await open(cast.writer, '/');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await scriptsRun(page);
  await page.getByRole('button', { name: '导入' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '导入稿件' });
  const input = dialog.getByLabel('选择文件');
  await expect(input).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('checkbox', { name: '规范标点' })).toBeChecked();
  await input.setInputFiles([
    { name: '春耕.docx', mimeType: 'application/octet-stream', buffer: Buffer.from(WORD) },
    { name: '治水.html', mimeType: 'text/html', buffer: Buffer.from(PAGE) },
    { name: '旧稿.doc', mimeType: 'application/msword', buffer: Buffer.from('d0cf11e0a1b11ae1', 'hex') },
  ]);
  const word = dialog.getByRole('listitem').filter({ hasText: '春耕.docx' });
  await expect(word.getByText('段首标题 1 个')).toBeVisible();
  await expect(word.getByText('已把 2 处半角标点改成全角。')).toBeVisible();
  await word.getByText('没有带入的内容（2）').click();
  await expect(word.getByText('字数、阅读时长：共1200字，预计阅读时长4分钟')).toBeVisible();
  const site = dialog.getByRole('listitem').filter({ hasText: '治水.html' });
  await site.getByText(/没有带入的内容/).click();
  await expect(site.getByText('外部图片（不会去网上取）：http://198.51.100.7/a.png')).toBeVisible();
  const old = dialog.getByRole('listitem').filter({ hasText: '旧稿.doc' });
  await expect(old.getByRole('alert')).toContainText('另存为 .docx');
  await expectAccessible(page);
  await page.screenshot({ path: `${outputDir}/import-1440.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${outputDir}/import-390.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1440, height: 900 });

  await word.getByRole('link', { name: '打开稿件《抓实春耕 稳住粮仓》' }).click();
  await ready(page);
  await expect(manuscript(page)).toContainText('把这项工作摆在突出位置，逐项推进');
  await expect(manuscript(page).locator('[data-run-in]')).toHaveText('备足农资保供应。');
  expect(asked.filter((url) => url.includes('198.51.100.7'))).toEqual([]);
});

test('a file dropped onto the list is imported, and the list shows its report', async ({ open, cast }) => {
  const page = await open(cast.writer, '/');
  await scriptsRun(page);
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['防汛备汛抓在前\n　　全县检修泵站26座。'], '防汛.txt', { type: 'text/plain' }));
    return data;
  });
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('松开鼠标，导入文件')).toBeVisible();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  const dialog = page.getByRole('dialog', { name: '导入稿件' });
  await expect(dialog.getByText('标题取自第一行，请核对。')).toBeVisible();
  await dialog.getByRole('button', { name: '关闭' }).last().click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('link', { name: '防汛备汛抓在前' })).toBeVisible();
});
