import { expect, paragraph, test } from './writing.ts';

const line = (text: string, style = 'body', more: Record<string, unknown> = {}) =>
  paragraph(text, { style, ...more });

test('Enter at the end of a heading opens body text', async ({ both }) => {
  const { writer } = await both([line('总标题', 'title'), line('一级', 'heading1')]);
  await writer.caretAt(1, 2);
  await writer.page.keyboard.press('Enter');
  await writer.page.keyboard.type('正文');
  await expect.poll(() => writer.blocks()).toEqual(['title: 总标题', 'heading1: 一级', 'body: 正文']);
});

test('Enter at a paragraph’s start leaves its block, and all that hangs on it, untouched', async ({
  both,
}) => {
  const { writer, colleague } = await both([
    line('标题', 'title'),
    line('一段文字。', 'body', { bid: 'mine' }),
  ]);
  const text = colleague.text(1);
  await writer.caretAt(1, 0);
  await writer.page.keyboard.press('Enter');
  await expect.poll(() => colleague.lines()).toEqual(['标题', '', '一段文字。']);
  expect(colleague.text(2)).toBe(text);
  await writer.page.keyboard.press('Backspace');
  await expect.poll(() => colleague.lines()).toEqual(['标题', '一段文字。']);
  expect(colleague.text(1)).toBe(text);
  expect(colleague.block(1).getAttribute('bid')).toBe('mine');
});

test('Enter in the middle gives two paragraphs of the style, the second with a name of its own', async ({
  both,
}) => {
  const { writer, colleague } = await both([line('甲乙丙丁', 'quote', { bid: 'first' })]);
  await writer.caretAt(0, 2);
  await writer.page.keyboard.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['quote: 甲乙', 'quote: 丙丁']);
  await expect.poll(() => colleague.lines()).toEqual(['甲乙', '丙丁']);
  expect(colleague.block(0).getAttribute('bid')).toBe('first');
  expect(colleague.block(1).getAttribute('bid')).toMatch(/^(?!first)[a-z0-9]{10}$/);
});

test('Enter over a selection deletes it first', async ({ both }) => {
  const { writer } = await both([line('甲乙丙丁'), line('戊己庚辛')]);
  await writer.caretAt(0, 2);
  await writer.page.keyboard.press('Shift+ArrowDown');
  // The editor has heard of the selection.
  await expect(writer.page.getByRole('toolbar', { name: '所选文字' })).toBeVisible();
  await writer.page.keyboard.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['body: 甲乙', 'body: 庚辛']);
});

test('lists: Tab and Shift+Tab move a level, Enter goes on, an empty item steps out, Backspace gives body', async ({
  both,
}) => {
  const { writer } = await both([line('条目', 'bullet')]);
  const { keyboard } = writer.page;
  await writer.caretAt(0, 2);
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await keyboard.type('下级');
  await keyboard.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['bullet: 条目', 'bullet1: 下级', 'bullet1: ']);
  await keyboard.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['bullet: 条目', 'bullet1: 下级', 'bullet: ']);
  await keyboard.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['bullet: 条目', 'bullet1: 下级', 'body: ']);
  await writer.caretAt(1, 0);
  await keyboard.press('Shift+Tab');
  await expect.poll(() => writer.blocks()).toEqual(['bullet: 条目', 'bullet: 下级', 'body: ']);
  await keyboard.press('Backspace');
  await expect.poll(() => writer.blocks()).toEqual(['bullet: 条目', 'body: 下级', 'body: ']);
  await keyboard.press('Backspace');
  await expect.poll(() => writer.blocks()).toEqual(['bullet: 条目下级', 'body: ']);
});

test('numbers begin anew where no list goes on above, and count on through other text', async ({ both }) => {
  const { writer } = await both([line('甲'), line('乙'), line('丙'), line('丁')]);
  for (const block of [0, 1, 3]) {
    await writer.caretAt(block, 1);
    await writer.page.keyboard.press('Control+Shift+Digit7');
  }
  await expect
    .poll(() => writer.blocks())
    .toEqual(['ordered!: 甲', 'ordered: 乙', 'body: 丙', 'ordered!: 丁']);
});

