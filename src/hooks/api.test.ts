import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestEvent } from '@sveltejs/kit';
import { openOffice, DESK, type Office } from '#server/people/testing.ts';
import { setApp } from '#server/seam.ts';
import { fillDisk } from '#server/store/testing.ts';
import { api } from './api.ts';
import { unexpected } from './unexpected.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  setApp(office.app);
});
afterAll(() => office.close());

function eventOf(path: string): RequestEvent {
  const url = new URL(path, 'http://localhost');
  // All that these hooks look at.
  return { url, request: new Request(url, { method: 'POST' }), locals: {} } as unknown as RequestEvent;
}
const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { error: Record<string, string> }).error,
];

test('signing in on a full disk is answered with that, and nothing of the error', async () => {
  const empty = await fillDisk(office.app.store.connection);
  // Wrong names are counted, each in a row of its own, until there is no room.
  const work = async () => {
    for (let name = 0; name < 400; name++) {
      await office.app.auth.signIn({ username: `stranger-${name}`, password: 'x' }, DESK);
    }
    return new Response();
  };
  const response = await api({ event: eventOf('/api/auth/sign-in/username'), resolve: work });
  expect(await errorOf(response)).toEqual([
    507,
    { code: 'storage_full', message: expect.any(String), id: expect.any(String) },
  ]);
  await empty();
}, 60_000);

test('an error that SvelteKit caught is answered in the form of the API', async () => {
  const event = eventOf('/api/reports');
  const resolve = () => {
    const told = unexpected({ error: new TypeError('secret of the code'), event, status: 500 });
    return Promise.resolve(Response.json(told, { status: 500 }));
  };
  const [status, error] = await errorOf(await api({ event, resolve }));
  expect(status).toBe(500);
  expect(error).toMatchObject({ code: 'unexpected' });
  expect(JSON.stringify(error)).not.toContain('secret');
});

test('a method that an address does not know is refused in the form of the API', async () => {
  const refused = new Response('POST method not allowed', { status: 405, headers: { allow: 'GET' } });
  const response = await api({ event: eventOf('/api/reports/x'), resolve: () => refused });
  expect(response.headers.get('allow')).toBe('GET');
  expect(await errorOf(response)).toMatchObject([405, { code: 'method_not_allowed', detail: 'GET' }]);
});
