import { describe } from 'vitest';
import { insertReport } from '../reports/create.ts';
import { openCounty, PEOPLE } from '../reports/testing.ts';
import { docStoreContract, type Subject } from './docs.contract.ts';
import { memoryDocStore } from './docs.memory.ts';
import { fillDisk } from './testing.ts';

async function openSqlite(): Promise<Subject> {
  const county = await openCounty();
  const { db, docs } = county.store;
  await db.transaction().execute(async (trx) => {
    const input = { from: 'content', content: { type: 'doc' }, title: null } as const;
    await insertReport(trx, 'report', PEOPLE.chen, input, new Date('2024-03-01T08:00:00Z'));
    await trx.updateTable('doc').set({ id: 'doc' }).where('kind', '=', 'content').execute();
    await trx.updateTable('doc').set({ id: 'other' }).where('kind', '=', 'review').execute();
  });
  return {
    docs,
    async raiseAccessEpoch() {
      await db.updateTable('doc').set({ accessEpoch: 2 }).where('id', '=', 'doc').execute();
    },
    fill: () => fillDisk(county.store.connection),
    async damage(seq) {
      await db
        .updateTable('docSnapshot')
        .set({ bytes: new Uint8Array([0, 0]) })
        .where('seq', '=', seq)
        .execute();
    },
    async counts() {
      const rows = await db.selectFrom('docUpdate').select('seq').execute();
      const snapshots = await db.selectFrom('docSnapshot').select('seq').execute();
      return { rows: rows.length, snapshots: snapshots.length };
    },
    close: () => county.close(),
  };
}

async function openMemory(): Promise<Subject> {
  const docs = memoryDocStore();
  docs.create('doc', 'report', 'content');
  docs.create('other', 'report', 'review');
  return {
    docs,
    async fill() {
      docs.isFull = true;
      return async () => void (docs.isFull = false);
    },
    raiseAccessEpoch: async () => docs.raiseAccessEpoch('doc'),
    damage: async (seq) => docs.damage('doc', seq),
    counts: async () => docs.counts('doc'),
    close: async () => {},
  };
}

describe('in SQLite', () => docStoreContract(openSqlite));
describe('in memory', () => docStoreContract(openMemory));
