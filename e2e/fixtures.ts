/** What every browser test starts from: a running example workspace, and people who sign in to it. */
import { AxeBuilder } from '@axe-core/playwright';
import {
  test as base,
  expect,
  type APIRequestContext,
  type BrowserContext,
  type Page,
} from '@playwright/test';
import { TestServer, type Account, type Example } from './server.ts';

/** Signs a context in; its cookies carry the session. */
export async function signIn(request: APIRequestContext, url: string, account: Account): Promise<void> {
  const response = await request.post(`${url}/api/auth/sign-in/username`, {
    data: { username: account.username, password: account.password },
    headers: { origin: url },
  });
  expect(response.status(), await response.text()).toBe(200);
}

/** A session of each account, kept from test to test: checking a password is slow on purpose. */
class Sessions {
  readonly #kept = new Map<string, Cookies>();

  /** Signs a context in as the account, with the kept session if there is one that still holds. */
  async enter(context: BrowserContext, url: string, account: Account): Promise<void> {
    const key = `${account.username} ${account.password}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      await context.addCookies(kept);
      const session = await context.request.get(`${url}/api/auth/get-session`);
      if (session.ok() && (await session.json()) !== null) return;
      await context.clearCookies();
    }
    await signIn(context.request, url, account);
    this.#kept.set(key, await context.cookies());
  }
}
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

interface WorkerFixtures {
  workspace: { server: TestServer; example: Example };
  /** The running server, on the example workspace. */
  server: TestServer;
  /** Who and what the example workspace holds. */
  example: Example;
  sessions: Sessions;
}

interface TestFixtures {
  /** A person's own browser: a context signed in as them, closed after the test. */
  browserOf: (account: Account) => Promise<BrowserContext>;
  /** A page of a person's own browser, opened at a path. */
  open: (account: Account, path: string) => Promise<Page>;
  cast: Record<'admin' | 'publisher' | 'writer' | 'otherWriter' | 'reviewer', Account>;
  /** A new report of `writer`, editable by `otherWriter`, commentable by `reviewer`; answers its id. */
  newReport: (title: string, content?: unknown[]) => Promise<string>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  workspace: [
    async ({}, use) => {
      const server = new TestServer();
      const example = server.setUpExample();
      await server.start();
      await use({ server, example });
      await server.remove();
    },
    { scope: 'worker' },
  ],
  server: [async ({ workspace }, use) => use(workspace.server), { scope: 'worker' }],
  example: [async ({ workspace }, use) => use(workspace.example), { scope: 'worker' }],
  sessions: [async ({}, use) => use(new Sessions()), { scope: 'worker' }],
  cast: async ({ example }, use) => {
    const [writer, otherWriter, reviewer] = example.accounts.filter(({ role }) => role === 'member');
    const admin = example.accounts.find(({ role }) => role === 'admin');
    const publisher = example.accounts.find(({ role }) => role === 'publisher');
    if (!admin || !publisher || !writer || !otherWriter || !reviewer) {
      throw new Error(`the example lacks somebody: ${JSON.stringify(example.accounts)}`);
    }
    await use({ admin, publisher, writer, otherWriter, reviewer });
  },
  browserOf: async ({ browser, server, sessions }, use, info) => {
    const contexts: BrowserContext[] = [];
    const entered = new Set<string>();
    /** What a page threw and nobody caught: a fault, whatever the test is about. */
    const thrown: string[] = [];
    await use(async (account) => {
      const context = await browser.newContext();
      contexts.push(context);
      context.on('weberror', (fault) => {
        const error = fault.error();
        thrown.push(error.stack || error.message || String(error));
      });
      // Two browsers of one person have a session each.
      if (entered.has(account.username)) await signIn(context.request, server.url, account);
      else await sessions.enter(context, server.url, account);
      entered.add(account.username);
      return context;
    });
    for (const context of contexts) await context.close();
    expect(thrown).toEqual([]);
    // The next test of the worker meets the same server; a test that fails ends the worker.
    if (info.status === info.expectedStatus)
      expect(server.running, 'the test leaves its server running').toBe(true);
  },
  open: async ({ browserOf, server }, use) => {
    await use(async (account, path) => {
      const context = await browserOf(account);
      const page = await context.newPage();
      await page.goto(server.url + path);
      return page;
    });
  },
  newReport: async ({ browser, sessions, cast, server }, use) => {
    const context = await browser.newContext();
    const { request } = context;
    await use(async (title, content) => {
      await sessions.enter(context, server.url, cast.writer);
      const headers = { origin: server.url };
      const created = await request.post(`${server.url}/api/reports`, { data: { title }, headers });
      expect(created.status(), await created.text()).toBe(201);
      const { id } = (await created.json()) as { id: string };
      const shares = await request.get(`${server.url}/api/reports/${id}/shares`);
      const { candidates } = (await shares.json()) as {
        candidates: { kind: 'person' | 'department'; id: string; name: string }[];
      };
      const share = async (account: Account, role: string) => {
        const person = candidates.find(({ kind, name }) => kind === 'person' && name === account.name);
        const response = await request.put(`${server.url}/api/reports/${id}/shares`, {
          data: { kind: 'person', id: person?.id, role },
          headers,
        });
        expect(response.ok(), await response.text()).toBe(true);
      };
      await share(cast.otherWriter, 'editor');
      await share(cast.reviewer, 'commenter');
      if (content !== undefined) {
        const put = await request.put(`${server.url}/api/reports/${id}/content`, {
          data: { schema: 1, title, content: { type: 'doc', content }, pictures: {} },
          headers,
        });
        expect(put.ok(), await put.text()).toBe(true);
      }
      return id;
    });
    await context.close();
  },
});

/** No serious accessibility fault on the page when it stands still, by axe's rules for WCAG 2.1 A and AA. */
export async function expectAccessible(page: Page): Promise<void> {
  // Halfway from light to dark a button has colours that nobody chose. What turns for ever is not waited for.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
    // In the page itself: otherwise each look opens another page to put its findings together.
    .setLegacyMode()
    // In a frame without scripts axe cannot run, and would wait for it for ever.
    .exclude('iframe[sandbox=""]')
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

export { expect };
