/** The reading site: what was published, as readers meet it. */
import { DOMParser } from '@xmldom/xmldom';
import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import { HtmlValidate } from 'html-validate';
import { expect, expectAccessible, test as base } from './fixtures.ts';

const text = (value: string, ...marks: object[]) => ({ type: 'text', text: value, marks });
const paragraph = (style: string, ...content: object[]) => ({ type: 'paragraph', attrs: { style }, content });
const cell = (type: string, value: string) => ({ type, content: [paragraph('body', text(value))] });
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAADAAAAAYCAIAAAAzn+mLAAAALElEQVR42u3OAQkAAAgDsDcyiJUMbw3BwQIs1XNKhISEhISEhISEhISEfoUWj/RTPUeFp/kAAAAASUVORK5CYII=';
const PICTURE = { reservoir: { type: 'image/png', base64: PNG } };

interface Press {
  /** Publishes a report as an article of this day; again, as its next revision. */
  publish(title: string, date: string, blocks: object[]): Promise<{ id: string; number: number }>;
  revise(id: string, blocks: object[], more?: object): Promise<void>;
  withdraw(number: number, note: string): Promise<void>;
  open(audience: 'public' | 'members'): Promise<void>;
}

const test = base.extend<{ press: Press; reader: BrowserContext }>({
  /** Somebody without an account. */
  reader: async ({ browser }, use) => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    await use(context);
    await context.close();
  },
  press: async ({ browserOf, cast, server }, use) => {
    const headers = { origin: server.url };
    const writer = (await browserOf(cast.writer)).request;
    const publisher = (await browserOf(cast.publisher)).request;
    const admin = (await browserOf(cast.admin)).request;
    const send = async (by: APIRequestContext, method: string, path: string, data?: object) => {
      const response = await by.fetch(server.url + path, { method, headers, data });
      expect(response.ok(), await response.text()).toBe(true);
      return response.status() === 204 ? null : response.json();
    };
    const write = (id: string, title: string, blocks: object[]) =>
      send(writer, 'PUT', `/api/reports/${id}/content`, {
        schema: 1,
        title,
        content: { type: 'doc', content: [paragraph('title', text(title)), ...blocks] },
        pictures: blocks.some((block) => 'type' in block && block.type === 'picture') ? PICTURE : {},
      });
    const publish = async (id: string, date: string, more: object = {}) => {
      const { seen } = await send(publisher, 'GET', `/api/reports/${id}/checklist`);
      const command = { key: crypto.randomUUID(), seen, byline: '周编辑', date, reason: '已核对', ...more };
      return send(publisher, 'POST', `/api/reports/${id}/publish`, command);
    };
    const titles = new Map<string, { title: string; date: string }>();
    await use({
      async publish(title, date, blocks) {
        const { id } = await send(writer, 'POST', '/api/reports', { title });
        await write(id, title, blocks);
        await send(writer, 'PATCH', `/api/reports/${id}`, { status: 'ready' });
        titles.set(id, { title, date });
        return { id, number: (await publish(id, date)).number };
      },
      async revise(id, blocks, more = {}) {
        const { title = '', date = '' } = titles.get(id) ?? {};
        await write(id, title, blocks);
        await publish(id, date, more);
      },
      async withdraw(number, note) {
        await send(publisher, 'POST', `/api/publications/${number}/withdraw`, { note });
      },
      async open(audience) {
        const site = { siteName: '岚亭文库', slogan: '以文载实', footer: '宣传部主办', audience };
        const saved = await admin.post(`${server.url}/admin/settings?/site`, { form: site, headers });
        expect(saved.ok(), await saved.text()).toBe(true);
      },
    });
  },
});

const BLOCKS = [
  paragraph('body', text('全县落实《水网建设规划》，新建2168个供水点。')),
  paragraph('body', text('强统筹，夯实基础。', { type: 'runIn' }), text('总投资18.6亿元。')),
  {
    type: 'table',
    content: [
      { type: 'tableRow', content: [cell('tableHeader', '项目'), cell('tableHeader', '数量')] },
      { type: 'tableRow', content: [cell('tableCell', '水厂'), cell('tableCell', '7座')] },
    ],
  },
  { type: 'picture', attrs: { id: 'reservoir', alt: '水面', caption: '青岚水库' } },
];

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // A run-in heading stands inside its paragraph, which no native element may.
    'prefer-native-element': ['error', { exclude: ['heading'] }],
    'no-inline-style': 'off',
    'require-sri': ['error', { target: 'crossorigin' }],
    'long-title': 'off',
    // How the framework writes its tags.
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'doctype-style': 'off',
    'attribute-empty-style': 'off',
  },
});

async function expectValid(html: string): Promise<void> {
  const { results } = await validator.validateString(html);
  const faults = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
  );
  expect(faults).toEqual([]);
}

/** Throws for what is not well-formed. */
const locations = (xml: string, name: string) =>
  [...new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName(name)].map(
    (one) => one.textContent,
  );

