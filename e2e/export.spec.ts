import { readFile } from 'node:fs/promises';
import type { APIResponse, Browser, BrowserContext, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { ready } from './manuscript.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAADAAAAAYCAIAAAAzn+mLAAAALElEQVR42u3OAQkAAAgDsDcyiJUMbw3BwQIs1XNKhISEhISEhISEhISEfoUWj/RTPUeFp/kAAAAASUVORK5CYII=';
const text = (value: string, ...marks: object[]) => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 && { marks }),
});
const paragraph = (style: string, ...content: object[]) => ({
  type: 'paragraph',
  ...(style !== 'body' && { attrs: { style } }),
  content,
});
const cell = (type: string, value: string) => ({ type, content: [paragraph('body', text(value))] });

const CONTENT = {
  type: 'doc',
  content: [
    paragraph('title', text('青岚县：兴水利惠民生 强产业促振兴')),
    paragraph('body', text('全县落实《水网建设规划》，新建2168个供水点，见'), {
      ...text('原文', { type: 'link', attrs: { href: 'https://example.com/a' } }),
    }),
    paragraph('body', text('强统筹，夯实基础。', { type: 'runIn' }), text('总投资18.6亿元。')),
    paragraph('heading1', text('二、成效')),
    paragraph('bullet', text('建成水厂7座')),
    {
      type: 'table',
      content: [
        { type: 'tableRow', content: [cell('tableHeader', '项目'), cell('tableHeader', '数量')] },
        { type: 'tableRow', content: [cell('tableCell', '水厂'), cell('tableCell', '7座')] },
      ],
    },
    { type: 'picture', attrs: { id: 'reservoir', alt: '水面', caption: '青岚水库' } },
    paragraph('signature', text('青岚县水利局')),
  ],
};

/** A report of the writer's with every kind of block; answers its id. */
async function newReport(context: BrowserContext, url: string, content: object = CONTENT): Promise<string> {
  const headers = { origin: url };
  const title = '青岚县：兴水利惠民生 强产业促振兴';
  const created = await context.request.post(`${url}/api/reports`, { data: { title }, headers });
  expect(created.status(), await created.text()).toBe(201);
  const { id } = (await created.json()) as { id: string };
  const pictures = { reservoir: { type: 'image/png', base64: PNG } };
  const put = await context.request.put(`${url}/api/reports/${id}/content`, {
    data: { schema: 1, title, content, pictures },
    headers,
  });
  expect(put.ok(), await put.text()).toBe(true);
  return id;
}

/** Opens a downloaded file as a reader does: in a browser without network, which lists what it asks for. */
async function openAlone(browser: Browser, html: string): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.route('https://reader.example/article.html', (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
  );
  await page.goto('https://reader.example/article.html');
  return { page, asked: asked.filter((url) => !url.startsWith('data:')) };
}

function expectSafeHeaders(response: APIResponse): void {
  const headers = response.headers();
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['content-security-policy']).toContain('sandbox');
}

test('a report leaves as an article that opens alone, asks nothing of the network and is accessible', async ({
  browser,
  browserOf,
  cast,
  server,
}) => {
  const context = await browserOf(cast.writer);
  const id = await newReport(context, server.url);
  const response = await context.request.get(`${server.url}/api/reports/${id}/export?format=html`);
  expectSafeHeaders(response);
  expect(response.headers()['content-disposition']).toContain(
    `filename*=UTF-8''${encodeURIComponent('青岚县：兴水利惠民生 强产业促振兴.html')}`,
  );
  const { page, asked } = await openAlone(browser, await response.text());
  expect(asked).toEqual(['https://reader.example/article.html']);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('青岚县：兴水利惠民生 强产业促振兴');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['强统筹，夯实基础。', '二、成效']);
  await expect(page.getByText(/^共\d+字，预计阅读时长1分钟$/)).toBeVisible();
  await expect(page.getByRole('img', { name: '水面' })).toHaveJSProperty('naturalWidth', 48);
  await expect(page.getByRole('cell', { name: '7座' })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.context().close();
});

