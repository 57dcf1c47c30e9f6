import { updated } from '$app/state';

/** Milliseconds before a part of the page that could not be fetched is tried again; the last for each time after. */
const PAUSES = [500, 2_000, 5_000];

/**
 * A part of the page that is fetched once, when it is first asked for, or as soon as there is a connection again:
 * what stands on the page must not miss a part for good because the line was cut while it loaded.
 *
 * An upgrade of the server takes the parts of the version before it away: then nothing more is asked for, and the
 * promise stays open until the page is loaded anew, which `updated` (SvelteKit's) is there to ask people for.
 *
 * The promise rejects only with what the part itself throws.
 */
export function onDemand<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => (loaded ??= persist(load));
}

async function persist<T>(load: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    // `hooks.client.ts` has it looked for after each part that did not come.
    if (attempt > 0 && updated.current) return new Promise(() => {});
    try {
      return await load();
    } catch (error) {
      if (!isUnfetched(error)) throw error;
      await pause(PAUSES[attempt] ?? PAUSES.at(-1) ?? 0);
    }
  }
}

/** Browsers say of a script that did not come that it is a TypeError, Vite has words for a style sheet. */
const isUnfetched = (error: unknown) =>
  error instanceof TypeError || (error instanceof Error && error.message.startsWith('Unable to preload CSS'));

/** So long, or until the browser says that it is online. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener('online', end);
  });
}
