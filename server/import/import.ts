/** Importing: a file becomes a new report of the actor's, whole or not at all. */
import type { Imported, ImportFault, ImportOptions, ImportSummary } from '#lib/import/imported.ts';
import { mapFigures } from '#lib/report/figures.ts';
import { mapPictures } from '#lib/report/pictures.ts';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { indexSeeded } from '../figures/seed.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { insertPictures, type KeptPicture, type Pictures } from '../pictures/pictures.ts';
import { insertReport } from '../reports/create.ts';
import type { SyncServer } from '../sync/sync.ts';
import type { Converter } from './converter.ts';

export interface ImportFile {
  /** As the sender named it; its extension is a hint, and it is the title when there is no other. */
  name: string;
  bytes: Uint8Array;
}

/** A fault is the file's: other files of the same request go on. */
export type FileImported =
  { ok: true; reportId: string; summary: ImportSummary } | { ok: false; fault: ImportFault; detail?: string };

export interface ImportDeps {
  events: Recording;
  sync: Pick<SyncServer, 'read'>;
  pictures: Pick<Pictures, 'keep'>;
  converter: Pick<Converter, 'convert'>;
  now: () => Date;
}

/** Refused with `forbidden`, `too_many` (imports are waiting) or `storage_full`. */
export async function importFile(
  deps: ImportDeps,
  actor: Actor,
  { name, bytes }: ImportFile,
  options: ImportOptions,
): Promise<Outcome<FileImported>> {
  if (!canInWorkspace(actor, 'createReport')) return refuse('forbidden');
  const converted = await deps.converter.convert({ fileName: name, bytes, options });
  if (converted === null) return refuse('too_many');
  if (!converted.ok) return done(converted);
  return store(deps, actor, converted.value);
}

/**
 * The report with its pictures and its register, in one transaction; bytes that it does not take along are swept at
 * the next start.
 */
async function store(
  { events, sync, pictures, now }: ImportDeps,
  actor: Actor,
  imported: Imported,
): Promise<Outcome<FileImported>> {
  const kept = new Map<string, KeptPicture>();
  for (const { id, bytes } of imported.pictures) {
    const one = await pictures.keep(bytes);
    if (!one.ok) return one;
    kept.set(id, one.value);
  }
  const figures = imported.figures.map((one) => ({ ...one, was: one.id, id: newId() }));
  const idOf = new Map(figures.map(({ was, id }) => [was, id]));
  const pictured = mapPictures(imported.content, (id) => kept.get(id)?.id ?? null);
  const content = mapFigures(pictured, (id) => idOf.get(id) ?? null);
  const facts = { department: actor.departmentId, owner: actor.userId, source: null, note: null };
  const seeds = figures.map(({ id, at, now: value, set }) => ({ id, at, now: value, set, ...facts }));
  const reportId = newId();
  const { format } = imported.summary;
  await events.transaction(async (trx, record) => {
    await insertReport(
      trx,
      reportId,
      actor,
      { from: 'content', content, title: null, figures: seeds },
      now(),
    );
    await insertPictures(trx, actor, reportId, [...kept.values()], now());
    await record({ type: 'report.imported', actor, reportId, format });
    const figureIds = seeds.map(({ id }) => id);
    if (figureIds.length > 0) await record({ type: 'figure.registered', actor, reportId, figureIds });
  });
  await indexSeeded(sync, reportId, seeds);
  return done({ ok: true, reportId, summary: imported.summary });
}