test('a page of the printed article holds 22 lines of 28 characters', async ({
  browser,
  browserOf,
  cast,
  server,
}) => {
  const context = await browserOf(cast.writer);
  const body = paragraph('body', text('水'.repeat(28 * 10)));
  const id = await newReport(context, server.url, { type: 'doc', content: [body] });
  const response = await context.request.get(`${server.url}/api/reports/${id}/export?format=html`);
  const { page } = await openAlone(browser, await response.text());
  await page.emulateMedia({ media: 'print' });
  // The type area of A4 between the margins of the style sheet: 156 mm wide, 225 mm high.
  const MM = 96 / 25.4;
  const margins = await page.evaluate(() => {
    for (const sheet of document.styleSheets) {
      for (const rule of sheet.cssRules) {
        if (rule instanceof CSSPageRule && rule.selectorText === '') return rule.style.margin;
      }
    }
    return '';
  });
  expect(margins).toBe('37mm 26mm 35mm 28mm');
  await page.addStyleTag({ content: `body{width:${156 * MM}px}` });
  const lines = await page.evaluate(() => {
    const node = document.querySelector('article > p')?.firstChild;
    if (!node?.textContent) throw new Error('no paragraph');
    const tops: number[] = [];
    const counts: number[] = [];
    for (let index = 0; index < node.textContent.length; index += 1) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + 1);
      const { top } = range.getBoundingClientRect();
      if (top !== tops.at(-1)) {
        tops.push(top);
        counts.push(0);
      }
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    }
    return { counts, height: ((tops.at(-1) ?? 0) - (tops[0] ?? 0)) / (tops.length - 1) };
  });
  // The first line is indented by two characters.
  expect(lines.counts.slice(0, -1)).toEqual([
    26,
    ...Array.from({ length: lines.counts.length - 2 }, () => 28),
  ]);
  expect(Math.floor((225 * MM) / lines.height)).toBe(22);
  await page.context().close();
});

test('the PDF that the browser prints is of A4 pages, one for each 22 lines', async ({
  browser,
  browserOf,
  cast,
  server,
}) => {
  const context = await browserOf(cast.writer);
  // Three lines of title and byline, 63 of text: three pages, full to the last line.
  const body = paragraph('body', text('水'.repeat(26 + 28 * 61)));
  const content = (more: object[]) => ({
    type: 'doc',
    content: [paragraph('title', text('标题')), body, ...more],
  });
  const pagesOf = async (more: object[]) => {
    const id = await newReport(context, server.url, content(more));
    const response = await context.request.get(`${server.url}/api/reports/${id}/export?format=html`);
    const { page } = await openAlone(browser, await response.text());
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    await page.context().close();
    const boxes = [...pdf.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)];
    for (const [, width, height] of boxes) {
      expect(Math.abs(Number(width) - 595.3)).toBeLessThan(1);
      expect(Math.abs(Number(height) - 841.9)).toBeLessThan(1);
    }
    return boxes.length;
  };
  expect(await pagesOf([])).toBe(3);
  expect(await pagesOf([paragraph('body', text('末')), paragraph('body', text('行'))])).toBe(4);
});

test('every format leaves over HTTP; an unknown one, and a report one may not see, are refused', async ({
  browserOf,
  cast,
  server,
}) => {
  const context = await browserOf(cast.writer);
  const id = await newReport(context, server.url);
  const get = (path: string, by = context) => by.request.get(`${server.url}/api/reports/${path}`);
  const types = {
    html: 'text/html',
    wechat: 'text/html',
    fragment: 'text/html',
    text: 'text/plain',
    markdown: 'text/markdown',
    json: 'application/json',
  };
  for (const [format, type] of Object.entries(types)) {
    const response = await get(`${id}/export?format=${format}`);
    expect(response.status()).toBe(200);
    expect(response.headers()['content-type']).toBe(`${type}; charset=utf-8`);
    expectSafeHeaders(response);
    expect(await response.text()).toContain('夯实基础');
  }
  const word = await get(`${id}/export?format=docx`);
  expectSafeHeaders(word);
  expect(word.headers()['content-type']).toContain('wordprocessingml');
  expect(word.headers()['content-disposition']).toContain('.docx');
  expect((await word.body()).subarray(0, 2).toString()).toBe('PK');
  // For everyone: nobody is signed in here.
  const schema = await fetch(`${server.url}/api/schema/report.json`);
  expect(schema.headers.get('content-type')).toBe('application/schema+json');
  expect(((await schema.json()) as { title: string }).title).toBe('Huigao report');
  const preview = await get(`${id}/export?format=text&preview=1`);
  expect(preview.headers()['content-disposition']).toMatch(/^inline;/);
  expect((await get(`${id}/export?format=exe`)).status()).toBe(400);
  expect((await get('nowhere/export?format=html')).status()).toBe(404);
  const stranger = await browserOf(cast.otherWriter);
  expect((await get(`${id}/export?format=html`, stranger)).status()).toBe(404);
});

