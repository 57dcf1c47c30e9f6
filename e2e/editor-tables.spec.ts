import { expect, paragraph, test } from './writing.ts';

const cell = (text: string) => ({ type: 'tableCell', content: [paragraph(text)] });
const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) });

test('a row and a column added at the same time leave no phantom: every row has as many cells', async ({
  both,
}) => {
  const { writer, colleague, join, second } = await both([
    paragraph('前'),
    { type: 'table', content: [row('一', '二'), row('三', '四')] },
  ]);
  const { writer: other, line } = await second();
  const table = (one: typeof writer) => one.blocks().then((all) => all[1]);
  await expect.poll(() => table(other)).toBe('table: 一 | 二 / 三 | 四');
  const tools = (one: typeof writer) => one.page.getByRole('combobox', { name: '表格操作' });

  line.hold();
  await other.paper.getByText('一', { exact: true }).click();
  await tools(other).selectOption('在右侧插入列');
  await expect.poll(() => table(other)).toBe('table: 一 |  | 二 / 三 |  | 四');
  await writer.paper.getByText('一', { exact: true }).click();
  await tools(writer).selectOption('在下方插入行');
  await expect.poll(() => table(writer)).toBe('table: 一 | 二 /  |  / 三 | 四');
  line.release();

  // The row was made for two columns; nobody has repaired anything yet, so nobody repaired it twice.
  const merged = 'table: 一 |  | 二 /  |  / 三 |  | 四';
  for (const one of [writer, other]) await expect.poll(() => table(one)).toBe(merged);
  // The next edit in the table gives the row its missing cell, once.
  await writer.page.keyboard.type('甲');
  const whole = /^table: 甲?一甲? \|  \| 二 \/  \|  \|  \/ 三 \|  \| 四$/;
  for (const one of [writer, other]) await expect.poll(() => table(one)).toMatch(whole);
  const third = await join();
  await expect.poll(() => colleague.lines()).toEqual(third.lines());
  const rows = third.block(1).toArray() as { length: number }[];
  expect(rows.map(({ length }) => length)).toEqual([3, 3, 3]);
});

test('cells are merged and split by the toolbar, and keep their text', async ({ both }) => {
  const { writer, join } = await both([{ type: 'table', content: [row('一', '二'), row('三', '四')] }]);
  const table = () => writer.blocks().then((all) => all[0]);
  const tools = writer.page.getByRole('combobox', { name: '表格操作' });
  await writer.paper.getByText('一', { exact: true }).click();
  await expect(tools.getByRole('option', { name: '合并单元格' })).toBeDisabled();
  await writer.paper.getByText('一', { exact: true }).dragTo(writer.paper.getByText('二', { exact: true }));
  await expect(writer.paper.locator('.selectedCell')).toHaveCount(2);
  await tools.selectOption('合并单元格');
  await expect.poll(table).toBe('table: c2 一¶二 / 三 | 四');
  await expect.poll(async () => (await join()).lines()).toEqual(['一二三四']);
  await tools.selectOption('拆分单元格');
  await expect.poll(table).toMatch(/^table: 一¶二 \| +\/ 三 \| 四$/);
  await writer.page.keyboard.press('Control+z');
  await expect.poll(table).toBe('table: c2 一¶二 / 三 | 四');
  await writer.page.keyboard.press('Control+z');
  await expect.poll(table).toBe('table: 一 | 二 / 三 | 四');
});

test('typing in a cell writes only the text: a cell gains no attributes that it did not have', async ({
  both,
}) => {
  const { writer, colleague } = await both([
    paragraph('前'),
    { type: 'table', content: [row('一', '二'), row('三', '四')] },
  ]);
  await writer.paper.getByText('四', { exact: true }).click();
  await writer.page.keyboard.press('End');
  await writer.page.keyboard.type('甲');
  await expect.poll(() => colleague.lines()[1]).toBe('一二三四甲');
  const tools = writer.page.getByRole('combobox', { name: '表格操作' });
  await tools.selectOption('在下方插入行');
  await expect.poll(() => writer.blocks().then((all) => all[1])).toBe('table: 一 | 二 / 三 | 四甲 /  | ');
  await expect.poll(() => colleague.cells(1).length).toBe(6);
  expect(colleague.cells(1).map((one) => one.getAttributes())).toEqual([{}, {}, {}, {}, {}, {}]);
});
