/** What typing does beside writing: Markdown's shortcuts, and the end of a run-in heading. Never while composing. */
import { Plugin, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { Command } from '@tiptap/pm/state';
import type { MarkName, ParagraphStyle } from '#lib/report/model.ts';
import { insertDivider, markType, setStyle } from './commands.ts';
import { paragraphAttrs } from './paragraph.ts';

/** What stands before the caret at a paragraph's start, and the style that a space after it gives. */
const BLOCK_SIGNS: [RegExp, (sign: string) => ParagraphStyle][] = [
  [
    /^#{1,4}$/,
    (sign) => (['heading1', 'heading2', 'heading3', 'heading4'] as const)[sign.length - 1] ?? 'heading4',
  ],
  [/^[-*]$/, () => 'bullet'],
  [/^1[.、]$/, () => 'ordered'],
  [/^>$/, () => 'quote'],
];
/** The signs around a phrase, the last of which is being typed. */
const INLINE_SIGNS: [RegExp, string, MarkName][] = [
  [/(?:^|[^*])\*\*([^*\s](?:[^*]*[^*\s])?)\*$/, '**', 'bold'],
  [/(?:^|[^=])==([^=\s](?:[^=]*[^=\s])?)=$/, '==', 'highlight'],
  [/(?:^|[^~])~~([^~\s](?:[^~]*[^~\s])?)~$/, '~~', 'strike'],
];

/** @param separate makes what follows an undo step of its own */
export function typing(separate: () => void): Plugin {
  function apply(view: EditorView, prepare: (tr: Transaction) => Transaction, command: Command): void {
    separate();
    view.dispatch(prepare(view.state.tr));
    command(view.state, view.dispatch, view);
    separate();
  }

  function blockSign(view: EditorView, before: string, text: string, start: number, from: number): boolean {
    if (text === '-' && before === '--' && view.state.selection.$from.parent.content.size === 2) {
      apply(view, (tr) => tr.delete(start, from), insertDivider);
      return true;
    }
    if (text !== ' ') return false;
    for (const [pattern, style] of BLOCK_SIGNS) {
      if (!pattern.test(before)) continue;
      apply(view, (tr) => tr.delete(start, from), setStyle(style(before)));
      return true;
    }
    return false;
  }

  function inlineSign(view: EditorView, before: string, text: string, from: number): boolean {
    for (const [pattern, sign, name] of INLINE_SIGNS) {
      if (text !== sign[0]) continue;
      const phrase = pattern.exec(before)?.[1];
      if (phrase === undefined) continue;
      separate();
      const type = markType(view.state.schema, name);
      const phraseEnd = from - 1;
      const phraseStart = phraseEnd - phrase.length;
      const tr = view.state.tr
        .delete(phraseEnd, from)
        .addMark(phraseStart, phraseEnd, type.create())
        .delete(phraseStart - sign.length, phraseStart)
        .removeStoredMark(type);
      view.dispatch(tr.scrollIntoView());
      separate();
      return true;
    }
    return false;
  }

  return new Plugin({
    props: {
      handleTextInput(view, from, to, text) {
        if (view.composing || from !== to) return false;
        const { $from } = view.state.selection;
        const { parent } = $from;
        if (parent.type.name !== 'paragraph') return false;
        const before = parent.textBetween(0, $from.parentOffset, undefined, '\ufffc');
        const { style } = paragraphAttrs(parent);
        if (style === 'body' && blockSign(view, before, text, $from.start(), from)) return true;
        if (inlineSign(view, before, text, from)) return true;
        const runIn = markType(view.state.schema, 'runIn');
        const marks = view.state.storedMarks ?? $from.marks();
        if (
          text === '。' &&
          runIn.isInSet(marks) &&
          !($from.nodeAfter && runIn.isInSet($from.nodeAfter.marks))
        ) {
          view.dispatch(view.state.tr.insertText(text).removeStoredMark(runIn).scrollIntoView());
          return true;
        }
        return false;
      },
    },
  });
}
