/** What a publisher is to know of a report before it is published (发布前核对). Pure. */
import type { Issue } from '#lib/report/limits.ts';
import type { ContentJson } from '#lib/report/model.ts';
import { titleOf } from '#lib/report/title.ts';
import type { Thread } from '#lib/review/thread.ts';
import { checkReport } from './check.ts';
import { checkedReport } from './document.ts';
import type { CheckedReport, Finding } from './figure.ts';
import { checkGlossary, type GlossaryTerm } from './glossary.ts';
import { checkLanguage } from './language.ts';
import type { Dismissal, RegisteredFigure } from './register.ts';

/**
 * In the order they are shown. `mismatch`: numbers that contradict each other; `query`: numbers that a person
 * should look at; `stale`, `orphan`, `unverified`: registered figures; `language`: marks, wording and names;
 * `leftOut`: what the document holds and no format lets through.
 */
export const CHECKLIST_KINDS = [
  'title',
  'picture',
  'mismatch',
  'blocking',
  'stale',
  'orphan',
  'unverified',
  'thread',
  'query',
  'language',
  'leftOut',
] as const;
export type ChecklistKind = (typeof CHECKLIST_KINDS)[number];

/** What is published only with a reason. */
const STOPPING: ReadonlySet<ChecklistKind> = new Set(['title', 'picture', 'mismatch', 'blocking']);

export type ChecklistItem =
  | { kind: 'title' }
  /** A picture that is shown and not there. */
  | { kind: 'picture'; id: string }
  /** An open comment or proposal; its words. */
  | { kind: 'blocking' | 'thread'; id: string; words: string }
  | { kind: 'stale' | 'orphan' | 'unverified'; id: string; words: string }
  | { kind: 'mismatch' | 'query' | 'language'; finding: Finding; words: string }
  | { kind: 'leftOut'; issue: Issue };

export interface ChecklistGroup {
  kind: ChecklistKind;
  /** Whether it takes a reason to publish all the same. */
  stops: boolean;
  count: number;
  /** The first of them, at most {@link MOST_ITEMS}. */
  items: ChecklistItem[];
}

/** So many of a kind are named. */
export const MOST_ITEMS = 50;

export interface Checked {
  /** As it was repaired. */
  content: ContentJson;
  leftOut: readonly Issue[];
  /** The ids of pictures that are shown but not there. */
  missingPictures: readonly string[];
  threads: readonly Thread[];
  figures: readonly RegisteredFigure[];
  dismissals: readonly Dismissal[];
  terms: readonly GlossaryTerm[];
}

/** Every item, in the order of {@link CHECKLIST_KINDS} and of the text. What was dismissed is none. */
export function checklistItems(checked: Checked): ChecklistItem[] {
  const { content, leftOut, missingPictures, threads, figures } = checked;
  const items: ChecklistItem[] = [
    ...(titleOf(content).trim() === '' ? [{ kind: 'title' as const }] : []),
    ...missingPictures.map((id) => ({ kind: 'picture' as const, id })),
    ...figures.flatMap(figureItem),
    ...threads
      .filter(({ status }) => status === 'open')
      .map(({ id, blocking, anchor }) => ({
        kind: blocking ? ('blocking' as const) : ('thread' as const),
        id,
        words: anchor.exact,
      })),
    ...findingItems(checked),
    ...leftOut.map((issue) => ({ kind: 'leftOut' as const, issue })),
  ];
  // Sorting keeps the order within a kind.
  return items.sort((a, b) => CHECKLIST_KINDS.indexOf(a.kind) - CHECKLIST_KINDS.indexOf(b.kind));
}

/** The same by kind; kinds without items are left out. */
export function checklistGroups(items: readonly ChecklistItem[]): ChecklistGroup[] {
  return [...Map.groupBy(items, ({ kind }) => kind)].map(([kind, all]) => ({
    kind,
    stops: STOPPING.has(kind),
    count: all.length,
    items: all.slice(0, MOST_ITEMS),
  }));
}

function figureItem({ id, state, surface }: RegisteredFigure): ChecklistItem[] {
  if (state === 'verified') return [];
  return [{ kind: state === 'registered' ? 'unverified' : state, id, words: surface }];
}

function findingItems({ content, dismissals, terms }: Checked): ChecklistItem[] {
  const report = checkedReport(content);
  const dismissed = new Set(dismissals.map(({ finding }) => finding));
  const open = (findings: readonly Finding[]) =>
    findings.filter(
      ({ verdict, key }) => (verdict === 'mismatch' || verdict === 'query') && !dismissed.has(key),
    );
  return [
    ...open(checkReport(report)).map((finding) => ({
      kind: finding.verdict === 'mismatch' ? ('mismatch' as const) : ('query' as const),
      finding,
      words: wordsOf(report, finding),
    })),
    ...open([...checkGlossary(report, terms), ...checkLanguage(report)]).map((finding) => ({
      kind: 'language' as const,
      finding,
      words: wordsOf(report, finding),
    })),
  ];
}

function wordsOf({ blocks }: CheckedReport, { ranges: [first] }: Finding): string {
  return first === undefined ? '' : (blocks[first.block]?.text.slice(first.start, first.end) ?? '');
}
