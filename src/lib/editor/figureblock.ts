/**
 * A table or chart of registered figures: their ids, how they are shown, and a caption. What they say comes
 * from the register and the text, and is never stored. It is edited in a dialog; its caption where it stands.
 */
import { Node } from '@tiptap/core';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type Command, type EditorState, NodeSelection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { statedTable } from '#lib/figures/stated.ts';
import { m } from '#lib/paraglide/messages.js';
import { FIGURE_VIEWS, type FiguresAttrs, type FigureView } from '#lib/report/model.ts';
import { captionInput } from './caption.ts';
import { insertBlocks } from './commands.ts';
import { drawFigures, elementOf, tableOf } from './drawnfigures.ts';
import { newParagraph } from './paragraph.ts';
import type { StatedFigures } from './stated.ts';

export function figuresAttrs(node: ProseMirrorNode): FiguresAttrs {
  const { show, figures, caption } = node.attrs;
  return {
    show: FIGURE_VIEWS.find((view) => view === show) ?? 'table',
    figures: Array.isArray(figures) ? figures.filter((id) => typeof id === 'string') : [],
    caption: typeof caption === 'string' ? caption : '',
  };
}

const SHOWN_AS: Record<FigureView, () => string> = {
  table: m.figures_block_table,
  bar: m.figures_block_bar,
  line: m.figures_block_line,
  share: m.figures_block_share,
};
export const viewName = (view: FigureView): string => SHOWN_AS[view]();

class FiguresView implements NodeView {
  readonly dom = document.createElement('figure');
  private readonly drawn = document.createElement('div');
  private readonly caption: ReturnType<typeof captionInput>;
  private readonly edit = document.createElement('button');
  private node: ProseMirrorNode;
  private readonly stated: StatedFigures;
  private readonly stop: () => void;
  /** What is drawn. */
  private shown = '';

  constructor(
    node: ProseMirrorNode,
    view: EditorView,
    position: () => number | undefined,
    { stated, onEdit }: FiguresOptions,
  ) {
    this.node = node;
    this.stated = stated;
    this.caption = captionInput(m.figures_block_caption(), 'caption', view, position);
    this.dom.className = 'figures';
    this.edit.type = 'button';
    this.edit.textContent = m.figures_block_edit();
    this.edit.addEventListener('click', () => {
      const at = position();
      if (at === undefined || !view.editable) return;
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)));
      onEdit();
    });
    this.dom.append(this.drawn, this.caption.element, this.edit);
    this.stop = stated.show(() => this.draw());
    this.draw();
    this.caption.show(figuresAttrs(node).caption);
  }

  private draw(): void {
    const attrs = figuresAttrs(this.node);
    const look = (id: string) => this.stated.get(id);
    const shown = JSON.stringify([attrs, attrs.figures.map(look)]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.drawn.replaceChildren(...drawFigures(attrs, look).map((branch) => elementOf(branch)));
    this.edit.setAttribute('aria-label', m.figures_block_edit_named({ view: viewName(attrs.show) }));
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    this.caption.show(figuresAttrs(node).caption);
    return true;
  }

  selectNode(): void {
    this.dom.classList.add('selected');
  }
  deselectNode(): void {
    this.dom.classList.remove('selected');
  }
  stopEvent(event: Event): boolean {
    return event.target === this.caption.input || event.target === this.edit;
  }
  ignoreMutation(): boolean {
    return true;
  }
  destroy(): void {
    this.stop();
  }
}

export interface FiguresOptions {
  stated: StatedFigures;
  /** Asks for the dialog that edits the selected block. */
  onEdit: () => void;
}

export const createFigures = (options: FiguresOptions) =>
  Node.create({
    name: 'figures',
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes() {
      const from = (name: string) => (element: HTMLElement) => element.getAttribute(name) ?? '';
      return {
        show: { default: 'table', parseHTML: from('data-show') },
        figures: { default: [], parseHTML: (element: HTMLElement) => idsOf(element) },
        caption: { default: '', parseHTML: from('data-caption') },
      };
    },
    // A report's figures are its own: those of another are pasted as a plain table (`pasted.ts`).
    parseHTML: () => [{ tag: 'figure[data-figures]' }],
    renderHTML({ node }) {
      const { show, figures, caption } = figuresAttrs(node);
      return ['figure', { 'data-figures': figures.join(' '), 'data-show': show, 'data-caption': caption }];
    },
    addNodeView() {
      return ({ node, view, getPos }) => new FiguresView(node, view, getPos, options);
    },
  });

/** The figures that an element of a clipboard names. */
export const idsOf = (element: HTMLElement): string[] =>
  (element.dataset['figures'] ?? '').split(' ').filter((id) => id !== '');

/** What other programs are given of a block: its table with its caption. */
export function copiedFigures(node: ProseMirrorNode, stated: StatedFigures): Element[] {
  const { figures, caption } = figuresAttrs(node);
  const shown = figures.flatMap((id) => stated.get(id)?.figure ?? []);
  const words = document.createElement('p');
  words.textContent = caption;
  return [
    ...(caption === '' ? [] : [words]),
    ...(shown.length === 0 ? [] : [elementOf(tableOf(shown, caption))]),
  ];
}

/** The same as plain text, a line for each row. */
export function figuresText(node: ProseMirrorNode, stated: StatedFigures): string {
  const { figures, caption } = figuresAttrs(node);
  const { head, rows } = statedTable(figures.flatMap((id) => stated.get(id)?.figure ?? []));
  return [...(caption === '' ? [] : [[caption]]), head, ...rows].map((row) => row.join('\t')).join('\n');
}

/** The block that is selected; null: none is. */
export function selectedFigures({ selection }: EditorState): FiguresAttrs | null {
  return selection instanceof NodeSelection && selection.node.type.name === 'figures'
    ? figuresAttrs(selection.node)
    : null;
}

/** Puts these in the place of the selected block, or after the block of the caret; they are selected then. */
export const putFigures =
  (attrs: FiguresAttrs): Command =>
  (state, dispatch) => {
    const { schema, selection } = state;
    const type = schema.nodes['figures'];
    if (type === undefined) throw new Error('the schema has no figures');
    if (selectedFigures(state) !== null) {
      const tr = state.tr.setNodeMarkup(selection.from, undefined, { ...attrs });
      dispatch?.(tr.setSelection(NodeSelection.create(tr.doc, selection.from)));
      return true;
    }
    const node = type.create(attrs);
    const { tr, at } = insertBlocks(state, [node]);
    const end = at + node.nodeSize;
    // Somewhere to go on writing below it.
    if (!tr.doc.resolve(end).nodeAfter) tr.insert(end, newParagraph(schema));
    tr.setSelection(NodeSelection.create(tr.doc, at));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
