/**
 * Takes the README's two pictures, and, with `--all FOLDER`, every page at 1440 and 390 px, light and
 * dark, from a server of its own on the example workspace. Needs a build.
 *
 * usage: node scripts/screenshots.ts [--all FOLDER]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import config from '../playwright.config.ts';
import { TestServer, type Account } from '../e2e/server.ts';

const pictures = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const all = process.argv.indexOf('--all');
const folder = all === -1 ? null : (process.argv[all + 1] ?? 'screenshots');

const server = new TestServer();
const example = server.setUpExample();
await server.start();
const browser = await chromium.launch(config.use?.launchOptions);

function account(role: string, index = 0): Account {
  const found = example.accounts.filter((one) => one.role === role)[index];
  if (found === undefined) throw new Error(`the example has no ${role} ${index}`);
  return found;
}

async function contextOf(
  who: Account | null,
  width: number,
  height: number,
  dark = false,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
  });
  if (who !== null) {
    const response = await context.request.post(`${server.url}/api/auth/sign-in/username`, {
      data: { username: who.username, password: who.password },
      headers: { origin: server.url },
    });
    if (!response.ok()) throw new Error(`sign-in: ${response.status()} ${await response.text()}`);
  }
  return context;
}

async function openReport(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${example.reports[0]?.id}`);
  const text = page.getByRole('textbox', { name: '稿件正文' });
  await text.waitFor();
  return page;
}

/** Puts the caret at the end of a paragraph. */
async function caretInto(page: Page, paragraph: number): Promise<void> {
  await page
    .locator('.paper > [data-style]')
    .nth(paragraph)
    .click({ position: { x: 200, y: 40 } });
}

try {
  mkdirSync(pictures, { recursive: true });
  const mine = await openReport(await contextOf(account('member', 0), 1440, 900));
  const other = await openReport(await contextOf(account('member', 1), 1440, 900));
  await caretInto(other, 2);
  await caretInto(mine, 1);
  await mine.locator('.caret').first().waitFor();
  await mine.screenshot({ path: join(pictures, 'report.png') });

  const reader = await contextOf(account('member', 0), 1280, 900);
  const article = await reader.request.get(
    `${server.url}/api/reports/${example.reports[0]?.id}/export?format=html`,
  );
  const page = await reader.newPage();
  await page.setContent(await article.text());
  await page.screenshot({ path: join(pictures, 'article.png') });

  if (folder !== null) {
    mkdirSync(folder, { recursive: true });
    const id = example.reports[0]?.id;
    const pages: [string, string, Account | null][] = [
      ['sign-in', '/sign-in', null],
      ['list', '/', account('member', 0)],
      ['report', `/reports/${id}`, account('member', 0)],
      ['report-reviewer', `/reports/${id}`, account('member', 2)],
      ['account', '/account', account('member', 0)],
      ['people', '/admin/people', account('admin')],
      ['departments', '/admin/departments', account('admin')],
      ['settings', '/admin/settings', account('admin')],
      ['not-found', '/nowhere', account('member', 0)],
    ];
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      for (const dark of [false, true]) {
        for (const [name, path, who] of pages) {
          const context = await contextOf(who, width, height, dark);
          const page = await context.newPage();
          await page.goto(server.url + path, { waitUntil: 'networkidle' });
          await page.screenshot({ path: join(folder, `${name}-${width}${dark ? '-dark' : ''}.png`) });
          await context.close();
        }
      }
    }
  }
} finally {
  await browser.close();
  await server.remove();
}
