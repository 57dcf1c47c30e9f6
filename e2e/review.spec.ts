/** Review from one end to the other: three people of three departments at one report. */
import { expect, expectAccessible, signIn, test } from './fixtures.ts';
import { body, committedText, expectSaved, manuscript, paragraph, ready, title } from './manuscript.ts';
import { cards, marked, select } from './reviewing.ts';

const REPORT = [
  title('批注与建议'),
  body('全县完成水利投资六亿八千万元，同比增长明显。'),
  body('建成集中供水工程一百二十五处，群众吃水难的问题基本得到了解决。'),
];

test('a comment is made, answered, assigned and settled between three people, and stays on its words', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('批注与建议', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  const reviewer = await open(cast.reviewer, `/reports/${id}`);
  await ready(writer);

  // The reviewer cannot write, and comments all the same.
  await expect(manuscript(reviewer)).toHaveAttribute('contenteditable', 'false');
  await select(reviewer, 1, '六亿八千万元');
  await reviewer.getByRole('button', { name: '批注所选文字' }).click();
  await reviewer.keyboard.type('年报上是另一个数');
  await reviewer.keyboard.press('ControlOrMeta+Enter');
  // Nothing is selected any more: the next key would have taken its place.
  await expect(reviewer.getByRole('toolbar', { name: '所选文字' })).toHaveCount(0);
  await expect(manuscript(reviewer)).toBeFocused();
  await expect(cards(writer)).toContainText(['年报上是另一个数']);
  await expect(cards(writer)).toContainText([cast.reviewer.name]);
  await expect(marked(writer)).toHaveText(['六亿八千万元']);
  await expect(cards(reviewer).getByText('等待发送')).toHaveCount(0);

  // Enter before the words, and somebody who comes later.
  await paragraph(writer, 1).click();
  await writer.keyboard.press('Home');
  for (let i = 0; i < 4; i++) await writer.keyboard.press('ArrowRight');
  await writer.keyboard.press('Enter');
  await expectSaved(writer);
  await expect(marked(reviewer)).toHaveText(['六亿八千万元']);
  const other = await open(cast.otherWriter, `/reports/${id}`);
  await expect(marked(other)).toHaveText(['六亿八千万元']);

  // By keyboard to the thread; an answer that mentions the reviewer.
  await expect(other.getByRole('button', { name: /批注：1 条未解决，1 条有新内容/ })).toBeVisible();
  await other.keyboard.press('Alt+PageDown');
  await expect(cards(other).first()).toBeFocused();
  await expect(other.getByRole('button', { name: /0 条有新内容/ })).toBeVisible();
  await cards(other).getByRole('button', { name: '回复' }).click();
  await other.keyboard.type(`@${cast.reviewer.name.slice(0, 1)}`);
  await other.getByRole('option', { name: cast.reviewer.name }).click();
  await other.keyboard.type('以台账为准');
  await expectAccessible(other);
  await other.keyboard.press('ControlOrMeta+Enter');
  await cards(reviewer).first().click();
  await expect(cards(reviewer)).toContainText([`@${cast.reviewer.name} 以台账为准`]);

  await cards(reviewer)
    .getByLabel('交办')
    .selectOption({ label: cast.otherWriter.department ?? '' });
  await expect(cards(other)).toContainText([`交${cast.otherWriter.department}办理`]);
  await cards(reviewer).getByRole('button', { name: '标为解决' }).click();
  await expect(cards(writer)).toHaveCount(0);
  await expect(marked(writer)).toHaveCount(0);
  await writer.getByLabel('显示哪些批注').selectOption({ label: '已解决 1' });
  await expect(cards(writer)).toContainText([`${cast.reviewer.name}标为解决`]);
});

