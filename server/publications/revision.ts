/** Reading revisions: with their articles, and as files. */
import type { Kysely } from 'kysely';
import { fileName, type Format } from '#lib/publish/formats.ts';
import type { Database } from '../store/tables.ts';

/** One revision in one format. */
export interface Rendered {
  fileName: string;
  mime: string;
  bytes: Uint8Array;
  /** Names the bytes: an ETag. */
  sha256: string;
}

/** Every article with its newest revision, withdrawn or not. */
export function newestRevisions(db: Kysely<Database>) {
  return db
    .selectFrom('article')
    .innerJoin('publication', (join) =>
      join
        .onRef('publication.number', '=', 'article.number')
        .onRef('publication.revision', '=', 'article.revision'),
    );
}

/** The bytes that a revision was published as; null: there is none, or not in this format. */
export async function fileOf(
  db: Kysely<Database>,
  { number, revision }: { number: number; revision: number },
  format: Format,
): Promise<Rendered | null> {
  const row = await db
    .selectFrom('rendering')
    .innerJoin('publication', (join) =>
      join
        .onRef('publication.number', '=', 'rendering.number')
        .onRef('publication.revision', '=', 'rendering.revision'),
    )
    .select(['publication.title', 'rendering.mime', 'rendering.sha256', 'rendering.bytes'])
    .where('rendering.number', '=', number)
    .where('rendering.revision', '=', revision)
    .where('rendering.format', '=', format)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { title, ...file } = row;
  return { fileName: fileName(title, format), ...file };
}
