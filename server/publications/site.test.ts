import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { openSite, type Site } from './site.ts';

let county: County;
let site: Site;
beforeEach(async () => {
  county = await openCounty();
  await county.store.db.insertInto('setting').values({ key: 'workspace.name', value: '云禾县' }).execute();
  site = openSite(county.store.db, county.events);
});
afterEach(() => county.close());

const SETTINGS = {
  name: '岚亭文库',
  slogan: '以文载实',
  footer: '云禾县委宣传部',
  audience: 'public',
} as const;

test('the site bears the name of the workspace and is for members until somebody says otherwise', async () => {
  expect(await site.facts()).toEqual({
    name: '',
    slogan: '',
    footer: '',
    audience: 'members',
    title: '云禾县',
  });
});

test('only an administrator sets the site up, and the log says which settings', async () => {
  for (const actor of [PEOPLE.chen, PEOPLE.pub]) {
    expect(await site.change(actor, SETTINGS)).toEqual({ ok: false, code: 'forbidden' });
  }
  expect(await site.change(PEOPLE.admin, { ...SETTINGS, slogan: '  以文  载实 ' })).toEqual({
    ok: true,
    value: { ...SETTINGS, slogan: '以文 载实' },
  });
  expect(await site.facts()).toMatchObject({ title: '岚亭文库', audience: 'public' });
  await site.change(PEOPLE.admin, { ...SETTINGS, name: '', slogan: '以文 载实' });
  expect(await site.facts()).toMatchObject({ title: '云禾县' });
  // Nothing changed: nothing is said.
  await site.change(PEOPLE.admin, { ...SETTINGS, name: '', slogan: '以文 载实' });
  const lines = await county.store.db.selectFrom('audit').select(['act', 'detail']).orderBy('id').execute();
  expect(lines.map(({ act, detail }) => [act, JSON.parse(detail)])).toEqual([
    ['site.changed', { fields: 'name slogan footer audience', audience: 'public' }],
    ['site.changed', { fields: 'name' }],
  ]);
});

test.each([
  ['name', '字'.repeat(41)],
  ['slogan', '字'.repeat(61)],
  ['footer', '字'.repeat(201)],
  ['footer', '零\u0000'],
])('a %s that is too long or cannot be shown is refused by its name', async (field, value) => {
  expect(await site.change(PEOPLE.admin, { ...SETTINGS, [field]: value })).toEqual({
    ok: false,
    code: 'invalid',
    detail: field,
  });
  expect(await site.facts()).toMatchObject({ audience: 'members' });
});
