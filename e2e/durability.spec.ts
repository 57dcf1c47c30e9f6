/** What was called saved is there, whatever happens to the server or the connection. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
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
import { RawWriter } from './raw-writer.ts';

/** Where the build has put each part of the pages. */
const built = JSON.parse(
  readFileSync(new URL('../.svelte-kit/output/client/.vite/manifest.json', import.meta.url), 'utf8'),
) as Record<string, { file: string } | undefined>;

test('the server is killed while two people type; everything called saved is there, and the rest follows', async ({
  open,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('断电', [title('断电'), body('甲：'), body('乙：')]);
  const [anna, ben] = await Promise.all([
    open(cast.writer, `/reports/${id}`),
    open(cast.otherWriter, `/reports/${id}`),
  ]);
  await Promise.all([ready(anna), ready(ben)]);
  await caretAtEnd(anna, 1);
  await caretAtEnd(ben, 2);
  await Promise.all([anna.keyboard.type('一二三四五'), ben.keyboard.type('六七八九十')]);
  await Promise.all([expectSaved(anna), expectSaved(ben)]);
  await Promise.all([
    anna.keyboard.type('写到一半断电了', { delay: 10 }),
    ben.keyboard.type('这边也还在写', { delay: 10 }),
    server.kill(),
  ]);
  for (const page of [anna, ben]) {
    await expect(page.locator('.saved[data-saved]')).not.toHaveAttribute('data-saved', 'saved');
  }
  await server.start();
  const stored = await committedText(anna.request, server.url, id);
  expect(stored).toContain('甲：一二三四五');
  expect(stored).toContain('乙：六七八九十');
  await Promise.all([expectSaved(anna), expectSaved(ben)]);
  for (const page of [anna, ben]) {
    await expect(paragraph(page, 1)).toHaveText('甲：一二三四五写到一半断电了');
    await expect(paragraph(page, 2)).toHaveText('乙：六七八九十这边也还在写');
  }
  const after = await committedText(anna.request, server.url, id);
  expect(after).toContain('甲：一二三四五写到一半断电了');
  expect(after).toContain('乙：六七八九十这边也还在写');
});

test('what is written without a connection is counted, survives a closed window, and is saved on return', async ({
  browserOf,
  open,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('断网', [title('断网'), body('联网时写的。')]);
  const context = await browserOf(cast.writer);
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  const ben = await open(cast.otherWriter, `/reports/${id}`);
  await ready(ben);
  await server.stop();
  await caretAtEnd(page, 1);
  await page.keyboard.type('断网后写的。');
  const state = page.locator('.saved[data-saved]');
  await expect(state).toHaveAttribute('data-saved', 'offline');
  // Counted when the browser has them on its disk.
  await expect(state).toContainText(/\b6\b/);
  await page.close();
  await server.start();
  const again = await context.newPage();
  await again.goto(`${server.url}/reports/${id}`);
  await expect(paragraph(again, 1)).toHaveText('联网时写的。断网后写的。');
  await expectSaved(again);
  await expect(paragraph(ben, 1)).toHaveText('联网时写的。断网后写的。');
  expect(await committedText(context.request, server.url, id)).toContain('联网时写的。断网后写的。');
  await expect(manuscript(again)).toBeEditable();
});

test('what is written the moment before a window goes is counted among what no server has, and comes when it is opened again', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('匆忙', [title('匆忙'), body('联网时写的。')]);
  const context = await browserOf(cast.writer);
  const other = await context.newPage();
  await other.goto(server.url);
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  await server.stop();
  await caretAtEnd(page, 1);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.keyboard.insertText('断网');
  await page.goto('about:blank');
  const counted = () =>
    other.evaluate(async (id) => {
      const name = (await indexedDB.databases())
        .flatMap(({ name }) => name ?? [])
        .find((one) => one.endsWith(id));
      const answer = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve) => request.addEventListener('success', () => resolve(request.result)));
      const db = await answer(indexedDB.open(name ?? ''));
      const count: unknown = await answer(db.transaction('custom').objectStore('custom').get('unsaved'));
      db.close();
      return count;
    }, id);
  await expect.poll(counted).toBe(1);
  await server.start();
  await page.goto(`${server.url}/reports/${id}`);
  await expect(paragraph(page, 1)).toHaveText('联网时写的。断网');
  await expectSaved(page);
  await expect.poll(counted).toBe(0);
});

test('what is written in the moment in which a window goes, that can keep nothing, is with the server', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('最后一刻', [title('最后一刻'), body('联网时写的。')]);
  const context = await browserOf(cast.writer);
  await context.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
    // No picture is drawn any more once the window is about to go.
    addEventListener('leaving', () => (window.requestAnimationFrame = () => 0));
  });
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  await caretAtEnd(page, 1);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.evaluate(async () => {
    dispatchEvent(new Event('leaving'));
    document.execCommand('insertText', false, '临走前写的。');
    // The editor reads what was written in a microtask; the answer to the test comes before the page goes.
    await Promise.resolve();
    setTimeout(() => location.assign('about:blank'));
  });
  await expect
    .poll(() => committedText(context.request, server.url, id))
    .toContain('联网时写的。临走前写的。');
});

