/**
 * A paragraph's text as a tree: marks and annotations nested, so that no element is opened twice where
 * once will do, and a link or a document's name is never torn apart. Every format renders this tree.
 */
import type { InlineJson, MarkName } from '#lib/report/model.ts';
import type { Annotate, Annotation } from './annotate.ts';

export type Wrapper =
  | { kind: Exclude<MarkName, 'link'> }
  | { kind: 'link'; href: string }
  | { kind: 'annotation'; annotation: Annotation };

export type Inline =
  { kind: 'text'; text: string } | { kind: 'break' } | { kind: 'wrap'; wrapper: Wrapper; children: Inline[] };

interface Piece {
  leaf: Inline;
  wrappers: Range[];
}
/** A wrapper and the pieces it covers, `to` exclusive. A `whole` one may not be split. */
interface Range {
  wrapper: Wrapper;
  from: number;
  to: number;
  whole: boolean;
}

const length = (inline: InlineJson) => (inline.type === 'text' ? inline.text.length : 1);

/** Builds the tree. Annotations that a link's border would tear are left out. */
export function inlineTree(content: readonly InlineJson[], annotate: Annotate = () => []): Inline[] {
  const text = content.map((inline) => (inline.type === 'text' ? inline.text : '\n')).join('');
  const links = markRanges(content, 'link');
  const annotations = nesting(annotate(text), links);
  // Pieces end wherever a run of text or an annotation does.
  const cuts = new Set(annotations.flatMap(({ from, to }) => [from, to]));
  const pieces: { leaf: Inline; inline: InlineJson; from: number }[] = [];
  let offset = 0;
  for (const inline of content) {
    if (inline.type === 'text') {
      let start = 0;
      for (let end = 1; end <= inline.text.length; end += 1) {
        if (end < inline.text.length && !cuts.has(offset + end)) continue;
        pieces.push({
          leaf: { kind: 'text', text: inline.text.slice(start, end) },
          inline,
          from: offset + start,
        });
        start = end;
      }
    } else pieces.push({ leaf: { kind: 'break' }, inline, from: offset });
    offset += length(inline);
  }
  const ranges: Range[] = [];
  const indices = new Map(pieces.map((piece, index) => [piece.from, index]));
  const indexOf = (position: number) => indices.get(position) ?? pieces.length;
  for (const annotation of annotations) {
    const wrapper: Wrapper = { kind: 'annotation', annotation };
    ranges.push({ wrapper, from: indexOf(annotation.from), to: indexOf(annotation.to), whole: true });
  }
  for (const link of links) {
    const wrapper: Wrapper = { kind: 'link', href: link.href };
    ranges.push({ wrapper, from: indexOf(link.from), to: indexOf(link.to), whole: true });
  }
  for (const kind of ['runIn', 'bold', 'italic', 'underline', 'strike', 'highlight'] as const) {
    for (const { from, to } of markRanges(content, kind)) {
      ranges.push({ wrapper: { kind }, from: indexOf(from), to: indexOf(to), whole: false });
    }
  }
  const covered = pieces.map(({ leaf }): Piece => ({ leaf, wrappers: [] }));
  for (const range of ranges) {
    for (let index = range.from; index < range.to; index += 1) covered[index]?.wrappers.push(range);
  }
  return build(covered, 0, covered.length, []);
}

/** Where a mark is set, in offsets of the paragraph's text; runs of links join when their address is one. */
function markRanges(
  content: readonly InlineJson[],
  name: MarkName,
): { from: number; to: number; href: string }[] {
  const ranges: { from: number; to: number; href: string }[] = [];
  let offset = 0;
  for (const inline of content) {
    const end = offset + length(inline);
    const mark = inline.marks?.find(({ type }) => type === name);
    if (mark) {
      const href = mark.type === 'link' ? mark.attrs.href : '';
      const last = ranges.at(-1);
      if (last && last.to === offset && last.href === href) last.to = end;
      else ranges.push({ from: offset, to: end, href });
    }
    offset = end;
  }
  return ranges;
}

/** The annotations that no link's border tears. Both lists are in order and do not overlap themselves. */
function nesting(
  annotations: readonly Annotation[],
  links: readonly { from: number; to: number }[],
): Annotation[] {
  let first = 0;
  return annotations.filter((one) => {
    while ((links[first]?.to ?? Infinity) <= one.from) first += 1;
    for (let index = first; (links[index]?.from ?? Infinity) < one.to; index += 1) {
      const link = links[index];
      if (!link) break;
      const isInside = link.from >= one.from && link.to <= one.to;
      const isAround = link.from <= one.from && link.to >= one.to;
      if (!isInside && !isAround) return false;
    }
    return true;
  });
}

function build(pieces: readonly Piece[], from: number, to: number, applied: readonly Range[]): Inline[] {
  const out: Inline[] = [];
  let index = from;
  while (index < to) {
    const piece = pieces[index];
    if (!piece) break;
    const open = piece.wrappers.filter((range) => !applied.includes(range));
    let best: Range | null = null;
    let bestEnd = index;
    for (const range of open) {
      const end = range.whole ? range.to : uncut(pieces, index, Math.min(range.to, to), applied);
      if (end > bestEnd) [best, bestEnd] = [range, end];
    }
    if (best === null) {
      out.push(piece.leaf);
      index += 1;
      continue;
    }
    out.push({
      kind: 'wrap',
      wrapper: best.wrapper,
      children: build(pieces, index, bestEnd, [...applied, best]),
    });
    index = bestEnd;
  }
  return out;
}

/** How far a mark that begins at `from` may reach towards `to` without tearing what must stay whole. */
function uncut(pieces: readonly Piece[], from: number, to: number, applied: readonly Range[]): number {
  let end = to;
  for (let index = from; index < end; index += 1) {
    for (const range of pieces[index]?.wrappers ?? []) {
      if (!range.whole || applied.includes(range) || range.to <= end) continue;
      // It began before or at `from`: the whole one has to be opened first.
      end = Math.max(range.from, from);
    }
  }
  return end;
}

/** A piece of a run-in heading, whose mark is said by the element around it. */
export const withoutRunIn = (inline: InlineJson): InlineJson => ({
  ...inline,
  marks: (inline.marks ?? []).filter((mark) => mark.type !== 'runIn'),
});
