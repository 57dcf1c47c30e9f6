/**
 * The carets and selections of colleagues, with name and department colour, and one's own in awareness.
 * (y-prosemirror's cursor plugin throws, and with it the editor's every transaction, on a state that
 * another browser filled with nonsense; and it redraws for one's own moves too.)
 */
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition } from 'y-prosemirror';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { hueColor } from '#lib/ui/hues.ts';
import { isRemoteChange, type ReportBinding } from './collaboration.ts';

/** Who is behind a caret. `hue` is the department's, 0 to 11; null without one. */
export interface CaretUser {
  userId: string;
  name: string;
  department: string | null;
  hue: number | null;
}

/**
 * Who is behind a Yjs client id, as the server says; null when it has not said. What a client says of itself
 * in awareness is not asked: any browser can send anything.
 */
export type ClientInfo = (clientId: number) => CaretUser | null;

/** The field of an awareness state that says where the caret is. */
const FIELD = 'cursor';
const caretsKey = new PluginKey<DecorationSet>('carets');

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function readId(value: unknown): Y.ID | null {
  if (typeof value !== 'object' || value === null) return null;
  const { client, clock } = value as { client?: unknown; clock?: unknown };
  return isCount(client) && isCount(clock) ? Y.createID(client, clock) : null;
}

/** A position that another browser sent; null when it is none. */
function readPosition(value: unknown): Y.RelativePosition | null {
  if (typeof value !== 'object' || value === null) return null;
  const { type, item, tname, assoc } = value as Record<string, unknown>;
  const typeId = readId(type);
  const itemId = readId(item);
  // Asking for a type by another name would create it.
  const name = tname === CONTENT_FRAGMENT ? tname : null;
  if (typeId === null && itemId === null && name === null) return null;
  return new Y.RelativePosition(typeId, name, itemId, assoc === -1 ? -1 : 0);
}

function readCaret(state: unknown): { anchor: Y.RelativePosition; head: Y.RelativePosition } | null {
  const caret = (state as Record<string, unknown> | null)?.[FIELD];
  if (typeof caret !== 'object' || caret === null) return null;
  const { anchor, head } = caret as { anchor?: unknown; head?: unknown };
  const ends = [readPosition(anchor), readPosition(head)];
  return ends[0] && ends[1] ? { anchor: ends[0], head: ends[1] } : null;
}

function caretElement(clientId: number, name: string, color: string): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'caret';
  caret.dataset['client'] = String(clientId);
  // The name is drawn by CSS: text in the DOM would be read as part of the report.
  caret.dataset['name'] = name;
  caret.style.setProperty('--caret', color);
  caret.setAttribute('aria-hidden', 'true');
  return caret;
}

/** The most room that a name takes, in CSS pixels: its greatest width in editor.css. */
const NAME_ROOM = 190;

/** A name that the paper's right edge would cut off stands to the left of its caret. */
function turnNames({ dom }: EditorView): void {
  const drawn = [...dom.getElementsByClassName('caret')];
  if (drawn.length === 0) return;
  const { right } = dom.getBoundingClientRect();
  const turned = drawn.filter((caret) => right - caret.getBoundingClientRect().left < NAME_ROOM);
  for (const caret of drawn) caret.classList.toggle('turned', turned.includes(caret));
}

export function carets(awareness: Awareness, binding: ReportBinding, clientInfo: ClientInfo): Plugin {
  function draw({ doc }: EditorState): DecorationSet {
    const decorations: Decoration[] = [];
    for (const [clientId, state] of awareness.getStates()) {
      const caret = clientId === awareness.clientID ? null : readCaret(state);
      const anchor = caret && place(caret.anchor, doc.content.size);
      const head = caret && place(caret.head, doc.content.size);
      if (anchor === null || head === null) continue;
      const user = clientInfo(clientId);
      const name = user ? [user.name, user.department].filter(Boolean).join(' · ') : '';
      const color = hueColor(user?.hue ?? null);
      decorations.push(
        Decoration.widget(head, () => caretElement(clientId, name, color), {
          key: `${clientId} ${color} ${name}`,
          side: 10,
        }),
      );
      if (anchor !== head) {
        const attributes = { class: 'caret-selection', style: `--caret: ${color}` };
        decorations.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), attributes));
      }
    }
    return DecorationSet.create(doc, decorations);
  }
  function place(position: Y.RelativePosition, size: number): number | null {
    const found = relativePositionToAbsolutePosition(binding.doc, binding.type, position, binding.mapping);
    return found === null ? null : Math.max(0, Math.min(found, size - 1));
  }

  /** Says where one's own caret is, or that it is nowhere. */
  function publish(view: EditorView): void {
    const said = readCaret(awareness.getLocalState());
    if (!view.hasFocus()) {
      if (said) awareness.setLocalStateField(FIELD, null);
      return;
    }
    const at = (position: number): Y.RelativePosition =>
      absolutePositionToRelativePosition(position, binding.type, binding.mapping);
    const { selection } = view.state;
    const anchor = at(selection.anchor);
    const head = selection.empty ? anchor : at(selection.head);
    const isSaid =
      said && Y.compareRelativePositions(said.anchor, anchor) && Y.compareRelativePositions(said.head, head);
    if (!isSaid) awareness.setLocalStateField(FIELD, { anchor, head });
  }

  return new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      // Nothing can be placed before the binding has read the document.
      init: () => DecorationSet.empty,
      apply: (tr, drawn, _before, state) =>
        isRemoteChange(tr) || tr.getMeta(caretsKey) ? draw(state) : drawn.map(tr.mapping, tr.doc),
    },
    props: { decorations: (state) => caretsKey.getState(state) },
    view(view) {
      const redraw = ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>) => {
        const isOthers = (client: number) => client !== awareness.clientID;
        if ([...added, ...updated, ...removed].some(isOthers)) {
          view.dispatch(view.state.tr.setMeta(caretsKey, true));
        }
      };
      const focus = () => publish(view);
      let frame = 0;
      awareness.on('change', redraw);
      view.dom.addEventListener('focusin', focus);
      view.dom.addEventListener('focusout', focus);
      return {
        update() {
          publish(view);
          cancelAnimationFrame(frame);
          frame = requestAnimationFrame(() => turnNames(view));
        },
        destroy() {
          cancelAnimationFrame(frame);
          view.dom.removeEventListener('focusin', focus);
          view.dom.removeEventListener('focusout', focus);
          awareness.off('change', redraw);
          awareness.setLocalStateField(FIELD, null);
        },
      };
    },
  });
}
