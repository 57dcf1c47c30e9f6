import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTerms, type TermWords } from '#lib/figures/term.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { openGlossary, type Glossary, type TermInput } from './glossary.ts';

const { chen, li, lone, pub, admin } = PEOPLE;

let county: County;
let glossary: Glossary;
beforeEach(async () => {
  county = await openCounty();
  glossary = openGlossary(county.store.db, county.events, () => new Date('2024-03-01T08:00:00Z'));
});
afterEach(() => county.close());

const term = (name: string, departmentId: string | null = 'water'): TermInput => ({
  name,
  kind: 'programme',
  definition: '',
  note: '',
  departmentId,
});
const names = async () => (await glossary.list(li)).map(({ name }) => name);
const acts = async () =>
  (await county.store.db.selectFrom('audit').select('act').orderBy('id').execute()).map(({ act }) => act);

test('a department writes its own terms, publishers and administrators all; everybody reads', async () => {
  const created = await glossary.create(chen, term('《双百四联》'));
  if (!created.ok) throw new Error(created.code);
  const { id } = created.value;
  expect(await glossary.create(chen, term('全县的', null))).toMatchObject({ code: 'forbidden' });
  expect(await glossary.create(lone, term('无部门', null))).toMatchObject({ code: 'forbidden' });
  expect(await glossary.create(li, term('别人的'))).toMatchObject({ code: 'forbidden' });
  expect(await glossary.change(li, id, term('双百四联', 'stats'))).toMatchObject({ code: 'forbidden' });
  // Its own cannot be pushed upon another department either.
  expect(await glossary.change(chen, id, term('双百四联', 'stats'))).toMatchObject({ code: 'forbidden' });
  expect(await glossary.remove(li, id)).toMatchObject({ code: 'forbidden' });
  expect(await glossary.change(pub, id, term('双百四联', 'stats'))).toMatchObject({ ok: true });
  expect(await glossary.create(admin, term('双百四联', null))).toMatchObject({
    code: 'conflict',
    detail: 'name',
  });
  expect(await glossary.create(admin, term(' “” '))).toMatchObject({ code: 'invalid', detail: 'name' });
  expect(await glossary.create(admin, term('甲', 'nowhere'))).toMatchObject({ detail: 'departmentId' });
  expect(await names()).toEqual(['双百四联']);
  expect((await glossary.list(li))[0]?.canEdit).toBe(true);
  expect((await glossary.list(chen))[0]?.canEdit).toBe(false);
  expect(await glossary.list(li, '%')).toEqual([]);
  expect(await glossary.remove(li, id)).toMatchObject({ ok: true });
  expect(await acts()).toEqual(['term.created', 'term.changed', 'term.removed']);
});

const WORDS: TermWords = {
  columns: {
    name: ['名称', 'Name'],
    kind: ['种类', 'Kind'],
    definition: ['说明'],
    department: ['归口部门'],
    note: ['备注'],
  },
  kinds: { document: ['文件'], programme: ['工程'], slogan: ['提法'] },
};

test('a file adds and changes by name what its bringer may, and says which lines it left out', async () => {
  await glossary.create(li, term('统计四抓', 'stats'));
  const file = [
    '归口部门,名称,别的,种类',
    '水务局,“三清三建”,x,工程',
    '水务局,三清三建,x,工程',
    '林业局,林长制,x,提法',
    ',河湖长制,x,',
    '统计局,统计四抓,x,提法',
    '水务局,,x,提法',
    ',乱写,x,口号',
    ',,,',
  ].join('\r\n');
  const { terms, faults } = readTerms(file, WORDS);
  expect(faults).toEqual([
    { line: 3, fault: 'repeated' },
    { line: 7, fault: 'name' },
    { line: 8, fault: 'kind' },
  ]);
  const first = await glossary.import(chen, terms, faults);
  expect(first).toMatchObject({
    value: {
      added: 2,
      changed: 0,
      unchanged: 0,
      faults: [
        { line: 3, fault: 'repeated' },
        { line: 4, fault: 'department' },
        { line: 6, fault: 'forbidden' },
        { line: 7, fault: 'name' },
        { line: 8, fault: 'kind' },
      ],
    },
  });
  // What names no department is its bringer's.
  expect((await glossary.list(chen, '河湖')).map(({ department }) => department?.id)).toEqual(['water']);
  expect(await glossary.import(chen, terms, [])).toMatchObject({ value: { added: 0, unchanged: 2 } });
  expect(await glossary.import(lone, terms, [])).toMatchObject({ code: 'forbidden' });
  const all = readTerms('三清三建,文件\n统计四抓,提法', WORDS).terms;
  expect(await glossary.import(admin, all, [])).toMatchObject({ value: { changed: 2, faults: [] } });
  expect((await acts()).filter((act) => act === 'glossary.imported')).toHaveLength(2);
});

test('what is no measure is remembered for everybody, until somebody says otherwise', async () => {
  expect(await glossary.dismiss(li, '“头脑风暴”', '口语')).toMatchObject({ ok: true });
  expect(await glossary.dismissed(lone)).toMatchObject([
    { name: '头脑风暴', reason: '口语', by: { id: 'li', name: '李文静' } },
  ]);
  expect(await glossary.restore(chen, '头脑风暴')).toMatchObject({ ok: true });
  expect(await glossary.restore(chen, '头脑风暴')).toMatchObject({ code: 'not_found' });
  expect(await glossary.dismissed(lone)).toEqual([]);
});
