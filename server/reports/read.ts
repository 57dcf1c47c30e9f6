/** A report's committed content, with what its figures say at that moment. */
import { statedOf } from '#lib/figures/stated.ts';
import { figuresOf, type FigureFields } from '#lib/figures/register.ts';
import { lostFigures } from '#lib/publish/article.ts';
import { SCHEMA_VERSION, type ContentJson, type ReportJson, type StatedFigure } from '#lib/report/model.ts';
import { shownFigures } from '#lib/report/figures.ts';
import type { Issue } from '#lib/report/limits.ts';
import { repairContent } from '#lib/report/parse.ts';
import { titleOf } from '#lib/report/title.ts';
import { readContent } from '#lib/report/ydoc.ts';
import { sightedFigures } from '../figures/sighted.ts';
import type { Keeper, Keeping } from '../review/keeping.ts';
import type { SyncServer } from '../sync/sync.ts';

export interface ReadDeps {
  sync: Pick<SyncServer, 'read' | 'readReview'>;
  keeping: Pick<Keeping, 'of'>;
}

export interface ReadReport {
  /** Without its pictures. */
  report: ReportJson;
  /** What the document holds that no format lets through. */
  leftOut: Issue[];
  /** The content's sequence number. */
  seq: number;
}

/** Null: no such report. No rights are asked. */
export async function readReport({ sync, keeping }: ReadDeps, reportId: string): Promise<ReadReport | null> {
  // Few reports show figures: the others cost nothing more.
  const shows = await sync.read(
    reportId,
    (doc) => shownFigures(repairContent(readContent(doc)).content).length > 0,
  );
  if (shows === null) return null;
  const keeper = shows ? await keeping.of(reportId) : null;
  const told = shows ? await sync.readReview(reportId, toldIn) : null;
  return sync.read(reportId, (doc, { seq }) => {
    const { content, leftOut } = repairContent(readContent(doc));
    const bare = { schema: SCHEMA_VERSION, title: titleOf(content), content, pictures: {} };
    if (shownFigures(content).length === 0) return { report: bare, leftOut, seq };
    const report: ReportJson = { ...bare, figures: statedIn(content, keeper, told) };
    return { report, leftOut: [...leftOut, ...lostFigures(report)], seq };
  });
}

/** What people set of each registered figure. */
const toldIn = (doc: Parameters<typeof figuresOf>[0]) =>
  new Map([...figuresOf(doc)].map(([id, map]) => [id, (map.get('set') as FigureFields | undefined) ?? {}]));

/** As the text has them now: what the register says of a number may be a moment older. */
function statedIn(
  content: ContentJson,
  keeper: Keeper | null,
  told: ReadonlyMap<string, FigureFields> | null,
): Record<string, StatedFigure> {
  const figures: Record<string, StatedFigure> = {};
  if (keeper === null || told === null) return figures;
  const ids = shownFigures(content).filter((id) => told.has(id));
  for (const [id, { now, at }] of sightedFigures(content, keeper, ids)) {
    const stated = statedOf(now, told.get(id) ?? {});
    if (stated !== null) figures[id] = at === null ? stated : { ...stated, at };
  }
  return figures;
}