async function expectFits(page: Page): Promise<void> {
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}

test('a reader finds an article, reads it, makes it larger and keeps it, and nobody is told', async ({
  press,
  reader,
  server,
}) => {
  await press.open('public');
  await press.publish('岚亭县：建机制 强基层', '2023-11-02', [paragraph('body', text('健康服务。'))]);
  const { number } = await press.publish('青岚县：兴水利惠民生 强产业促振兴', '2023-12-08', BLOCKS);
  const page = await reader.newPage();
  const scripts: string[] = [];
  const hosts = new Set<string>();
  page.on('request', (request) => {
    hosts.add(new URL(request.url()).host);
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  await page.goto(`${server.url}/articles`);
  await expect(page).toHaveTitle('岚亭文库');
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole('searchbox', { name: '搜索文章' }).fill('供水');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('“供水”');
  await expect(page.getByRole('main').getByRole('listitem').getByRole('heading')).toHaveCount(1);
  await page.getByRole('link', { name: '青岚县' }).click();
  await expect(page).toHaveURL(`${server.url}/articles/${number}`);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('青岚县：兴水利惠民生 强产业促振兴');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('强统筹，夯实基础。');
  await expect(page.getByText(/^共\d+字，预计阅读时长1分钟$/)).toBeVisible();
  await expect(page.getByRole('img', { name: '水面' })).toHaveJSProperty('naturalWidth', 48);
  await expect(page.getByRole('img', { name: '二维码' })).toBeVisible();
  await expect(page.getByRole('link', { name: '上一篇' })).toContainText('岚亭县：建机制 强基层');
  await expectAccessible(page);
  await expectFits(page);

  const size = () => page.getByRole('article').evaluate((article) => getComputedStyle(article).fontSize);
  expect(await size()).toBe('19px');
  await page.getByRole('radio', { name: '特大' }).check({ force: true });
  expect(await size()).toBe('26px');
  await page.getByRole('button', { name: '加入收藏' }).click();
  await page.reload();
  expect(await size()).toBe('26px');
  await expect(page.getByRole('radio', { name: '特大' })).toBeChecked();
  await expect(page.getByRole('button', { name: '已收藏', pressed: true })).toBeVisible();
  await page.getByRole('link', { name: '我的收藏' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveText(/青岚县：兴水利惠民生/);
  await page.getByRole('main').getByRole('link', { name: '青岚县' }).click();
  await page.getByRole('button', { name: '已收藏' }).click();
  await expect(page.getByRole('button', { name: '加入收藏', pressed: false })).toBeVisible();
  expect(new Set(scripts)).toEqual(new Set(['/reading.js']));
  expect([...hosts]).toEqual([new URL(server.url).host]);
  expect(await reader.cookies()).toEqual([]);
});

test('without scripts a member finds, reads and keeps articles as well, and comes back to the workspace', async ({
  browser,
  browserOf,
  cast,
  press,
  server,
}) => {
  await press.open('members');
  const { number } = await press.publish('春耕备耕 稳粮增产', '2024-03-01', [
    paragraph('body', text('春耕。')),
  ]);
  const storageState = await (await browserOf(cast.reviewer)).storageState();
  const context = await browser.newContext({ storageState, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/articles`);
  await page.getByRole('link', { name: '2024年3月' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2024年3月');
  await page.getByRole('main').getByRole('link', { name: '春耕备耕' }).click();
  await page.getByRole('button', { name: '加入收藏' }).click();
  await expect(page.getByRole('button', { name: '已收藏', pressed: true })).toBeVisible();
  await page.getByRole('link', { name: '我的收藏' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveText(/春耕备耕 稳粮增产/);
  const request = context.request;
  const headers = { origin: server.url };
  const numbers = async () => {
    const { favourites } = await (await request.get(`${server.url}/api/favourites`)).json();
    return favourites.map((one: { number: number }) => one.number);
  };
  expect(await numbers()).toEqual([number]);
  expect((await request.delete(`${server.url}/api/favourites/${number}`, { headers })).status()).toBe(204);
  expect(await numbers()).toEqual([]);
  expect((await request.put(`${server.url}/api/favourites/${number}`, { headers })).status()).toBe(204);
  expect((await request.put(`${server.url}/api/favourites/1`, { headers })).status()).toBe(404);
  await page.getByRole('link', { name: '返回工作区' }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await context.close();
});

test('a publisher takes an article from readers where they read it, though its report is in the trash', async ({
  browser,
  browserOf,
  cast,
  press,
  server,
}) => {
  await press.open('members');
  const { id, number } = await press.publish('秋收秋种 颗粒归仓', '2024-10-08', [
    paragraph('body', text('秋收。')),
  ]);
  const headers = { origin: server.url };
  const writer = (await browserOf(cast.writer)).request;
  expect((await writer.delete(`${server.url}/api/reports/${id}`, { headers })).status()).toBe(204);
  const path = `${server.url}/articles/${number}`;
  expect(await (await writer.get(path)).text()).not.toContain('撤回文章');
  const forged = await writer.post(`${path}?/withdraw`, { form: { note: '撤回' }, headers });
  expect(forged.status()).toBe(403);

  const storageState = await (await browserOf(cast.publisher)).storageState();
  const context = await browser.newContext({ storageState, locale: 'zh-CN', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(path);
  await page.getByText('撤回文章…').click();
  await expectFits(page);
  await page.getByLabel('撤回说明').fill('面积有误，核对后再发');
  await page.getByRole('button', { name: '确认撤回' }).click();
  await expect(page.getByText('面积有误，核对后再发')).toBeVisible();
  await expect(page.getByText(/日，文章已撤回$/)).toBeVisible();
  expect((await writer.get(path)).status()).toBe(410);
  await context.close();
});

test('every door of the site asks who comes unless it is public, and shows what is published only', async ({
  browserOf,
  cast,
  newReport,
  press,
  reader,
  server,
}) => {
  await newReport('尚未发布的稿件', [paragraph('body', text('内部内容'))]);
  const { id, number } = await press.publish('兴水利', '2022-05-06', BLOCKS);
  const get = (path: string, headers = {}) =>
    reader.request.get(server.url + path, { headers, maxRedirects: 0 });
  const pages = ['/articles', '/articles?q=水利', `/articles/${number}`, '/articles/favourites'];
  const files = [
    '/articles/feed.xml',
    '/sitemap.xml',
    `/articles/${number}/files/html`,
    `/articles/${number}/pictures/1-1`,
  ];
  await press.open('public');
  for (const path of [...pages, ...files]) {
    const response = await get(path);
    expect(response.status(), path).toBe(200);
    expect(response.headers()['cache-control'], path).toMatch(/^public/);
    const body = await response.text();
    expect(body).not.toMatch(/尚未发布的稿件|内部内容/);
    if (pages.includes(path)) await expectValid(body);
  }
  const feed = await (await get('/articles/feed.xml')).text();
  const sitemap = await (await get('/sitemap.xml')).text();
  expect(locations(feed, 'id')).toContain(`${server.url}/articles/${number}`);
  expect(locations(sitemap, 'loc')).toContain(`${server.url}/articles/${number}`);
  expect(await (await get('/robots.txt')).text()).toContain(`Sitemap: ${server.url}/sitemap.xml`);

  // What is kept for everybody is not what somebody gets who is signed in, nor the other way round.
  const member = await (await browserOf(cast.reviewer)).request.get(`${server.url}/articles/${number}`);
  expect(member.headers()['cache-control']).toBe('private, no-cache');
  expect(await member.text()).toContain('返回工作区');
  expect(await (await get(`/articles/${number}`)).text()).not.toContain('返回工作区');

  // What is kept is told apart by its bytes, and forgotten with the next revision.
  const before = await get(`/articles/${number}`);
  const { etag = '' } = before.headers();
  expect((await get(`/articles/${number}`, { 'if-none-match': etag })).status()).toBe(304);
  expect(await before.text()).not.toContain('更正于');
  await press.revise(id, [paragraph('body', text('新建2186个供水点。'))], {
    correction: '供水点数原误为2168个',
  });
  const after = await get(`/articles/${number}`, { 'if-none-match': etag });
  expect(after.status()).toBe(200);
  expect(await after.text()).toMatch(/更正于.*供水点数原误为2168个.*新建<data[^>]*>2186个/s);
  expect((await get(`/articles/${number}/pictures/1-1`)).status()).toBe(404);
  const english = await get(`/articles/${number}`, { 'accept-language': 'en' });
  expect(await english.text()).toContain('Add to favourites');

  await press.open('members');
  for (const path of pages) {
    const response = await get(path, { 'if-none-match': etag });
    expect(response.status(), path).toBe(303);
    expect(response.headers()['location']).toBe(`/sign-in?to=${encodeURIComponent(encodeURI(path))}`);
  }
  for (const path of files) expect((await get(path)).status(), path).toBe(401);
  expect(await (await get('/articles/__data.json')).text()).toContain('"type":"redirect"');
  expect(await (await get('/robots.txt')).text()).toBe('User-agent: *\nDisallow: /\n');

  await press.open('public');
  expect((await get(`/articles/${number}`)).status()).toBe(200);
  await press.withdraw(number, '数据有误，已撤回');
  const gone = await get(`/articles/${number}`);
  expect(gone.status()).toBe(410);
  const html = await gone.text();
  expect(html).toContain('数据有误，已撤回');
  expect(html).not.toContain('供水点');
  await expectValid(html);
  for (const path of files.slice(2)) expect((await get(path)).status(), path).toBe(404);
  expect(await (await get('/sitemap.xml')).text()).not.toContain(String(number));
  expect((await get('/articles/999999')).status()).toBe(404);
});
