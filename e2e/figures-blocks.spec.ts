import type { Locator, Page } from '@playwright/test';
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

const REPORT = [
  title('抓实水利'),
  body('2022年全县建成供水点1902个，2023年全县建成供水点2168个。'),
  body('2023年完成投资6.85亿元。'),
];

const panel = (page: Page): Locator => page.getByRole('complementary', { name: '数据与提法' });
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: /数据表或图/ });
const blocks = (page: Page): Locator => manuscript(page).locator('figure.figures');
const chart = (page: Page): Locator => blocks(page).getByRole('img');
const cell = (page: Page, text: string): Locator =>
  blocks(page).getByRole('cell', { name: text, exact: true });

/** Selects words of a paragraph as a double click or dragging does. */
async function select(page: Page, index: number, words: string): Promise<void> {
  await paragraph(page, index).click();
  await paragraph(page, index).evaluate((element, words) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(words) ?? -1;
      if (at >= 0) return getSelection()?.setBaseAndExtent(node, at, node, at + words.length);
    }
    throw new Error(`no ${words} in ${element.textContent}`);
  }, words);
}

test('a chart and a table follow the text on every screen, are undone, and leave with the article', async ({
  open,
  cast,
  newReport,
  server,
}) => {
  const id = await newReport('抓实水利', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  const other = await open(cast.otherWriter, `/reports/${id}`);
  await ready(writer);
  await ready(other);

  await test.step('a chart of figures that are chosen in the panel, and registered with it', async () => {
    await caretAtEnd(writer, 1);
    await writer.getByRole('button', { name: '数据与提法', exact: true }).click();
    for (const surface of ['1902个', '2168个']) await panel(writer).getByLabel(`选择 ${surface}`).check();
    await panel(writer).getByRole('button', { name: '插入数据表或图' }).click();
    await dialog(writer).getByRole('radio', { name: '柱形图' }).check();
    await dialog(writer).getByLabel('标题').fill('供水点建设');
    await expect(dialog(writer).getByRole('img', { name: '柱形图：供水点建设' })).toContainText('2168个');
    await expectAccessible(writer);
    await dialog(writer).getByRole('button', { name: '插入', exact: true }).click();
    await expect(dialog(writer)).toBeHidden();
    await expect(chart(other)).toContainText('2022年1902个2023年2168个');
    await expect(chart(other)).toHaveAccessibleName('柱形图：供水点建设');
    // The same for those who cannot see it.
    await expect(cell(other, '2168个')).toBeAttached();
  });

  await test.step('a table, chosen by keyboard from the tools', async () => {
    await caretAtEnd(writer, 2);
    await writer.keyboard.press('ControlOrMeta+Alt+g');
    await expect(dialog(writer).getByRole('radio', { name: '表格' })).toBeFocused();
    await dialog(writer)
      .getByRole('checkbox', { name: /6\.85亿元/ })
      .press('Space');
    await dialog(writer)
      .getByRole('checkbox', { name: /2168个/ })
      .press('Space');
    await dialog(writer)
      .getByRole('button', { name: /^上移：2168个/ })
      .press('Enter');
    await dialog(writer).getByLabel('标题').press('Enter');
    await expect(blocks(other)).toHaveCount(2);
    await expect(blocks(other).last().getByRole('row')).toHaveText([
      '指标时间数值',
      /供水点2023年2168个/,
      /投资2023年6.85亿元/,
    ]);
  });

  await test.step('a colleague changes the number', async () => {
    await select(other, 1, '68个');
    await other.keyboard.insertText('86个');
    for (const page of [writer, other]) {
      await expect(chart(page)).toContainText('2186个');
      await expect(cell(page, '2186个')).toHaveCount(2);
      await expect(blocks(page)).not.toContainText(['2168']);
    }
    await expectSaved(other);
  });

  await test.step('exports hold both', async () => {
    const html = await (
      await writer.context().request.get(`${server.url}/api/reports/${id}/export?format=html`)
    ).text();
    const alone = await writer.context().newPage();
    await alone.setContent(html);
    await expect(alone.getByRole('img', { name: '柱形图：供水点建设' })).toContainText('2186个');
    await expect(alone.getByRole('cell', { name: '2186个' })).toHaveCount(2);
    await expectAccessible(alone);
    await alone.close();
    expect(await committedText(writer.context().request, server.url, id)).toContain('2023年\t2186个');
    await writer.getByRole('button', { name: '导出' }).click();
    const preview = writer.getByRole('dialog', { name: '导出' });
    await preview.getByRole('tab', { name: 'Markdown' }).click();
    await expect(preview.getByRole('tabpanel')).toContainText('2186个 |');
    const { request } = writer.context();
    const json = await (await request.get(`${server.url}/api/reports/${id}/export?format=json`)).text();
    await preview.getByRole('tab', { name: 'JSON' }).click();
    await expect(preview.getByRole('tabpanel').locator('pre')).toHaveText(json);
    await writer.keyboard.press('Escape');

    // Imported, it is a report of its own, with a chart that follows its text.
    const file = { name: '水利.json', mimeType: 'application/json', buffer: Buffer.from(json) };
    const imported = await request.post(`${server.url}/api/reports/import`, {
      multipart: { file },
      headers: { origin: server.url },
    });
    const { files } = (await imported.json()) as { files: { reportId: string }[] };
    const again = await writer.context().newPage();
    await again.goto(`${server.url}/reports/${files[0]?.reportId}`);
    await ready(again);
    await select(again, 1, '86个');
    await again.keyboard.insertText('99个');
    await expect(chart(again)).toContainText('2199个');
    await expect(cell(again, '2199个')).toHaveCount(2);
    await again.close();
  });

  await test.step('it is moved, changed, deleted, and all of that is undone', async () => {
    const order = manuscript(other).locator('> *');
    await expect(order.nth(2)).toHaveClass(/figures/);
    await chart(writer).click();
    await writer.keyboard.press('Alt+Shift+ArrowUp');
    await expect(order.nth(1)).toHaveClass(/figures/);
    await writer.keyboard.press('Enter');
    await dialog(writer).getByRole('radio', { name: '占比图' }).check();
    await dialog(writer).getByRole('button', { name: '完成' }).click();
    await expect(chart(other)).toHaveAccessibleName('占比图：供水点建设');
    await writer.keyboard.press('ControlOrMeta+z');
    await expect(chart(other)).toHaveAccessibleName('柱形图：供水点建设');
    await blocks(writer)
      .first()
      .click({ position: { x: 8, y: 8 } });
    await writer.keyboard.press('Delete');
    await expect(chart(other)).toHaveCount(0);
    await writer.keyboard.press('ControlOrMeta+z');
    await writer.keyboard.press('ControlOrMeta+z');
    await expect(order.nth(2)).toHaveClass(/figures/);
    await expect(chart(other)).toContainText('2186个');
  });

  await test.step('what the text does not say any more is not shown', async () => {
    await select(other, 1, '1902个');
    await other.keyboard.insertText('若干');
    for (const page of [writer, other]) {
      await expect(chart(page)).not.toContainText('1902');
      await expect(blocks(page).first()).toContainText('不在正文中，没有显示：');
    }
    await expectSaved(other);
    const exported = await writer.context().request.get(`${server.url}/api/reports/${id}/export`);
    expect(exported.headers()['huigao-left-out']).toBe('1');
    expect(await exported.text()).not.toContain('1902');
    await expectAccessible(writer);
  });

  await test.step('in another report it is a plain table, since its figures are not registered there', async () => {
    const copied = await newReport('另一篇', [title('另一篇'), body('正文')]);
    const elsewhere = await writer.context().newPage();
    await blocks(writer).last().getByRole('cell').first().click();
    await writer.keyboard.press('ControlOrMeta+c');
    await elsewhere.goto(`${server.url}/reports/${copied}`);
    await ready(elsewhere);
    await caretAtEnd(elsewhere, 1);
    await elsewhere.keyboard.press('ControlOrMeta+v');
    await expect(elsewhere.getByText('粘贴为普通表格')).toBeVisible();
    await expect(manuscript(elsewhere).locator('table')).toContainText('6.85亿元');
    await expect(blocks(elsewhere)).toHaveCount(0);
  });
});
