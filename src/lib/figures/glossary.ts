/** Holding a report against the glossary (提法库) of its workspace: near misses of canonical names. */
import type { Finding, MeasureKind } from './figure.ts';
import { type AnyReport, asChecked } from './document.ts';

/** One canonical name, without quotes or 《》. */
export interface GlossaryTerm {
  name: string;
  kind: MeasureKind;
}

/** Shorter names have too many words beside them that differ by one character. */
const MIN_LENGTH = 4;
/** So far back the 《 of a longer title is looked for. */
const MAX_TITLE = 80;

/**
 * Where a name is written with one character other than it should be, and documents that lack their 《》. What
 * is itself a canonical name is none. A name is looked for by its halves: one of them is right in every near miss.
 */
export function checkGlossary(report: AnyReport, terms: readonly GlossaryTerm[]): Finding[] {
  const { blocks } = asChecked(report);
  const names = new Set(terms.map(({ name }) => name));
  return blocks.flatMap(({ text }, block) =>
    terms
      .filter(({ name }) => name.length >= MIN_LENGTH)
      .flatMap((term) => [...nearMisses(text, block, term, names), ...unmarked(text, block, term)])
      .sort((a, b) => (a.ranges[0]?.start ?? 0) - (b.ranges[0]?.start ?? 0)),
  );
}

function nearMisses(
  text: string,
  block: number,
  { name }: GlossaryTerm,
  names: ReadonlySet<string>,
): Finding[] {
  const half = Math.floor(name.length / 2);
  const starts = new Set<number>();
  for (const at of placesOf(text, name.slice(0, half))) starts.add(at);
  for (const at of placesOf(text, name.slice(half))) starts.add(at - half);
  return [...starts].flatMap((start) => {
    const found = text.slice(start, start + name.length);
    if (start < 0 || found.length !== name.length || names.has(found) || distance(found, name) !== 1)
      return [];
    // A mark or a digit in its place is the end of something else.
    const other = [...found].find((char, at) => char !== name.charAt(at)) ?? '';
    if (!/[\u4e00-\u9fff]/.test(other)) return [];
    return [told(block, start, found, name)];
  });
}

function unmarked(text: string, block: number, { name, kind }: GlossaryTerm): Finding[] {
  if (kind !== 'document') return [];
  return placesOf(text, name).flatMap((at) => {
    // Within 《…》, also as part of a longer title, it is marked.
    const before = text.slice(Math.max(0, at - MAX_TITLE), at);
    const isMarked = before.lastIndexOf('《') > before.lastIndexOf('》');
    return isMarked ? [] : [told(block, at, name, `《${name}》`)];
  });
}

function told(block: number, start: number, found: string, better: string): Finding {
  const range = { block, start, end: start + found.length };
  return {
    rule: 'glossary',
    verdict: 'query',
    ranges: [range],
    message: { key: 'figures_finding_glossary', params: { found, better } },
    arithmetic: '',
    fix: [{ ...range, text: better }],
    key: `glossary|${found}|${better}`,
  };
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

/** In how many places two names of one length differ. */
function distance(a: string, b: string): number {
  let count = 0;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) count += 1;
  return count;
}
