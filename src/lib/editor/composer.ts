/** The small editor that comments are written in: paragraphs, bold, line breaks and mentions. Without a framework. */
import { Editor, Extension, Mark, Node } from '@tiptap/core';
import { baseKeymap, chainCommands, exitCode, toggleMark } from '@tiptap/pm/commands';
import { history, redo, undo } from '@tiptap/pm/history';
import { keymap } from '@tiptap/pm/keymap';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type Command, type EditorState, Selection } from '@tiptap/pm/state';
import type { CommentBody, CommentInline, CommentParagraph, Mention } from '#lib/review/thread.ts';
import { HardBreak, Text } from './inline.ts';

/** What was typed after an `@`, and where. */
export interface MentionQuery {
  text: string;
  from: number;
  to: number;
}

export interface ComposerOptions {
  element: HTMLElement;
  label: string;
  body: CommentBody | null;
  nameOf: (mention: Mention) => string;
  /** After every change of text or caret. */
  onChange: (composer: Composer) => void;
  /** A key that the surroundings may take, before the editor does; true: taken. */
  onKey: (event: KeyboardEvent) => boolean;
}

export interface Composer {
  readonly dom: HTMLElement;
  body(): CommentBody;
  isEmpty(): boolean;
  /** What is being asked for at the caret; null: nobody. */
  query(): MentionQuery | null;
  /** Puts a mention in the place of what was typed. */
  mention(query: MentionQuery, mention: Mention, name: string): void;
  clear(): void;
  focus(): void;
  destroy(): void;
}

const Doc = Node.create({ name: 'doc', topNode: true, content: 'paragraph+' });

const Paragraph = Node.create({
  name: 'paragraph',
  content: 'inline*',
  parseHTML: () => [{ tag: 'p' }, { tag: 'li' }, { tag: 'div' }],
  renderHTML: () => ['p', 0],
});

const Bold = Mark.create({
  name: 'bold',
  parseHTML: () => [{ tag: 'strong' }],
  renderHTML: () => ['strong', 0],
});

const MentionNode = Node.create({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: false,
  addAttributes: () => ({ kind: { default: null }, id: { default: null }, name: { default: '' } }),
  renderHTML: ({ node }) => ['span', { class: 'mention' }, `@${String(node.attrs['name'])}`],
  renderText: ({ node }) => `@${String(node.attrs['name'])}`,
});

const LEAF = '\ufffc';

function queryAt({ selection }: EditorState): MentionQuery | null {
  const { $from, empty } = selection;
  if (!empty) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, LEAF);
  const found = /[@＠]([^\s@＠\ufffc]{0,20})$/.exec(before);
  if (found === null) return null;
  return { text: found[1] ?? '', from: $from.start() + found.index, to: $from.pos };
}

function inlineJson(node: ProseMirrorNode): CommentInline {
  switch (node.type.name) {
    case 'text': {
      const text = node.text ?? '';
      return node.marks.length > 0
        ? { type: 'text', text, marks: [{ type: 'bold' }] }
        : { type: 'text', text };
    }
    case 'hardBreak':
      return { type: 'hardBreak' };
    default: {
      const { kind, id } = node.attrs as Mention;
      return { type: 'mention', attrs: { kind, id } };
    }
  }
}

/** Empty paragraphs at either end say nothing. */
function bodyOf(doc: ProseMirrorNode): CommentBody {
  const content = doc.children.map((paragraph): CommentParagraph => {
    const inlines = paragraph.children.map(inlineJson);
    return { type: 'paragraph', ...(inlines.length > 0 && { content: inlines }) };
  });
  const isFull = (paragraph: CommentParagraph) => paragraph.content !== undefined;
  const first = content.findIndex(isFull);
  return {
    type: 'doc',
    content: first < 0 ? [{ type: 'paragraph' }] : content.slice(first, content.findLastIndex(isFull) + 1),
  };
}

/** A body with the names that mentions are shown by. */
function named(body: CommentBody, nameOf: (mention: Mention) => string): object {
  return {
    type: 'doc',
    content: body.content.map(({ type, content }) => ({
      type,
      ...(content && {
        content: content.map((inline) =>
          inline.type === 'mention'
            ? { type: 'mention', attrs: { ...inline.attrs, name: nameOf(inline.attrs) } }
            : inline,
        ),
      }),
    })),
  };
}

const lineBreak: Command = (state, dispatch) => {
  const type = state.schema.nodes['hardBreak'];
  if (type && dispatch) dispatch(state.tr.replaceSelectionWith(type.create()).scrollIntoView());
  return type !== undefined;
};
const bold: Command = (state, dispatch) => {
  const type = state.schema.marks['bold'];
  return type !== undefined && toggleMark(type)(state, dispatch);
};

export function createComposer(options: ComposerOptions): Composer {
  let isReady = false;
  const editor = new Editor({
    element: options.element,
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    enableCoreExtensions: { keymap: false, delete: false, drop: false, paste: false, textDirection: false },
    content: options.body && named(options.body, options.nameOf),
    extensions: [
      Doc,
      Paragraph,
      Text,
      HardBreak,
      Bold,
      MentionNode,
      Extension.create({
        name: 'composer',
        addProseMirrorPlugins: () => [
          history(),
          keymap({
            'Mod-z': undo,
            'Mod-y': redo,
            'Mod-Shift-z': redo,
            'Mod-b': bold,
            'Shift-Enter': chainCommands(exitCode, lineBreak),
          }),
          keymap(baseKeymap),
        ],
      }),
    ],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        'aria-autocomplete': 'list',
        class: 'comment-body composing',
        spellcheck: 'false',
      },
      handleKeyDown: (view, event) => !view.composing && !event.isComposing && options.onKey(event),
    },
    onTransaction: () => isReady && options.onChange(composer),
  });
  const { view } = editor;
  const composer: Composer = {
    dom: view.dom,
    body: () => bodyOf(view.state.doc),
    isEmpty: () => view.state.doc.textBetween(0, view.state.doc.content.size, '', LEAF).trim() === '',
    query: () => (view.composing ? null : queryAt(view.state)),
    mention({ from, to }, { kind, id }, name) {
      const type = view.state.schema.nodes['mention'];
      if (type === undefined) throw new Error('the composer has no mentions');
      const { tr, schema } = view.state;
      tr.replaceWith(from, to, [type.create({ kind, id, name }), schema.text(' ')]);
      view.dispatch(tr.scrollIntoView());
      view.focus();
    },
    clear() {
      const { tr, doc } = view.state;
      view.dispatch(tr.delete(0, doc.content.size));
    },
    focus() {
      // Behind what is there: whoever changes it mostly goes on with it.
      view.dispatch(view.state.tr.setSelection(Selection.atEnd(view.state.doc)));
      view.focus();
    },
    destroy: () => editor.destroy(),
  };
  isReady = true;
  return composer;
}