test('our JSON goes out and comes in again as the same report', async ({ browserOf, cast, server }) => {
  const context = await browserOf(cast.writer);
  const id = await newReport(context, server.url);
  const json = async (report: string) => {
    const response = await context.request.get(`${server.url}/api/reports/${report}/export?format=json`);
    return (await response.json()) as { content: unknown; pictures: Record<string, unknown> };
  };
  const first = await json(id);
  const copy = await newReport(context, server.url);
  const put = await context.request.put(`${server.url}/api/reports/${copy}/content`, {
    data: first,
    headers: { origin: server.url },
  });
  expect(put.ok(), await put.text()).toBe(true);
  const second = await json(copy);
  // Another report's pictures have ids of their own; all else is the same.
  const [from] = Object.keys(first.pictures);
  const [to] = Object.keys(second.pictures);
  expect(from && to && JSON.stringify(second).replaceAll(to, from)).toBe(JSON.stringify(first));
});

test('the dialog previews, copies and downloads what the server exports, by keyboard and on a phone', async ({
  browserOf,
  cast,
  server,
}) => {
  const context = await browserOf(cast.writer);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const id = await newReport(context, server.url);
  const exported = async (format: string) => {
    const response = await context.request.get(`${server.url}/api/reports/${id}/export?format=${format}`);
    return response.text();
  };
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  await page.getByRole('button', { name: '导出', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: '导出稿件' });
  await expect(dialog.getByRole('tab', { name: '网页', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  const preview = page.frameLocator('iframe[title="网页预览"]');
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('青岚县：兴水利惠民生 强产业促振兴');
  await expect(preview.getByRole('img', { name: '水面' })).toBeVisible();
  await expectAccessible(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: '下载' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('青岚县：兴水利惠民生 强产业促振兴.html');
  expect(await readFile(await download.path(), 'utf8')).toBe(await exported('html'));

  await dialog.getByRole('button', { name: '复制（带格式）' }).click();
  const said = page.getByRole('listitem').filter({ hasText: '已复制到剪贴板' });
  await expect(said).toBeVisible();
  const copied = () =>
    page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const read = async (type: string) => (await item?.getType(type))?.text() ?? '';
      return { html: await read('text/html'), text: await read('text/plain') };
    });
  const article = await copied();
  expect(article.html).toContain('<h1>');
  expect(article.text).toBe(await exported('text'));

  // So that the next one is the next copy's: a clipboard that is read while it is written cannot be.
  await said.getByRole('button', { name: '关闭' }).click();
  await expect(said).toBeHidden();
  await dialog.getByRole('tab', { name: '微信公众号' }).click();
  await expect(page.frameLocator('iframe[title="微信公众号预览"]').getByText('二、成效')).toBeVisible();
  await dialog.getByRole('button', { name: '复制（带格式）' }).click();
  await expect(said).toBeVisible();
  expect((await copied()).html).toMatch(/<section style="[^"]*font-size: ?16px/);

  await dialog.getByRole('tab', { name: 'Word' }).click();
  await expect(page.frameLocator('iframe[title="Word预览"]').getByText('二、成效')).toBeVisible();
  const [word] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: '下载' }).click(),
  ]);
  expect(word.suggestedFilename()).toBe('青岚县：兴水利惠民生 强产业促振兴.docx');
  const sent = await context.request.get(`${server.url}/api/reports/${id}/export?format=docx`);
  expect((await readFile(await word.path())).equals(await sent.body())).toBe(true);
  await expect(dialog.getByRole('link', { name: 'Excel' })).toHaveAttribute('href', /format=xlsx$/);

  await dialog.getByRole('tab', { name: '网页', exact: true }).focus();
  for (const _ of ['wechat', 'docx', 'fragment', 'text', 'markdown']) await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('region', { name: 'Markdown预览' })).toContainText('**强统筹，夯实基础**。');
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(dialog.getByRole('button', { name: '下载' })).toBeInViewport();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
