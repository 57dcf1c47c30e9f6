/** Figures and terms of the whole workspace: what waits for a department, what contradicts what, and how terms are written. */
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import type { APIRequestContext } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { body, title } from './manuscript.ts';

/** The state vector of an empty document: a command that speaks of no text in particular. */
const NOTHING = 'AA==';
let keys = 0;
const key = () => `figures-spec-${++keys}`;

interface Registered {
  id: string;
  surface: string;
  valueKey: string;
  state: string;
  department: string | null;
}

function register(request: APIRequestContext, url: string, id: string) {
  const path = `${url}/api/reports/${id}`;
  const headers = { origin: url };
  return {
    all: async (): Promise<string[]> => {
      const data = { key: key(), stateVector: NOTHING, all: true };
      const response = await request.post(`${path}/figures`, { data, headers });
      expect(response.status(), await response.text()).toBe(201);
      return ((await response.json()) as { ids: string[] }).ids;
    },
    list: async () => {
      const response = await request.get(`${path}/figures`);
      expect(response.ok(), await response.text()).toBe(true);
      return (await response.json()) as {
        figures: Registered[];
        people: { departments: Record<string, { name: string }> };
      };
    },
    send: (method: string, below: string, data: unknown) =>
      request.fetch(`${path}${below}`, { method, data, headers }),
  };
}

/** The texts of a workbook's sheet. */
function sheetOf(bytes: Buffer): string {
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const [packed, name] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
    const begin = at + 30 + name;
    if (bytes.subarray(at + 30, begin).toString() === 'xl/worksheets/sheet1.xml')
      return inflateRawSync(bytes.subarray(begin, begin + packed)).toString();
    at = begin + packed;
  }
  throw new Error('no sheet');
}

