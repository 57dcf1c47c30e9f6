/** For tests: somebody who writes in an editor, without the editor. */
import { getSchema } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import { absolutePositionToRelativePosition, initProseMirrorDoc, updateYFragment } from 'y-prosemirror';
import { toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { contentExtensions } from '#lib/editor/schema.ts';
import { UndoManager } from '#lib/editor/undomanager.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { Selection } from './anchors.ts';
import { CONTEXT } from './thread.ts';

const schema = getSchema(contentExtensions((id) => id));

export function paragraph(text: string, style = 'body'): Node {
  return schema.nodeFromJSON({
    type: 'paragraph',
    attrs: { style },
    content: text === '' ? [] : [{ type: 'text', text }],
  });
}

export function nodeOf(json: unknown): Node {
  return schema.nodeFromJSON(json);
}

/** Changes a Y.Doc as the editor does: through ProseMirror and y-prosemirror's difference. */
export class Editor {
  readonly doc: Y.Doc;
  readonly #undo: UndoManager;

  constructor(doc = new Y.Doc()) {
    this.doc = doc;
    this.#undo = new UndoManager(this.content, { trackedOrigins: new Set(['editor']), captureTimeout: 0 });
  }

  get content(): Y.XmlFragment {
    return this.doc.getXmlFragment(CONTENT_FRAGMENT);
  }

  get view(): Node {
    return initProseMirrorDoc(this.content, schema).doc;
  }

  /** Where words begin in the editor, the `nth` time they stand there, from 1. */
  find(words: string, nth = 1): number {
    let found = -1;
    let left = nth;
    this.view.descendants((node, position) => {
      for (let at = node.isTextblock ? node.textContent.indexOf(words) : -1; at >= 0;) {
        if (--left === 0) found = position + 1 + at;
        at = node.textContent.indexOf(words, at + 1);
      }
      return !node.isTextblock;
    });
    if (found < 0) throw new Error(`${words} is not there ${nth} times`);
    return found;
  }

  /** Changes the document; answers the updates that brought it about. */
  edit(change: (transaction: Transaction) => void): Uint8Array[] {
    return this.#updatesOf(() => {
      const { doc, meta } = initProseMirrorDoc(this.content, schema);
      const { tr } = EditorState.create({ doc });
      change(tr);
      this.doc.transact(() => updateYFragment(this.doc, this.content, tr.doc, meta), 'editor');
    });
  }

  undo(): Uint8Array[] {
    return this.#updatesOf(() => this.#undo.undo());
  }

  redo(): Uint8Array[] {
    return this.#updatesOf(() => this.#undo.redo());
  }

  #updatesOf(change: () => void): Uint8Array[] {
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array) => updates.push(update);
    this.doc.on('update', keep);
    change();
    this.doc.off('update', keep);
    return updates;
  }

  /** What a browser says of a selection between two positions of the editor. */
  select(from: number, to: number): Selection {
    const { doc, mapping } = initProseMirrorDoc(this.content, schema);
    const position = (at: number) =>
      toBase64(
        Y.encodeRelativePosition(
          absolutePositionToRelativePosition(at, this.content, mapping) as Y.RelativePosition,
        ),
      );
    const text = (start: number, end: number) => doc.textBetween(start, end, '\n', '\ufffc');
    return {
      from: position(from),
      to: position(to),
      exact: text(from, to),
      prefix: text(0, from).slice(-CONTEXT),
      suffix: text(to, doc.content.size).slice(0, CONTEXT),
    };
  }

  selectWords(words: string, nth = 1): Selection {
    const from = this.find(words, nth);
    return this.select(from, from + words.length);
  }
}

/** The place of a block's beginning by its index. */
export const blockAt = (tr: Transaction, index: number): number =>
  tr.doc.children.slice(0, index).reduce((sum, block) => sum + block.nodeSize, 0);

/** Moves a block, as the editor's command does. */
export function move(tr: Transaction, from: number, to: number): void {
  const block = tr.doc.child(from);
  const at = blockAt(tr, from);
  tr.delete(at, at + block.nodeSize);
  tr.insert(blockAt(tr, to), block);
}

export const WORDS = '春耕备播';
export const TEXT = [
  '全县工作综述',
  '聚焦农时，抓好春耕备播工作，确保颗粒归仓。',
  '聚焦民生，办好家门口学校。',
];

type Step = (editor: Editor) => Uint8Array[];
const start = (editor: Editor) => editor.find(WORDS);
const end = (editor: Editor) => start(editor) + WORDS.length;
const undo: Step = (editor) => editor.undo();
const edit =
  (change: (tr: Transaction, editor: Editor) => void): Step =>
  (editor) =>
    editor.edit((tr) => change(tr, editor));
const cut = edit((tr, editor) => tr.delete(start(editor), end(editor)));

/** Edits of {@link TEXT} after which {@link WORDS} are still there: the seventeen of the issue. */
export const SEVENTEEN: Record<string, readonly Step[]> = {
  'typing elsewhere': [edit((tr, editor) => tr.insertText('今年', editor.find('办好')))],
  'bold over the words': [
    edit((tr, editor) => tr.addMark(start(editor) - 1, start(editor) + 2, schema.mark('bold'))),
  ],
  'typing at the start edge': [edit((tr, editor) => tr.insertText('当前', start(editor)))],
  'typing at the end edge': [edit((tr, editor) => tr.insertText('各项', end(editor)))],
  'a block inserted above': [edit((tr) => tr.insert(0, paragraph('新的一段')))],
  'Enter after the words': [edit((tr, editor) => tr.split(end(editor)))],
  'Enter before them in the same paragraph': [edit((tr, editor) => tr.split(start(editor)))],
  'Enter and undo': [edit((tr, editor) => tr.split(start(editor))), undo],
  'Enter at the paragraph’s start': [edit((tr, editor) => tr.split(editor.find('聚焦农时')))],
  'style to heading': [edit((tr) => tr.setNodeAttribute(blockAt(tr, 1), 'style', 'heading1'))],
  'style to list': [edit((tr) => tr.setNodeAttribute(blockAt(tr, 1), 'style', 'bullet'))],
  'join with the paragraph before': [edit((tr) => tr.join(blockAt(tr, 1)))],
  'the block moved': [edit((tr) => move(tr, 1, 2))],
  'cut and pasted elsewhere': [cut, edit((tr, editor) => tr.insertText(WORDS, editor.find('学校')))],
  'the word deleted and undone': [cut, undo],
  'the paragraph deleted and undone': [edit((tr) => tr.delete(blockAt(tr, 1), blockAt(tr, 2))), undo],
  'everything deleted and undone': [
    edit((tr) => tr.replaceWith(0, tr.doc.content.size, paragraph(''))),
    undo,
  ],
};
