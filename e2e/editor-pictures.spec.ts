import { png } from '../server/pictures/testing.ts';
import { expect, paragraph, test, type Writer } from './writing.ts';

const picture = (seed: number) => ({ type: 'image/png', base64: png({ seed }).toString('base64') });

/** The blocks without the pictures' ids. */
const outline = (writer: Writer) =>
  writer.blocks().then((all) => all.map((one) => one.replace(/^(picture:) \S+/, '$1')));

/** The bytes of the first picture on the paper, as the server gives them. */
async function bytesOf(writer: Writer, index = 0): Promise<string> {
  const src = await writer.paper.locator('figure img').nth(index).getAttribute('src');
  const response = await writer.page.request.get(new URL(src ?? '', writer.page.url()).href);
  expect(response.status()).toBe(200);
  return (await response.body()).toString('base64');
}

test('text copied from another report brings its pictures, as uploads of this report', async ({ both }) => {
  const from = await both([paragraph('甲县'), paragraph('乙县')]);
  await from.writer.caretAt(0, 1);
  await from.writer.paste({ pictures: [picture(1)] });
  await expect(from.writer.line(1)).toHaveClass(/picture/);
  await from.writer.line(1).getByLabel('图片说明').fill('图1 渠首');
  await from.writer.line(0).click();
  await from.writer.page.keyboard.press('Control+a');
  const copied = await from.writer.copied();

  const to = await both([paragraph('另一篇')]);
  await to.writer.caretAt(0, 3);
  await to.writer.paste(copied);
  await expect
    .poll(() => outline(to.writer))
    .toEqual(['body: 另一篇', 'body: 甲县', 'picture: 图1 渠首', 'body: 乙县']);
  await expect(to.writer.paper.locator('figure img')).toHaveAttribute(
    'src',
    new RegExp(`^/api/reports/${to.reportId}/pictures/`),
  );
  expect(await bytesOf(to.writer)).toBe(await bytesOf(from.writer));
  await expect.poll(async () => (await to.join()).block(2).getAttribute('caption')).toBe('图1 渠首');
});

test('dragging a picture in from another report copies it; inside one report it keeps its id', async ({
  both,
}) => {
  const from = await both([paragraph('甲县')]);
  await from.writer.caretAt(0, 2);
  await from.writer.paste({ pictures: [picture(2)] });
  await expect(from.writer.line(1)).toHaveClass(/picture/);
  const id = await from.writer.blocks().then((all) => all[1]);
  await from.writer.line(1).locator('img').click();
  const dragged = await from.writer.copied();
  await from.writer.drop(dragged, 0);
  await expect
    .poll(() => from.writer.blocks().then((all) => all.filter((one) => one === id)))
    .toHaveLength(2);

  const to = await both([paragraph('一'), paragraph('二')]);
  await to.writer.drop(dragged, 1);
  await expect
    .poll(() => outline(to.writer).then((all) => all.toSorted()))
    .toEqual(['body: 一', 'body: 二', 'picture:']);
  expect(await bytesOf(to.writer)).toBe(await bytesOf(from.writer));
});

test('a picture of a report that one may not read is not copied, and that is said', async ({
  both,
  browserOf,
  cast,
  server,
}) => {
  const { request } = await browserOf(cast.admin);
  const headers = { origin: server.url };
  const created = await request.post(`${server.url}/api/reports`, { data: { title: '内部' }, headers });
  const { id: secret } = (await created.json()) as { id: string };
  const uploaded = await request.post(`${server.url}/api/reports/${secret}/pictures`, {
    data: png({ seed: 3 }),
    headers: { ...headers, 'content-type': 'image/png' },
  });
  const { id } = (await uploaded.json()) as { id: string };
  const { writer } = await both([paragraph('公开')]);
  await writer.caretAt(0, 2);
  await writer.paste({
    html: `<p>文字</p><img data-picture="${id}" src="/api/reports/${secret}/pictures/${id}" alt=""><p>之后</p>`,
  });
  await expect(writer.page.getByText('有一张图片没有从另一篇稿件复制过来')).toBeVisible();
  expect(await writer.blocks()).toEqual(['body: 公开文字', 'body: 之后']);
  await expect(writer.paper.locator('.uploading')).toHaveCount(0);
});

test('pictures inside pasted text are uploaded at their places: data addresses, and files beside the text', async ({
  both,
}) => {
  const { writer, colleague } = await both([paragraph('')]);
  await writer.caretAt(0, 0);
  const inText = picture(4);
  await writer.paste({
    html: `<p>一</p><p><img alt="水库" src="data:image/png;base64,${inText.base64}"></p><p>二</p>
<p><img src="file:///C:/Users/x/clip_image002.png"></p><table><tr><td>格</td><td><img src="file:///C:/Users/x/clip_image004.png">下</td></tr></table>`,
    pictures: [picture(5), picture(6)],
  });
  await expect(writer.paper.locator('figure.picture img[src^="/api/"]')).toHaveCount(3);
  await expect
    .poll(() => outline(writer))
    .toEqual([
      'body: 一',
      'picture:',
      'body: 二',
      'picture:',
      expect.stringMatching(/^table: 格 \| picture: \S+¶下$/),
    ]);
  const shown = [];
  for (const index of [0, 1, 2]) shown.push(await bytesOf(writer, index));
  expect(shown).toEqual([4, 5, 6].map((seed) => picture(seed).base64));
  expect(colleague.block(1).getAttribute('alt')).toBe('水库');
});

test('what is no picture, or cannot be had, is left out and counted, whatever files lie beside it', async ({
  both,
}) => {
  const { writer } = await both([paragraph('')]);
  await writer.caretAt(0, 0);
  await writer.paste({
    html: `<p>一<img src="data:image/svg+xml;base64,PHN2Zy8+"><img src="file:///C:/x.png"><img src="data:image/png;base64,@@"></p>`,
    pictures: [picture(7)],
  });
  await expect(writer.page.getByText('有 3 张图片没有粘贴进来')).toBeVisible();
  expect(await writer.blocks()).toEqual(['body: 一']);
});

test('dropped picture files are uploaded and stand, in order, after the block they were dropped on', async ({
  both,
}) => {
  const { writer, join } = await both([paragraph('前文'), paragraph('后文')]);
  // The first takes longest.
  let first: (() => void) | undefined;
  await writer.page.route('**/pictures', async (route) => {
    if (first) return route.continue();
    await new Promise<void>((resolve) => (first = resolve));
    await route.continue();
  });
  await writer.drop({ pictures: [picture(8), picture(9)] }, 0);
  await expect(writer.paper.locator('figure.picture')).toHaveCount(1);
  await expect(writer.paper.getByRole('status')).toHaveCount(1);
  first?.();
  await expect.poll(() => outline(writer)).toEqual(['body: 前文', 'picture:', 'picture:', 'body: 后文']);
  expect([await bytesOf(writer, 0), await bytesOf(writer, 1)]).toEqual([
    picture(8).base64,
    picture(9).base64,
  ]);
  await expect.poll(async () => (await join()).lines()).toEqual(['前文', '', '', '后文']);
});

test('a dropped document is not opened in place of the report, and it is said where documents go', async ({
  both,
}) => {
  const { writer } = await both([paragraph('甲')]);
  await writer.drop({ pictures: [{ type: 'application/msword', base64: '0M8R4A==' }] }, 0);
  await expect(writer.page.getByText(/文档请在稿件列表点“导入”/).first()).toBeVisible();
  expect(await writer.blocks()).toEqual(['body: 甲']);
});
