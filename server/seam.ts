/**
 * The one way from SvelteKit's routes to the server: SvelteKit's build bundles its own copy of what it
 * imports, so the running app is handed over on `globalThis` instead of being imported.
 */
import type { App } from './app.ts';

const KEY = Symbol.for('huigao.app');
const holder = globalThis as { [KEY]?: App };

/** Called once by `main.ts` or `dev.ts`, before any request. */
export function setApp(app: App): void {
  holder[KEY] = app;
}

/** The running app. Throws when there is none: then a route ran outside the server. */
export function app(): App {
  const running = holder[KEY];
  if (running === undefined) throw new Error('no app: set it with setApp before serving');
  return running;
}