test('every style and mark has its key, and keeps caret and text', async ({ both }) => {
  const { writer } = await both([line('甲乙丙丁')]);
  const { keyboard } = writer.page;
  await writer.caretAt(0, 2);
  const styles = [
    'body',
    'heading1',
    'heading2',
    'heading3',
    'heading4',
    'title',
    'subtitle',
    'quote',
    'signature',
  ];
  for (const [digit, style] of styles.entries()) {
    await keyboard.press(`Control+Alt+Digit${digit}`);
    await expect.poll(() => writer.blocks()).toEqual([`${style}: 甲乙丙丁`]);
    expect(await writer.caret()).toEqual([0, 2]);
  }
  await keyboard.press('Control+Alt+Digit0');
  await keyboard.press('Shift+ArrowRight');
  // The browser tells the editor of a selection a moment later; the next key must not come before that.
  await expect(writer.page.getByRole('toolbar', { name: '所选文字' })).toBeVisible();
  const marks = {
    b: 'bold',
    i: 'italic',
    u: 'underline',
    'Shift+X': 'strike',
    'Shift+H': 'highlight',
    'Alt+r': 'runIn',
  };
  for (const [key, mark] of Object.entries(marks)) {
    await keyboard.press(`Control+${key}`);
    await expect.poll(() => writer.blocks()).toEqual([`body: 甲乙[${mark}:丙]丁`]);
    await keyboard.press(`Control+${key}`);
    await expect.poll(() => writer.blocks()).toEqual(['body: 甲乙丙丁']);
  }
});

test('the run-in heading is the phrase up to the first full stop, and typing after it is plain', async ({
  both,
}) => {
  const { writer } = await both([line('强统筹抓项目。制定规划。'), line('')]);
  const { keyboard } = writer.page;
  await writer.caretAt(0, 9);
  await keyboard.press('Control+Alt+r');
  await expect
    .poll(() => writer.blocks().then(([first]) => first))
    .toBe('body: [runIn:强统筹抓项目。]制定规划。');
  await writer.caretAt(1, 0);
  await keyboard.press('Control+Alt+r');
  await keyboard.type('强供水。聚焦');
  await expect.poll(() => writer.blocks().then((all) => all[1])).toBe('body: [runIn:强供水。]聚焦');
});

test('Markdown signs become styles and marks as they are typed', async ({ both }) => {
  const { writer } = await both([line('')]);
  const { keyboard } = writer.page;
  await writer.caretAt(0, 0);
  await keyboard.type('## 二级');
  await keyboard.press('Enter');
  await keyboard.type('- 条目');
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await keyboard.type('1. 编号');
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await keyboard.type('> 引文');
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await keyboard.type('这是**重点**啊');
  await keyboard.press('Enter');
  await keyboard.type('---');
  await keyboard.type('完');
  await expect
    .poll(() => writer.blocks())
    .toEqual([
      'heading2: 二级',
      'bullet: 条目',
      'ordered!: 编号',
      'quote: 引文',
      'body: 这是[bold:重点]啊',
      'divider',
      'body: 完',
    ]);
});

test('tables: the caret lands in the first cell, Tab goes on and opens rows, emptied cells take text', async ({
  both,
}) => {
  const { writer, colleague } = await both([line('前'), line('后')]);
  const { keyboard } = writer.page;
  await writer.caretAt(0, 1);
  await keyboard.press('Control+Alt+t');
  await keyboard.type('一');
  for (let i = 0; i < 8; i++) await keyboard.press('Tab');
  await keyboard.type('九');
  await keyboard.press('Tab');
  await keyboard.type('十');
  const table = 'table: #一 | # | # /  |  |  /  |  | 九 / 十 |  | ';
  await expect.poll(() => writer.blocks()).toEqual(['body: 前', table, 'body: 后']);
  await keyboard.press('Control+a');
  await keyboard.press('Backspace');
  await keyboard.type('余');
  await expect.poll(() => colleague.lines().join('')).toContain('余');
});