test('a proposal stands in the text, is accepted, taken back by Ctrl+Z, and rejected', async ({
  open,
  browserOf,
  cast,
  server,
  newReport,
}) => {
  const id = await newReport('批注与建议', REPORT);
  const path = `/reports/${id}`;
  const writer = await open(cast.writer, path);
  const reviewer = await open(cast.reviewer, path);
  await ready(writer);
  const { request } = await browserOf(cast.writer);

  // Typing over selected words of text that one may not write proposes.
  await select(reviewer, 2, '群众吃水难的问题基本得到了解决');
  await reviewer.keyboard.press('2');
  await expect(reviewer.getByLabel('改成')).toBeFocused();
  await reviewer.keyboard.type('13个行政村用上了自来水');
  await reviewer.keyboard.press('ControlOrMeta+Enter');
  const instead = manuscript(writer).locator('ins[data-text="213个行政村用上了自来水"]');
  await expect(instead).toBeVisible();
  await expect(marked(writer)).toHaveText(['群众吃水难的问题基本得到了解决']);
  expect(await committedText(request, server.url, id)).toContain('群众吃水难的问题基本得到了解决');
  await expect(cards(reviewer).getByRole('button', { name: '采纳' })).toHaveCount(0);

  await marked(writer).click();
  await cards(writer).getByRole('button', { name: '采纳', exact: true }).click();
  await expect(paragraph(writer, 2)).toContainText('，213个行政村用上了自来水。');
  await expect(cards(writer)).toHaveCount(0);
  expect(await committedText(request, server.url, id)).toContain('213个行政村用上了自来水');
  await manuscript(writer).focus();
  await writer.keyboard.press('ControlOrMeta+z');
  await expect(instead).toBeVisible();
  await expect(paragraph(writer, 2)).toContainText('群众吃水难的问题基本得到了解决');

  await marked(writer).click();
  await expectAccessible(writer);
  await cards(writer).getByRole('button', { name: '不采纳' }).click();
  await expect(instead).toHaveCount(0);

  // Who may write can choose to propose as well: the text stays as it is.
  await writer.getByRole('button', { name: '建议模式' }).click();
  await select(writer, 1, '明显');
  await writer.keyboard.press('Delete');
  await writer.getByRole('button', { name: '提出建议' }).click();
  await expect(manuscript(reviewer).locator('.annotated.struck')).toHaveText(['明显']);
  await expect(paragraph(writer, 1)).toContainText('同比增长明显。');

  // Of words before those of another card: the field keeps the keyboard while its card takes its place.
  await select(writer, 1, '全县');
  await writer.keyboard.press('Delete');
  const field = writer.getByLabel('改成');
  await expect(cards(writer).first().getByLabel('改成')).toBeFocused();
  await writer.keyboard.type('全市');
  await expect(field).toHaveValue('全市');
  await writer.getByRole('textbox', { name: '理由' }).click();
  await writer.keyboard.type('统一口径');
  await field.press('ControlOrMeta+Enter');
  await expect(cards(reviewer).filter({ hasText: '统一口径' })).toContainText('全市');
});

test('a comment written offline waits, is said to wait, and comes to its words though the line was broken before them', async ({
  open,
  cast,
  newReport,
}) => {
  const id = await newReport('批注与建议', REPORT);
  const writer = await open(cast.writer, `/reports/${id}`);
  const reviewer = await open(cast.reviewer, `/reports/${id}`);
  await ready(writer);
  await select(reviewer, 1, '同比增长');
  await reviewer.context().setOffline(true);
  await reviewer.keyboard.press('ControlOrMeta+Alt+m');
  await reviewer.keyboard.type('写明百分比');
  await reviewer.keyboard.press('ControlOrMeta+Enter');
  await expect(cards(reviewer)).toContainText(['等待发送']);
  await expect(cards(writer)).toHaveCount(0);

  await paragraph(writer, 1).click();
  await writer.keyboard.press('Home');
  await writer.keyboard.press('ArrowRight');
  await writer.keyboard.press('Enter');
  await expectSaved(writer);
  // The server does it, and its first answer is lost on the way: it is sent again, and done once.
  let lost = 0;
  await reviewer.route('**/threads', async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await reviewer.context().setOffline(false);
  await expect(cards(writer)).toContainText(['写明百分比']);
  await expect(marked(writer)).toHaveText(['同比增长']);
  await expect(cards(reviewer).getByText('等待发送')).toHaveCount(0);
  for (const page of [reviewer, writer]) await expect(cards(page)).toHaveCount(1);
  expect(lost).toBeGreaterThan(1);

  // The address of one thread, on a narrow screen.
  const thread = await cards(writer).first().getAttribute('id');
  const narrow = await reviewer.context().newPage();
  await narrow.setViewportSize({ width: 390, height: 844 });
  await narrow.goto(`${new URL(reviewer.url()).origin}/reports/${id}#${thread?.replace('-', '=')}`);
  await expect(cards(narrow).first()).toBeFocused();
  await expect(marked(narrow)).toBeInViewport();
  await expect(cards(narrow).getByRole('button', { name: '回复' })).toBeInViewport();
  await expectAccessible(narrow);
});

for (const [locale, starts] of [
  ['zh-CN', ''],
  ['en-GB', 'n'],
] as const) {
  test(`a Latin letter typed over words one may not change ${starts === '' ? 'only opens the field in a Chinese window, and is named' : 'goes into the field in an English one'}`, async ({
    browser,
    cast,
    server,
    newReport,
  }) => {
    const id = await newReport('首字母', REPORT);
    const context = await browser.newContext({ locale });
    await signIn(context.request, server.url, cast.reviewer);
    const page = await context.newPage();
    await page.goto(`${server.url}/reports/${id}`);
    await expect(page.locator('html')).toHaveAttribute('lang', locale === 'zh-CN' ? 'zh-CN' : 'en');
    await expect(paragraph(page, 1)).toBeVisible();
    await select(page, 1, '明显');
    await page.keyboard.press('n');
    const field = page.getByRole('textbox', { name: locale === 'zh-CN' ? '改成' : 'Change to' });
    await expect(field).toBeFocused();
    await expect(field).toHaveValue(starts);
    await expect(page.locator('.hint').filter({ hasText: 'n”' })).toHaveCount(starts === '' ? 1 : 0);
    await page.keyboard.type('i');
    await expect(field).toHaveValue(`${starts}i`);
    await context.close();
  });
}
