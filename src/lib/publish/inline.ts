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
  wrappers: readonly Range[];
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
  const annotations = annotate(text).filter((one) => links.every((link) => nest(one, link)));
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
  const indexOf = (position: number) => {
    const index = pieces.findIndex((piece) => piece.from >= position);
    return index === -1 ? pieces.length : index;
  };
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
  const covered: Piece[] = pieces.map(({ leaf }, index) => ({
    leaf,
    wrappers: ranges.filter((range) => range.from <= index && index < range.to),
  }));
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

interface Span {
  from: number;
  to: number;
}
/** Whether two spans are apart, or one holds the other. */
const nest = (a: Span, b: Span) =>
  a.to <= b.from ||
  b.to <= a.from ||
  (a.from <= b.from && b.to <= a.to) ||
  (b.from <= a.from && a.to <= b.to);

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