test('rows, columns and cells: added by the menu, and a colleague’s at the same time leaves no phantom', async ({
  both,
}) => {
  const cell = (text: string) => ({
    type: 'tableCell',
    attrs: { colspan: 1, rowspan: 1 },
    content: [line(text)],
  });
  const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) });
  const { writer, colleague, join } = await both([
    line('前'),
    { type: 'table', content: [row('一', '二'), row('三', '四')] },
  ]);
  await writer.paper.getByText('一', { exact: true }).click();
  const tools = writer.page.getByRole('combobox', { name: '表格操作' });
  await tools.selectOption('在右侧插入列');
  await expect.poll(() => writer.blocks().then((all) => all[1])).toBe('table: 一 |  | 二 / 三 |  | 四');
  await tools.selectOption('在下方插入行');
  await expect
    .poll(() => writer.blocks().then((all) => all[1]))
    .toBe('table: 一 |  | 二 /  |  |  / 三 |  | 四');
  await tools.selectOption('删除列');
  await expect.poll(() => writer.blocks().then((all) => all[1])).toBe('table:  | 二 /  |  /  | 四');
  await expect.poll(() => colleague.lines()).toEqual(['前', '二四']);
  expect((await join()).lines()).toEqual(['前', '二四']);
});

test('everything deleted leaves one paragraph to write in', async ({ both }) => {
  const { writer, colleague } = await both([line('标题', 'title'), { type: 'divider' }, line('文字')]);
  await writer.caretAt(2, 1);
  await writer.page.keyboard.press('Control+a');
  await writer.page.keyboard.press('Backspace');
  await writer.page.keyboard.type('重来');
  await expect.poll(() => colleague.lines()).toEqual(['重来']);
  await writer.page.keyboard.press('Control+z');
  await writer.page.keyboard.press('Control+z');
  await expect.poll(() => colleague.lines()).toEqual(['标题', '', '文字']);
});

test('links: only complete http, https and mailto addresses', async ({ both }) => {
  const { writer } = await both([line('甲乙丙丁')]);
  const { page } = writer;
  await writer.caretAt(0, 1);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByRole('toolbar', { name: '所选文字' })).toBeVisible();
  await page.keyboard.press('Control+Alt+k');
  const field = page.getByLabel('链接地址');
  await field.fill('javascript:alert(1)');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('https');
  await field.fill('https://example.org/文件');
  await field.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['body: 甲[https://example.org/文件:乙丙]丁']);
  await expect(writer.paper.getByRole('link')).toHaveAttribute('href', 'https://example.org/文件');
  await page.keyboard.press('Control+Alt+k');
  await field.fill('');
  await field.press('Enter');
  await expect.poll(() => writer.blocks()).toEqual(['body: 甲乙丙丁']);
});

test('find goes from match to match, widths and cases alike, and replaces all as one undo step', async ({
  both,
}) => {
  const { writer } = await both([line('GDP增长，ＧＤＰ总量'), line('人均gdp与Gdp增速')]);
  const { page } = writer;
  await writer.caretAt(0, 0);
  await page.keyboard.press('Control+f');
  const field = page.getByRole('textbox', { name: '查找' });
  await field.fill('gdp');
  const status = page.getByRole('search').getByRole('status');
  await expect(status).toHaveText('第 1 处，共 4 处');
  await field.press('Enter');
  await expect(status).toHaveText('第 2 处，共 4 处');
  await field.press('Shift+Enter');
  await expect(status).toHaveText('第 1 处，共 4 处');
  await page.getByRole('button', { name: '展开替换' }).click();
  await page.getByRole('textbox', { name: '替换为' }).fill('产值');
  await page.getByRole('button', { name: '全部替换' }).click();
  await expect.poll(() => writer.lines()).toEqual(['产值增长，产值总量', '人均产值与产值增速']);
  await field.press('Escape');
  await page.keyboard.press('Control+z');
  await expect.poll(() => writer.lines()).toEqual(['GDP增长，ＧＤＰ总量', '人均gdp与Gdp增速']);
});
