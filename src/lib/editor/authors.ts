/** Who wrote what, shown on the text on demand: a bar for each block, a tint and a name for each stretch. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import { Mapping, StepMap } from '@tiptap/pm/transform';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { isRemoteChange } from './collaboration.ts';
import { difference } from './difference.ts';

/** So many UTF-16 units of a block's text. */
export interface AuthoredRun {
  length: number;
  /** A CSS colour; null: nobody's text. */
  color: string | null;
  /** Who wrote it and when, in words. */
  title: string;
}

const authorsKey = new PluginKey<DecorationSet>('authors');

/** The colour of most of a block's text. */
function mainColor(runs: readonly AuthoredRun[]): string | null {
  const lengths = new Map<string | null, number>();
  for (const { color, length } of runs) lengths.set(color, (lengths.get(color) ?? 0) + length);
  return [...lengths].reduce((a, b) => (b[1] > a[1] ? b : a), [null, 0] as [string | null, number])[0];
}

/** A block that has changed since its authors were read is left out: its letters may be anybody's. */
function decorateBlock(block: ProseMirrorNode, at: number, runs: readonly AuthoredRun[]): Decoration[] {
  const length = runs.reduce((sum, run) => sum + run.length, 0);
  if (length === 0 || length !== block.textContent.length) return [];
  const color = mainColor(runs);
  const decorations =
    color === null
      ? []
      : [Decoration.node(at, at + block.nodeSize, { class: 'authored', style: `--author: ${color}` })];
  const left = runs.map((run) => ({ ...run }));
  block.descendants((node, position) => {
    if (!node.isText) return;
    let from = at + 1 + position;
    let rest = node.nodeSize;
    while (rest > 0) {
      const run = left[0];
      if (run === undefined) return;
      const part = Math.min(rest, run.length);
      const attributes = {
        title: run.title,
        ...(run.color !== null && { class: 'tinted', style: `--author: ${run.color}` }),
      };
      decorations.push(Decoration.inline(from, from + part, attributes));
      from += part;
      rest -= part;
      run.length -= part;
      if (run.length === 0) left.shift();
    }
  });
  return decorations;
}

function draw({ doc }: EditorState, blocks: readonly (readonly AuthoredRun[])[] | null): DecorationSet {
  if (blocks === null || blocks.length !== doc.childCount) return DecorationSet.empty;
  const decorations: Decoration[] = [];
  doc.forEach((block, at, index) => decorations.push(...decorateBlock(block, at, blocks[index] ?? [])));
  return DecorationSet.create(doc, decorations);
}

export function authors(): Plugin {
  return new Plugin<DecorationSet>({
    key: authorsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, drawn, { doc: before }, state) {
        const told: readonly (readonly AuthoredRun[])[] | null | undefined = tr.getMeta(authorsKey);
        if (told !== undefined) return draw(state, told);
        if (!tr.docChanged || drawn === DecorationSet.empty) return drawn;
        if (!isRemoteChange(tr)) return drawn.map(tr.mapping, tr.doc);
        const change = difference(before, tr.doc);
        if (change === null) return drawn;
        const { from, beforeTo, afterTo } = change;
        return drawn.map(new Mapping([new StepMap([from, beforeTo - from, afterTo - from])]), tr.doc);
      },
    },
    props: { decorations: (state) => authorsKey.getState(state) },
  });
}

/** Shows the authors of each top-level block; null: of none. */
export function showAuthors(view: EditorView, blocks: readonly (readonly AuthoredRun[])[] | null): void {
  // Redrawing under a composition would end it; the next reading shows what is new.
  if (!view.composing) view.dispatch(view.state.tr.setMeta(authorsKey, blocks));
}
