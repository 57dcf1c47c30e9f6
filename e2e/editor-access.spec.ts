import { expect, expectAccessible } from './fixtures.ts';
import { paragraph, test } from './writing.ts';

test('a page with every kind of block, its tools and its find bar has no serious accessibility fault', async ({
  both,
}) => {
  const cell = (text: string, type = 'tableCell') => ({
    type,
    attrs: { colspan: 1, rowspan: 1 },
    content: [paragraph(text)],
  });
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
  await writer.paper.getByText('投资', { exact: true }).click();
  await writer.page.keyboard.press('Control+f');
  await writer.page.getByRole('textbox', { name: '查找内容' }).fill('投资');
  await expect(writer.page.getByRole('search').getByRole('status')).toHaveText(/共 2 处/);
  await expectAccessible(writer.page);
  await writer.page.keyboard.press('Escape');
  await writer.line(1).click();
  await writer.page.keyboard.press('Home');
  await writer.page.keyboard.press('Shift+End');
  await expect(writer.page.getByRole('toolbar', { name: '所选文字' })).toBeVisible();
  await expectAccessible(writer.page);
});