test('a department finds its figures, those that contradict another report first, and verifies them', async ({
  newReport,
  open,
  browserOf,
  cast,
  server,
}) => {
  const name = `数据${Date.now()}`;
  const id = await newReport(`${name}甲`, [
    title(`${name}甲`),
    body('全县17个乡镇实现全覆盖。'),
    body('2023年完成投资6.85亿元，新建水库12座。'),
  ]);
  const other = await newReport(`${name}乙`, [title(`${name}乙`), body('全县18个乡镇实现全覆盖。')]);
  const { request } = await browserOf(cast.writer);
  const first = register(request, server.url, id);
  await register(request, server.url, other).all();
  await first.all();
  const { figures, people } = await first.list();
  expect(figures.map(({ surface }) => surface)).toEqual(expect.arrayContaining(['17个', '6.85亿元', '12座']));
  const [reviewing] = Object.entries(people.departments).flatMap(([department, one]) =>
    one.name === cast.reviewer.department ? [department] : [],
  );
  const given = await first.send('PATCH', '/figures', {
    key: key(),
    ids: figures.map((one) => one.id),
    department: reviewing,
  });
  expect(given.ok(), await given.text()).toBe(true);

  // The index follows the registers within half a second.
  const { request: asked } = await browserOf(cast.reviewer);
  await expect
    .poll(async () => {
      const response = await asked.get(`${server.url}/api/figures?scope=todo&department=${reviewing}`);
      const { figures: waiting } = (await response.json()) as { figures: { report: { id: string } }[] };
      return waiting.filter(({ report }) => report.id === id).length;
    })
    .toBe(3);
  const page = await open(cast.reviewer, '/figures?scope=todo');
  await expect(page.getByRole('link', { name: '本部门待办' })).toHaveAttribute('aria-current', 'page');
  const rows = page.getByRole('main').locator('ul.list > li');
  await expect(rows.filter({ hasText: `${name}甲` })).toHaveCount(3);
  await expect(rows.first()).toContainText(`与《${name}乙》中的“18个”不一致`);
  await expectAccessible(page);
  await page.getByLabel('对象、数据或所在部分').fill('水库');
  await page.getByRole('button', { name: '查找' }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('待核实');
  await expect(rows.getByRole('link', { name: '12座' })).toHaveAttribute(
    'href',
    `/reports/${id}#figure=${figures.find(({ surface }) => surface === '12座')?.id}`,
  );

  // A number that was verified, and changes afterwards.
  const reviewer = register(asked, server.url, id);
  const figure = figures.find(({ surface }) => surface === '12座');
  const verified = await reviewer.send('POST', `/figures/${figure?.id}/verify`, {
    valueKey: figure?.valueKey,
  });
  expect(await verified.json()).toMatchObject({ state: 'verified', department: reviewing });
  const put = await first.send('PUT', '/content', {
    schema: 1,
    title: `${name}甲`,
    content: {
      type: 'doc',
      content: [
        title(`${name}甲`),
        body('全县17个乡镇实现全覆盖。'),
        body('2023年完成投资6.85亿元，新建水库13座。'),
      ],
    },
    pictures: {},
  });
  expect(put.ok(), await put.text()).toBe(true);
  await expect
    .poll(async () => (await first.list()).figures.map(({ surface, state }) => `${surface} ${state}`))
    .toContain('13座 stale');
  const again = await reviewer.send('POST', `/figures/${figure?.id}/verify`, { valueKey: figure?.valueKey });
  expect([again.status(), await again.json()]).toMatchObject([409, { error: { detail: 'valueKey' } }]);
  await expect(async () => {
    await page.reload();
    await expect(rows).toContainText('核实后有改动');
  }).toPass();
  await page.goto(`${server.url}/notifications`);
  await expect(page.getByText(`改动了《${name}甲》中您的部门已核实的数据`)).toBeVisible();

  const csv = await request.get(`${server.url}/api/reports/${id}/figures?format=csv`);
  const [head, ...lines] = (await csv.text()).split('\r\n');
  expect(head).toMatch(/^\uFEFF数据,数值,上限,单位,/);
  expect(lines.join('\n')).toContain('6.85亿元,685000000,,元,金额');
  const xlsx = await request.get(`${server.url}/api/reports/${id}/figures?format=xlsx`);
  const sheet = sheetOf(await xlsx.body());
  expect(sheet).toContain('<v>685000000</v>');
  expect(sheet).toContain('核实后有改动');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/figures`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('terms are added, changed, taken in from a file and out again; a department keeps its own', async ({
  open,
  cast,
  server,
}) => {
  const name = `双百四联${Date.now()}`;
  const page = await open(cast.publisher, '/');
  await page.getByRole('link', { name: '提法库' }).click();
  await page.getByRole('link', { name: '新增提法' }).click();
  await page.getByLabel('名称', { exact: true }).fill(`“${name}”`);
  await page.getByLabel('种类').selectOption('programme');
  await page.getByLabel('归口部门').selectOption({ label: cast.writer.department ?? '' });
  await page.getByLabel('说明', { exact: true }).fill('百企联百村');
  await expectAccessible(page);
  await page.getByRole('button', { name: '保存' }).click();
  const row = page.getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('百企联百村');
  await expect(row).toContainText(cast.writer.department ?? '');

  // Taken already: what was written stays in the form.
  await page.getByRole('link', { name: '新增提法' }).click();
  await page.getByLabel('名称', { exact: true }).fill(name);
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('alert')).toContainText('已有同名的提法');
  await expect(page.getByLabel('名称', { exact: true })).toHaveValue(name);
  await page.getByRole('link', { name: '取消' }).click();

  await page.locator('input[type=file]').setInputFiles({
    name: 'terms.csv',
    mimeType: 'text/csv',
    // As Excel saves it in China, in GB18030.
    buffer: Buffer.concat([
      Buffer.from('c3fbb3c62cd6d6c0e00d0a', 'hex'), // 名称,种类
      Buffer.from(`=${name.slice(4)},`),
      Buffer.from('cec4bcfe0d0a', 'hex'), // 文件
      Buffer.from('cede2cbfdabac50d0a', 'hex'), // 无,口号
    ]),
  });
  await expect(page.getByRole('main').getByRole('status')).toContainText('新增 1 条');
  await expect(page.getByRole('main').getByRole('status')).toContainText('第 3 行没有导入：种类不明');
  await expect(page.getByText(`《=${name.slice(4)}》`)).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: '导出 CSV' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain(`'=${name.slice(4)},文件,`);
  expect(text).toContain(`${name},工程（行动、机制）,百企联百村,${cast.writer.department},`);

  // Whose it is may change it; another department only reads it.
  const writer = await open(cast.writer, `/glossary?q=${name}`);
  await writer.getByRole('link', { name: `修改“${name}”` }).click();
  await writer.getByLabel('备注', { exact: true }).fill('以2023年文件为准');
  await writer.getByRole('button', { name: '保存' }).click();
  await expect(writer.getByText('以2023年文件为准')).toBeVisible();
  const reader = await open(cast.otherWriter, `/glossary?q=${name}`);
  await expect(reader.getByText('百企联百村')).toBeVisible();
  await expect(reader.getByRole('link', { name: `修改“${name}”` })).toHaveCount(0);
  writer.on('dialog', (dialog) => void dialog.accept());
  await writer.setViewportSize({ width: 390, height: 844 });
  await writer.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(writer);
  expect(await writer.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await writer.getByRole('button', { name: `删除“${name}”` }).click();
  await expect(writer.getByText(name)).toHaveCount(0);
  const gone = await reader.request.get(`${server.url}/api/glossary?q=${name}`);
  expect(await gone.json()).toEqual({ terms: [] });
});
