/** How many notifications are unread, as the server tells it while the page is looked at. */

/**
 * Calls back with every count. A browser opens six connections to a site at most, whatever the number of
 * its pages, so only a page that can be seen keeps one. Answers a function that ends it.
 */
export function watchUnread(onCount: (unread: number) => void): () => void {
  let source: EventSource | null = null;
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    if (document.visibilityState !== 'visible') return close();
    if (source !== null && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource('/api/notifications/live');
    source.addEventListener('message', ({ data }) => {
      const { unread } = JSON.parse(String(data)) as { unread: number };
      onCount(unread);
    });
  };
  open();
  document.addEventListener('visibilitychange', open);
  // From the back-forward cache a page returns with its connection gone.
  window.addEventListener('pageshow', open);
  window.addEventListener('pagehide', close);
  return () => {
    document.removeEventListener('visibilitychange', open);
    window.removeEventListener('pageshow', open);
    window.removeEventListener('pagehide', close);
    close();
  };
}

/** Tells the server what was read, also when the page is just being left. */
export async function markRead(ids?: readonly number[]): Promise<boolean> {
  try {
    const response = await fetch('/api/notifications/read', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ids === undefined ? {} : { ids }),
      keepalive: true,
    });
    return response.ok;
  } catch (error) {
    // Without a connection it stays unread, which is true.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
