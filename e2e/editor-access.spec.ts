import { expect, expectAccessible } from './fixtures.ts';
import { png } from '../server/pictures/testing.ts';
import { paragraph, test } from './writing.ts';

const cell = (text: string, type = 'tableCell') => ({ type, content: [paragraph(text)] });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: a page with every kind of block, its tools and its find bar has no serious accessibility fault`, async ({
    both,
  }) => {
    const { writer } = await both([
      paragraph('岚亭县：抓水网强保障 绘就乡村振兴好“丰”景', { style: 'title' }),
      paragraph(
        '把水利建设作为保障民生、服务发展的基础工程，2023年完成水利投资6.85亿元，同比增长12.3%，城乡供水、防洪减灾、河湖管护能力稳步提升。',
      ),
      paragraph('一级标题', { style: 'heading1' }),
      paragraph('条目', { style: 'bullet' }),
      paragraph('编号', { style: 'ordered' }),
      paragraph('引文', { style: 'quote' }),
      {
        type: 'table',
        content: [
          { type: 'tableRow', content: [cell('指标', 'tableHeader'), cell('数值', 'tableHeader')] },
          { type: 'tableRow', content: [cell('投资'), cell('6.85亿元')] },
        ],
      },
      { type: 'divider' },
      paragraph('县委宣传部', { style: 'signature' }),
    ]);
    const { page } = writer;
    await writer.line(1).click();
    await page.keyboard.press('End');
    await writer.paste({ pictures: [{ type: 'image/png', base64: png().toString('base64') }] });
    await expect(writer.paper.locator('figure.picture img')).toBeVisible();
    await page.emulateMedia({ colorScheme });
    await writer.paper.getByText('投资', { exact: true }).click();
    await page.keyboard.press('Control+Alt+f');
    await page.getByRole('textbox', { name: '查找内容' }).fill('投资');
    await expect(page.getByRole('search').getByRole('status')).toHaveText(/共 2 处/);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await writer.line(2).locator('img').click();
    await expect(page.getByLabel('替代文字')).toBeVisible();
    await expectAccessible(page);
    await writer.line(1).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await expect(page.getByRole('toolbar', { name: '所选文字' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Control+Alt+k');
    await expect(page.getByLabel('链接地址')).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(writer.paper).toBeFocused();
  });
}

test('every tool is reached by keyboard, and Escape goes back to the text', async ({ both }) => {
  const { writer } = await both([
    paragraph('正文'),
    { type: 'table', content: [{ type: 'tableRow', content: [cell('甲'), cell('乙')] }] },
  ]);
  const { page } = writer;
  await writer.paper.getByText('甲', { exact: true }).click();
  const bar = page.getByRole('toolbar', { name: '编辑工具' });
  const tools = await bar.locator('button, select').count();
  await bar.locator('[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  const seen = new Set<string>();
  for (let i = 0; i < tools; i++) {
    const focused = bar.locator(':focus');
    seen.add(await focused.evaluate((one) => one.getAttribute('aria-label') ?? one.id));
    await page.keyboard.press('ArrowRight');
  }
  expect(seen.size).toBe(tools);
  await page.keyboard.press('Escape');
  await expect(writer.paper).toBeFocused();
  await page.keyboard.type('丙');
  await expect.poll(() => writer.lines()).toEqual(['正文', '甲丙乙']);

  await page.keyboard.press('Control+f');
  await expect(page.getByRole('textbox', { name: '查找内容' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(writer.paper).toBeFocused();
});

test('a picture’s caption and alternative text are reached, written and left by keyboard', async ({
  both,
}) => {
  const { writer, colleague } = await both([paragraph('前文'), paragraph('后文')]);
  const { page } = writer;
  await writer.caretAt(0, 2);
  await writer.paste({ pictures: [{ type: 'image/png', base64: png().toString('base64') }] });
  await expect(writer.paper.locator('figure.picture img')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(writer.line(1)).toHaveClass(/selected/);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('图片说明')).toBeFocused();
  await page.keyboard.type('图1');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('替代文字')).toBeFocused();
  await page.keyboard.type('一座水库');
  await page.keyboard.press('Escape');
  await expect(writer.paper).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('丁');
  await expect.poll(() => colleague.lines()).toEqual(['前文', '', '丁后文']);
  expect(colleague.block(1).getAttributes()).toMatchObject({ caption: '图1', alt: '一座水库' });
});

test('at 390 pixels the find bar stands within the window, and its hints can be read in both themes', async ({
  both,
}) => {
  const { writer } = await both([paragraph('正文投资')]);
  const { page } = writer;
  await page.setViewportSize({ width: 390, height: 844 });
  await writer.line(0).click();
  await page.keyboard.press('Control+Alt+f');
  await page.getByRole('textbox', { name: '查找内容' }).fill('投资');
  for (const name of ['关闭', '全部替换']) {
    const box = await page.getByRole('search').getByRole('button', { name }).boundingBox();
    expect((box?.x ?? 390) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  }
  const hints = page.getByRole('textbox', { name: '替换为' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const [hint, quiet] = await hints.evaluate((input) => {
      const probe = document.createElement('i');
      probe.style.color = 'var(--ink-3)';
      document.body.append(probe);
      return [getComputedStyle(input, '::placeholder').color, getComputedStyle(probe).color];
    });
    expect(hint).toBe(quiet);
  }
});
