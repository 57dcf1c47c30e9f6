/** The editor of a report, without a framework: what mounts it, what it tells, what it can be asked to do. */
import { Editor, Extension } from '@tiptap/core';
import { dropCursor } from '@tiptap/pm/dropcursor';
import { gapCursor } from '@tiptap/pm/gapcursor';
import { type Command, Selection, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import type { WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import { CONTENT_FRAGMENT, type FiguresAttrs } from '#lib/report/model.ts';
import { type Annotation, annotationRange, annotations } from './annotations.ts';
import { type AuthoredRun, authors, showAuthors } from './authors.ts';
import { ACTIONS, type ActionName, keys, type RequestName } from './actions.ts';
import { carets, type ClientInfo } from './carets.ts';
import { clipboard } from './clipboard.ts';
import { collaboration } from './collaboration.ts';
import { setLink } from './commands.ts';
import { type EditorStatus, readStatus } from './editorstatus.ts';
import { followCarets } from './following.ts';
import { gateComposition } from './ime.ts';
import {
  type FindStatus,
  findPlugin,
  findStatus,
  type Query,
  replaceAll,
  replaceMatch,
  setQuery,
  stepMatch,
} from './find.ts';
import {
  figureFlags,
  figureMarkAt,
  figureMarks,
  figures,
  type FigureMark,
  type FigureTold,
} from './figuremarks.ts';
import { boxOf, firstBlock } from './blocks.ts';
import { near } from './near.ts';
import { putFigures, selectedFigures } from './figureblock.ts';
import { type StatedById, StatedFigures } from './stated.ts';
import { freshSelection } from './freshselection.ts';
import { keepOneParagraph } from './oneparagraph.ts';
import { PAPER_CLASS } from './paper.ts';
import type { PictureUrl } from './picture.ts';
import type { Range } from './difference.ts';
import { readingKeys } from './reading.ts';
import { contentExtensions } from './schema.ts';
import { typing } from './typing.ts';
import { type SelectedWords, selectedRange, wordsAt } from './words.ts';
import { createUndo, isOneStep } from './undo.ts';
import { type CopyPicture, createUploads, type UploadFailure, type UploadPicture } from './uploads.ts';

export interface ReportEditorOptions {
  /** The element that the editable text is put into. */
  element: HTMLElement;
  doc: Y.Doc;
  awareness: Awareness;
  /** y-websocket's provider, whose messages wait while a composition runs; null for a doc that none feeds. */
  provider: WebsocketProvider | null;
  editable: boolean;
  /** Who is behind a client id, by the server's word. */
  clientInfo: ClientInfo;
  pictureUrl: PictureUrl;
  /** The accessible name of the text. */
  label: string;
  /** What is known of the register's figures before it is here. */
  stated: StatedById;
  uploadPicture: UploadPicture;
  copyPicture: CopyPicture;
  /** What people should be told about what they did. */
  onNotice: (notice: EditorNotice) => void;
  /** What a key asks of the surroundings: the find bar, the link field, a file to choose. */
  onRequest: (name: Exclude<RequestName, 'undo' | 'redo'>) => void;
  /** An annotation was clicked; null: text without any. */
  onAnnotation: (id: string | null) => void;
  /** What comes before undoing one's own last edit: true, when it took the undo for itself. */
  onUndo: () => boolean;
}

export type EditorNotice =
  /** A paste left out pictures that could not be had. */
  | { kind: 'picturesDropped'; count: number }
  /** Tables and charts of another report's figures were pasted as plain tables. */
  | { kind: 'figuresPlain'; count: number }
  | UploadFailure;

export interface ReportEditor {
  readonly view: EditorView;
  setEditable(editable: boolean): void;
  /** Calls back after every transaction (typing, a colleague's change, a moved caret). Returns what ends it. */
  subscribe(listener: (transaction: Transaction) => void): () => void;
  status(): EditorStatus;
  /** Does a named action; false where it does not apply. */
  run(action: ActionName): boolean;
  can(action: ActionName): boolean;
  undo(): boolean;
  redo(): boolean;
  /** Links the selection; false for an address that may not stand in a link. */
  link(href: string): boolean;
  /** Uploads picture files and puts them after the block of the caret. */
  insertPictures(files: readonly File[]): void;
  readonly find: {
    status(): FindStatus;
    /** Marks what matches and shows the first from the caret on; '' ends the search. */
    setQuery(query: Query): void;
    /** Goes to the next (+1) or previous (−1) match. */
    step(by: 1 | -1): void;
    /** Replaces the current match; false without one. */
    replace(text: string): boolean;
    /** Replaces all matches as one undo step; answers how many. */
    replaceAll(text: string): number;
  };
  readonly annotations: {
    /** Shows these and no others. */
    set(list: readonly Annotation[]): void;
    /** Marks one out among the others. */
    activate(id: string | null): void;
    /** Where its words are; null while they are not in the text. */
    range(id: string): Range | null;
    /** Scrolls its words to the middle of the window; false while they are not in the text. */
    reveal(id: string): boolean;
  };
  readonly figures: {
    /** Reads and marks the text with this; what it does not name stays as it is. */
    tell(told: FigureTold): void;
    /** All of the text, in its order; none before there is a reader. */
    list(): FigureMark[];
    at(position: number): FigureMark | null;
    /** What the tables and charts of the text show; `set` redraws them. */
    readonly stated: StatedFigures;
    /** The selected table or chart; null: none is. */
    selected(): FiguresAttrs | null;
    /** Puts a table or chart in the place of the selected one, or after the block of the caret. */
    put(attrs: FiguresAttrs): boolean;
  };
  /** Replaces stretches within paragraphs, in the order of the text, as one undo step; false if that may not be. */
  replaceEach(edits: readonly (Range & { text: string })[]): boolean;
  /** Scrolls words into view and selects them. */
  show(range: Range): void;
  /** Shows who wrote what, by top-level block; null: nothing of it. */
  showAuthors(blocks: readonly (readonly AuthoredRun[])[] | null): void;
  /** Words of the text, for an annotation; null when there are none. */
  words(range: Range): SelectedWords | null;
  /** What is selected, for an annotation; null when nothing is. */
  selectedWords(): SelectedWords | null;
  /** The selected text when it lies in one block and is short, as a first thing to look for; else ''. */
  selectedText(): string;
  focus(): void;
  /** Puts the caret behind what is selected. */
  collapse(): void;
  /** Scrolls to a top-level block (0-based) and puts the caret at its start. */
  reveal(block: number): void;
  /**
   * The index of the top-level block that the caret stands in, while it is between `top` and `bottom`
   * (CSS pixels of the window) and the text can be edited; else of the first block that reaches below `top`.
   */
  blockInView(top: number, bottom: number): number;
  /** Keeps a colleague's caret in view until `null`, or until one types or scrolls oneself. */
  follow(clientId: number | null): void;
  readonly following: number | null;
  destroy(): void;
}

/** An editor in `options.element`, which shows the report and is ready for keys. `destroy` ends it. */
export function createReportEditor(options: ReportEditorOptions): ReportEditor {
  const { doc, awareness } = options;
  const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
  const { plugins, binding } = collaboration(fragment);
  const undo = createUndo(fragment, binding);
  const listeners = new Set<(transaction: Transaction) => void>();

  const undoLast = () => options.onUndo() || undo.undo(editor.view);
  function request(name: RequestName): void {
    if (name === 'undo') undoLast();
    else if (name === 'redo') undo.redo(editor.view);
    else options.onRequest(name);
  }

  const marks = annotations(binding, (id) => options.onAnnotation(id));
  const numbers = figures(binding);
  const stated = new StatedFigures(options.stated);
  const uploads = createUploads(options.uploadPicture, options.copyPicture, options.onNotice);
  /** Makes what comes next an undo step of its own. */
  const separate = () => undo.manager.stopCapturing();

  const editor = new Editor({
    element: options.element,
    editable: options.editable,
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    // Ours, all in `actions.ts`, or not wanted.
    enableCoreExtensions: {
      keymap: false,
      delete: false,
      drop: false,
      paste: false,
      textDirection: false,
      clipboardTextSerializer: false,
    },
    extensions: [
      ...contentExtensions(options.pictureUrl, { stated, onEdit: () => request('figures') }),
      Extension.create({
        name: 'report',
        addProseMirrorPlugins() {
          const { schema } = this.editor;
          return [
            freshSelection(),
            keys(request, separate),
            typing(separate),
            uploads.plugin,
            clipboard(schema, {
              pictureUrl: options.pictureUrl,
              uploads,
              stated,
              onPlainFigures: (count) => options.onNotice({ kind: 'figuresPlain', count }),
              onDropped: (count) => options.onNotice({ kind: 'picturesDropped', count }),
            }),
            findPlugin(),
            authors(),
            marks.plugin,
            near(),
            numbers.plugin,
            figureFlags(),
            readingKeys(),
            ...plugins,
            undo.plugin,
            carets(awareness, binding, options.clientInfo),
            keepOneParagraph(),
            dropCursor({ class: 'drop-cursor', color: false, width: 2 }),
            gapCursor(),
          ];
        },
      }),
    ],
    editorProps: {
      attributes: {
        class: PAPER_CLASS,
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        spellcheck: 'false',
        // Text that may not be written takes the focus too: its words can be selected and commented on.
        tabindex: '0',
      },
      scrollMargin: 80,
      scrollThreshold: 40,
    },
    onTransaction: ({ transaction }) => {
      if (isOneStep(transaction)) separate();
      for (const listener of listeners) listener(transaction);
    },
  });
  const { view } = editor;
  const setEditable = (editable: boolean) => {
    editor.setEditable(editable);
    view.dom.setAttribute('aria-readonly', String(!editable));
  };
  setEditable(options.editable);
  // Filling the empty document leaves all of it selected: the first key would replace it.
  view.dispatch(view.state.tr.setSelection(Selection.atStart(view.state.doc)));
  const following = followCarets(view, options.clientInfo);
  listeners.add(following.look);
  const gate = gateComposition(view.dom, options.provider, undo.manager);

  const attempt = (command: Command) => {
    separate();
    const done = view.editable && command(view.state, view.dispatch, view);
    separate();
    return done;
  };
  const run = (command: Command) => {
    const done = attempt(command);
    view.focus();
    return done;
  };

  return {
    view,
    setEditable,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => readStatus(view, undo.manager),
    run: (action) => run(ACTIONS[action]),
    can: (action) => view.editable && ACTIONS[action](view.state),
    undo: undoLast,
    redo: () => undo.redo(view),
    // A refused address is mended where it was typed: the focus stays there.
    link: (href) => attempt(setLink(href)),
    insertPictures: (files) => uploads.insert(view, files),
    find: {
      status: () => findStatus(view.state),
      setQuery: (query) => setQuery(view, query),
      step: (by) => stepMatch(view, by),
      replace(text) {
        separate();
        const done = replaceMatch(view, text);
        separate();
        return done;
      },
      replaceAll(text) {
        separate();
        const count = replaceAll(view, text);
        separate();
        return count;
      },
    },
    annotations: {
      set: (list) => marks.set(view, list),
      activate: (id) => marks.activate(view, id),
      range: (id) => annotationRange(view.state, id),
      reveal(id) {
        const range = annotationRange(view.state, id);
        if (range === null) return false;
        const dom = view.nodeDOM(range.from) ?? view.domAtPos(range.from).node;
        const element = dom instanceof Element ? dom : dom.parentElement;
        element?.scrollIntoView({ block: 'center' });
        return true;
      },
    },
    figures: {
      tell: (told) => numbers.tell(view, told),
      list: () => figureMarks(view.state),
      at: (position) => figureMarkAt(view.state, position),
      stated,
      selected: () => selectedFigures(view.state),
      put: (attrs) => run(putFigures(attrs)),
    },
    replaceEach(edits) {
      if (!view.editable || view.composing) return false;
      separate();
      binding.replaceEach(edits.toReversed());
      separate();
      return true;
    },
    show({ from, to }) {
      const { doc, tr } = view.state;
      view.dispatch(tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))));
      const { node } = view.domAtPos(from);
      const element = node instanceof Element ? node : node.parentElement;
      element?.scrollIntoView({ block: 'center' });
    },
    showAuthors: (blocks) => showAuthors(view, blocks),
    words: (range) => wordsAt(view.state.doc, binding, range),
    selectedWords: () => wordsAt(view.state.doc, binding, selectedRange(view.state.selection)),
    selectedText() {
      const { $from, $to, from, to } = view.state.selection;
      return $from.sameParent($to) && to - from <= 100 ? view.state.doc.textBetween(from, to) : '';
    },
    focus() {
      view.focus();
      // Which leaves text alone that cannot be edited.
      if (!view.editable) view.dom.focus({ preventScroll: true });
    },
    collapse() {
      const { doc, selection, tr } = view.state;
      const end = Math.max(selection.to, ...selection.ranges.map(({ $to }) => $to.pos));
      view.dispatch(tr.setSelection(Selection.near(doc.resolve(end), -1)));
      // Of text that cannot be edited, the browser's own selection is left as it was.
      const shown = getSelection();
      if (!view.editable && view.dom.contains(shown?.anchorNode ?? null)) shown?.collapseToEnd();
    },
    reveal(block) {
      const { state } = view;
      if (block < 0 || block >= state.doc.childCount) return;
      let position = 0;
      for (let i = 0; i < block; i++) position += state.doc.child(i).nodeSize;
      view.dispatch(state.tr.setSelection(Selection.near(state.doc.resolve(position + 1))));
      const dom = view.nodeDOM(position);
      if (dom instanceof HTMLElement) dom.scrollIntoView({ block: 'start' });
      view.focus();
    },
    blockInView(top, bottom) {
      const { doc, selection } = view.state;
      const caret = selection.$from.index(0);
      if (view.editable) {
        const box = boxOf(view, selection.$from.posAtIndex(caret, 0));
        if (box.bottom > top && box.top < bottom) return caret;
      }
      const { index } = firstBlock(view, (box) => box.bottom > top);
      return index < doc.childCount ? index : caret;
    },
    follow: (clientId) => following.follow(clientId),
    get following() {
      return following.current;
    },
    destroy() {
      following.end();
      gate.destroy();
      listeners.clear();
      editor.destroy();
      undo.destroy();
    },
  };
}
