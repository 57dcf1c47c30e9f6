import type { RequestEvent } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { forms } from './forms.ts';

const FORM = 'application/x-www-form-urlencoded';

/** What a page's action reads of a request after the hook. */
async function submit(body: BodyInit, type: string): Promise<unknown> {
  const url = new URL('http://localhost/sign-in');
  const init = { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' };
  // All that the hook looks at.
  const event = { url, request: new Request(url, init) } as unknown as RequestEvent;
  const resolve = async ({ request }: RequestEvent) =>
    Response.json(Object.fromEntries(await request.formData()));
  return (await forms({ event, resolve })).json();
}

test('a form reaches its action as it was sent', async () => {
  expect(await submit('username=%E9%99%88&password=a%26b', FORM)).toEqual({
    username: '陈',
    password: 'a&b',
  });
});

test.each([
  ['multipart/form-data; boundary=x', 'abc'],
  ['multipart/form-data', 'abc'],
  ['text/plain', 'abc'],
])('what is no form is refused, not a bug: %s', async (type, body) => {
  await expect(submit(body, type)).rejects.toMatchObject({ status: 400, body: { code: 'invalid' } });
});

test('no more of a form is read than a form can be', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1024;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  await expect(submit(endless, FORM)).rejects.toMatchObject({ status: 413, body: { code: 'too_large' } });
  expect(sent).toBeLessThan(128 * 1024);
});
