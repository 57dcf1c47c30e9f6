/** How far what is derived from a document beside it has come: kept with what is derived. */
import type { Kysely } from 'kysely';
import type { DocKind } from './docs.ts';
import type { Database } from './tables.ts';

export interface Derived {
  reportId: string;
  kind: DocKind;
  /** Of what is derived. */
  name: string;
}

/** The sequence number that it was written at last; null: it never was. */
export async function readSeen(
  db: Kysely<Database>,
  { reportId, kind, name }: Derived,
): Promise<number | null> {
  const row = await db
    .selectFrom('docProjection')
    .innerJoin('doc', 'doc.id', 'docProjection.docId')
    .select('docProjection.seq')
    .where('doc.reportId', '=', reportId)
    .where('doc.kind', '=', kind)
    .where('docProjection.name', '=', name)
    .executeTakeFirst();
  return row?.seq ?? null;
}

/** Notes that it is as of a sequence number; in the transaction that writes it, where there is one. */
export async function writeSeen(
  db: Kysely<Database>,
  { reportId, kind, name }: Derived,
  seq: number,
): Promise<void> {
  await db
    .insertInto('docProjection')
    .columns(['docId', 'name', 'seq', 'state'])
    .expression((from) =>
      from
        .selectFrom('doc')
        .select((get) => ['id', get.val(name).as('name'), get.val(seq).as('seq'), get.val(null).as('state')])
        .where('reportId', '=', reportId)
        .where('kind', '=', kind),
    )
    .onConflict((on) => on.columns(['docId', 'name']).doUpdateSet({ seq }))
    .execute();
}
