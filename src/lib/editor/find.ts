/** Find and replace. Widths and, unless asked, cases are the same: `ＡＢ１２` is found by `ab12`. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';

export interface Query {
  text: string;
  caseSensitive: boolean;
}
export interface Match {
  from: number;
  to: number;
}
interface FindState {
  query: Query;
  matches: Match[];
  /** The index of the match that the selection is on, or that comes next; -1 without matches. */
  current: number;
}

const findKey = new PluginKey<FindState>('find');
const NONE: FindState = { query: { text: '', caseSensitive: false }, matches: [], current: -1 };
const LEAF = '\ufffc';

/** Text in which what counts as the same is the same, unit by unit, so that offsets stay. */
function fold(text: string, caseSensitive: boolean): string {
  const narrow = text.replace(/[\uff01-\uff5e\u3000]/g, (wide) =>
    wide === '\u3000' ? ' ' : String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
  if (caseSensitive) return narrow;
  const lower = narrow.toLowerCase();
  // A few letters grow in lower case (İ); then case counts, rather than offsets go wrong.
  return lower.length === narrow.length ? lower : narrow;
}

/** Where a query stands in the document, in order, without overlaps. */
export function findMatches(doc: ProseMirrorNode, query: Query): Match[] {
  const wanted = fold(query.text, query.caseSensitive);
  const matches: Match[] = [];
  if (wanted === '') return matches;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    const text = fold(node.textBetween(0, node.content.size, undefined, LEAF), query.caseSensitive);
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      matches.push({ from: position + 1 + at, to: position + 1 + at + wanted.length });
    }
    return false;
  });
  return matches;
}

function locate(query: Query, doc: ProseMirrorNode, from: number): FindState {
  const matches = findMatches(doc, query);
  const next = matches.findIndex((match) => match.from >= from);
  return { query, matches, current: matches.length === 0 ? -1 : Math.max(0, next) };
}

export function findPlugin(): Plugin {
  return new Plugin<FindState>({
    key: findKey,
    state: {
      init: () => NONE,
      apply(tr, state) {
        const query: Query | undefined = tr.getMeta(findKey);
        if (!query && (state.query.text === '' || (!tr.docChanged && !tr.selectionSet))) return state;
        if (query?.text === '') return NONE;
        if (query || tr.docChanged) return locate(query ?? state.query, tr.doc, tr.selection.from);
        const next = state.matches.findIndex(({ from }) => from >= tr.selection.from);
        return { ...state, current: state.matches.length === 0 ? -1 : Math.max(0, next) };
      },
    },
    props: {
      decorations(state) {
        const { matches, current } = findKey.getState(state) ?? NONE;
        if (matches.length === 0) return null;
        return DecorationSet.create(
          state.doc,
          matches.map(({ from, to }, index) =>
            Decoration.inline(from, to, { class: index === current ? 'found current' : 'found' }),
          ),
        );
      },
    },
  });
}

export interface FindStatus {
  query: Query;
  count: number;
  /** The current match, from 1; 0 without any. */
  current: number;
}

const stateOf = (state: EditorState) => findKey.getState(state) ?? NONE;

export function findStatus(state: EditorState): FindStatus {
  const { query, matches, current } = stateOf(state);
  return { query, count: matches.length, current: current + 1 };
}

function show(view: EditorView, tr: Transaction, match: Match | undefined): void {
  if (match) tr.setSelection(TextSelection.create(tr.doc, match.from, match.to));
  view.dispatch(tr);
  if (!match) return;
  // The focus stays in the find bar, so ProseMirror would not scroll.
  const { node } = view.domAtPos(match.from);
  const element = node instanceof Element ? node : node.parentElement;
  element?.scrollIntoView({ block: 'center' });
}

/** Looks for something else; '' ends the search. Shows the first match from the selection on. */
export function setQuery(view: EditorView, query: Query): void {
  view.dispatch(view.state.tr.setMeta(findKey, query));
  const { matches, current } = stateOf(view.state);
  if (query.text !== '') show(view, view.state.tr, matches[current]);
}

/** Goes to the next (+1) or previous (−1) match, round the ends. */
export function stepMatch(view: EditorView, by: 1 | -1): void {
  const { matches, current } = stateOf(view.state);
  const on = matches[current];
  const { from, to } = view.state.selection;
  // From beside a match, "next" is the one that is current already.
  const step = by === 1 && on && !(on.from === from && on.to === to) ? 0 : by;
  show(view, view.state.tr, matches[(current + step + matches.length) % matches.length]);
}

/** Replaces the current match and goes to the next; false without one. */
export function replaceMatch(view: EditorView, text: string): boolean {
  const { matches, current, query } = stateOf(view.state);
  const match = matches[current];
  if (!match || !view.editable) return false;
  const tr = view.state.tr.insertText(text, match.from, match.to);
  const after = findMatches(tr.doc, query);
  const end = match.from + text.length;
  show(view, tr, after.find(({ from }) => from >= end) ?? after[0]);
  return true;
}

/** Replaces every match in one transaction; answers how many. */
export function replaceAll(view: EditorView, text: string): number {
  const { matches } = stateOf(view.state);
  if (matches.length === 0 || !view.editable) return 0;
  const { tr } = view.state;
  for (const { from, to } of matches.toReversed()) tr.insertText(text, from, to);
  view.dispatch(tr);
  return matches.length;
}
