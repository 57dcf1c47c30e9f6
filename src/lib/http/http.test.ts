import * as v from 'valibot';
import { expect, test } from 'vitest';
import { done, refuse } from '#server/outcome.ts';
import { readBytes, readJson } from './body.ts';
import { asActor } from './endpoint.ts';
import { respond, STATUS } from './refusal.ts';

const schema = v.strictObject({
  title: v.pipe(v.string(), v.maxLength(3)),
  tags: v.optional(v.array(v.string())),
});
function post(
  body: BodyInit,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Request {
  return new Request('http://localhost/', { method: 'POST', body, headers });
}

test('a body that fits the schema is answered as the schema has it', async () => {
  expect(await readJson(post('{"title":"甲"}'), schema)).toEqual(done({ title: '甲' }));
  const parameters = { 'content-type': 'Application/JSON; charset=utf-8' };
  expect(await readJson(post('{"title":"甲"}', parameters), schema)).toEqual(done({ title: '甲' }));
});

test('a body that does not fit is refused with the name of the field', async () => {
  expect(await readJson(post('{"title":"四个字呢"}'), schema)).toEqual(refuse('invalid', 'title'));
  expect(await readJson(post('{"title":"甲","tags":["a",1]}'), schema)).toEqual(refuse('invalid', 'tags.1'));
  expect(await readJson(post('{"title":"甲","other":1}'), schema)).toEqual(refuse('invalid', 'other'));
  expect(await readJson(post('null'), schema)).toEqual(refuse('invalid', 'body'));
});

test('what is no JSON, or not declared as JSON, is refused', async () => {
  expect(await readJson(post('{'), schema)).toEqual(refuse('invalid', 'body'));
  expect(await readJson(post(new Uint8Array([0x22, 0xff, 0x22])), schema)).toEqual(refuse('invalid', 'body'));
  expect(await readJson(post('{"title":"甲"}', { 'content-type': 'text/plain' }), schema)).toEqual(
    refuse('unsupported_type', 'application/json'),
  );
});

test('a body is read no further than its limit, whatever length it declares', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1024;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  const request = new Request('http://localhost/', {
    method: 'POST',
    body: endless,
    duplex: 'half',
  } as RequestInit);
  expect(await readBytes(request, 10 * 1024)).toEqual(refuse('too_large', '10 KB'));
  expect(sent).toBeLessThan(16 * 1024);
});

test('a connection that breaks in the middle of a body is a refusal', async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) });
  const request = new Request('http://localhost/', {
    method: 'POST',
    body: broken,
    duplex: 'half',
  } as RequestInit);
  expect(await readBytes(request, 1024)).toEqual(refuse('invalid', 'body'));
});

test('a refusal is a status, a code and a sentence; a value is itself', async () => {
  const response = respond(refuse('too_large', '20 MB'));
  expect(response.status).toBe(413);
  const { error } = (await response.json()) as { error: Record<string, string> };
  expect(error).toMatchObject({ code: 'too_large', detail: '20 MB' });
  expect(error['message']).toMatch(/20 MB/);
  const created = respond(done({ id: 'a' }), 201);
  expect([created.status, await created.json()]).toEqual([201, { id: 'a' }]);
});

test('every refusal has a status of its own class and a sentence', async () => {
  for (const code of Object.keys(STATUS) as (keyof typeof STATUS)[]) {
    const response = respond(refuse(code));
    expect(response.status, code).toBeGreaterThanOrEqual(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message.length, code).toBeGreaterThan(4);
  }
});

test('nobody signed in is 401; a full disk is 507; any other error is thrown on', async () => {
  const actor = { userId: 'chen', name: '陈晓', role: 'member', departmentId: null } as const;
  const unused = () => Promise.resolve(new Response());
  expect((await asActor({ actor: null } as App.Locals, unused)).status).toBe(401);
  const full = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  expect((await asActor({ actor } as App.Locals, full)).status).toBe(507);
  const bug = () => Promise.reject(new Error('bug'));
  await expect(asActor({ actor } as App.Locals, bug)).rejects.toThrow('bug');
});