test('a browser that can keep nothing says so offline, and asks before the page is left', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('隐私窗口', [title('隐私窗口'), body('联网时写的。')]);
  const context = await browserOf(cast.writer);
  await context.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await ready(page);
  await server.stop();
  await caretAtEnd(page, 1);
  await page.keyboard.type('断网');
  await expect(page.locator('.saved[data-saved=offline]')).toContainText('2 处修改只在这个窗口里');
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await page.getByRole('link', { name: '返回稿件列表' }).click();
  await expect.poll(() => asked).toEqual(['confirm']);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['confirm', 'beforeunload']);
  await expect(paragraph(page, 1)).toHaveText('联网时写的。断网');
  await server.start();
  await expectSaved(page);
  expect(await committedText(context.request, server.url, id)).toContain('联网时写的。断网');
});

test('two people edit offline and apart, and both edits are there when they return', async ({
  open,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('分头离线', [title('分头离线'), body('第一段'), body('第二段')]);
  const anna = await open(cast.writer, `/reports/${id}`);
  const ben = await open(cast.otherWriter, `/reports/${id}`);
  await Promise.all([ready(anna), ready(ben)]);
  await server.stop();
  await caretAtEnd(anna, 1);
  await anna.keyboard.type('甲补');
  await caretAtEnd(ben, 1);
  await ben.keyboard.type('乙补');
  await caretAtEnd(ben, 2);
  await ben.keyboard.type('再补');
  await server.start();
  for (const page of [anna, ben]) {
    await expectSaved(page);
    await expect(paragraph(page, 1)).toHaveText(/^第一段(甲补乙补|乙补甲补)$/);
    await expect(paragraph(page, 2)).toHaveText('第二段再补');
  }
  expect(await paragraph(anna, 1).textContent()).toBe(await paragraph(ben, 1).textContent());
});

test('a server that is asked to stop while people write keeps all it acknowledged, sends them away and ends in time', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('停机');
  const writing = await browserOf(cast.writer);
  const contexts = [writing, await browserOf(cast.otherWriter)];
  const writers = await Promise.all(
    [...contexts, ...contexts].map((context) => RawWriter.open(context, server.url, id)),
  );
  const [first] = writers;
  const deaf = await RawWriter.open(writing, server.url, id);
  // Answers nothing any more, not even the close.
  deaf.socket.pause();
  const codes = writers.map(({ socket }) => once(socket, 'close').then(([code]) => code as number));
  writers.forEach((writer, index) => {
    for (let edit = 0; edit < 200; edit++) writer.write(`〔${index}·${edit}〕`);
  });
  await first?.untilAcked(5);
  const asked = Date.now();
  expect(await server.stop()).toBe(0);
  expect(Date.now() - asked).toBeLessThan(10_000);
  expect(await Promise.all(codes)).toEqual(writers.map(() => 4503));
  deaf.socket.terminate();
  await server.start();
  const saved = writers.flatMap((writer) => writer.saved);
  expect(saved.length).toBeGreaterThanOrEqual(5);
  const stored = await committedText(writing.request, server.url, id);
  expect(saved.filter((text) => !stored.includes(text))).toEqual([]);
});

test('marks on figures, that could not be fetched because the line was cut, come when it is back', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('断线', [title('断线'), body('发展党员2168名。')]);
  const context = await browserOf(cast.writer);
  const page = await context.newPage();
  const part = built['src/routes/reports/[id]/figures/Figures.svelte']?.file ?? 'there is no such part';
  let isCut = true;
  let missed = 0;
  await page.route(`**/${part}`, (route) => {
    if (!isCut) return route.continue();
    missed++;
    return route.abort();
  });
  await page.goto(`${server.url}/reports/${id}`);
  await expect.poll(() => missed).toBeGreaterThan(0);
  await ready(page);
  await expect(page.locator('.figure')).toHaveCount(0);
  isCut = false;
  await expect(page.locator('.figure')).toHaveText(['2168名']);
});

test('a part of the page that an upgrade took away is not asked for again: the page says so, and loses nothing', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  const id = await newReport('升级', [title('升级'), body('发展党员2168名。')]);
  const page = await (await browserOf(cast.writer)).newPage();
  const part = built['src/routes/reports/[id]/figures/Figures.svelte']?.file ?? 'there is no such part';
  let missed = 0;
  await page.route(`**/${part}`, (route) => {
    missed++;
    return route.fulfill({ status: 404, contentType: 'text/html', body: 'Not found' });
  });
  await page.route('**/_app/version.json', (route) => route.fulfill({ json: { version: 'the next one' } }));
  await page.clock.install();
  await page.goto(`${server.url}/reports/${id}`);
  const notice = page.getByRole('alert').filter({ hasText: '页面版本过旧' });
  await expect(notice).toBeVisible();
  await ready(page);
  const missedSoFar = missed;
  await page.clock.fastForward(60_000);
  await caretAtEnd(page, 1);
  await page.keyboard.type('升级时写的。');
  await expectSaved(page);
  expect(missed).toBe(missedSoFar);
  await page.unrouteAll();
  await notice.getByRole('button', { name: '刷新页面' }).click();
  await expect(page.locator('.figure')).toHaveText(['2168名']);
  await expect(paragraph(page, 1)).toHaveText('发展党员2168名。升级时写的。');
});
