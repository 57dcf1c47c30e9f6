/** The carets and selections of colleagues, with name and department colour. */
import { Plugin } from '@tiptap/pm/state';
import { yCursorPlugin } from 'y-prosemirror';
import type { Awareness } from 'y-protocols/awareness';
import { hueColor } from '#lib/ui/hues.ts';

/** Who is behind a caret. `hue` is the department's, 0 to 11; null without one. */
export interface CaretUser {
  userId: string;
  name: string;
  department: string | null;
  hue: number | null;
}

/** Who is behind a Yjs client id, as the server says; null when it has not said. */
export type ClientInfo = (clientId: number) => CaretUser | null;

const isUser = (value: unknown): value is CaretUser =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';

/** Who a client id belongs to: by the server, else by what the client says of itself. */
export function caretUser(
  awareness: Awareness,
  clientInfo: ClientInfo | undefined,
  clientId: number,
): CaretUser | null {
  const known = clientInfo?.(clientId);
  if (known) return known;
  const claimed: unknown = awareness.getStates().get(clientId)?.['user'];
  return isUser(claimed) ? claimed : null;
}

export function carets(awareness: Awareness, clientInfo: ClientInfo | undefined): Plugin {
  return yCursorPlugin(awareness, {
    cursorBuilder(_user: unknown, clientId: number) {
      const user = caretUser(awareness, clientInfo, clientId);
      const caret = document.createElement('span');
      caret.className = 'caret';
      caret.dataset['client'] = String(clientId);
      // The name is drawn by CSS: text in the DOM would be read as part of the report.
      caret.dataset['name'] = user ? [user.name, user.department].filter(Boolean).join(' · ') : '';
      caret.style.setProperty('--caret', hueColor(user?.hue ?? null));
      caret.setAttribute('aria-hidden', 'true');
      return caret;
    },
    selectionBuilder(_user: unknown, clientId: number) {
      const hue = caretUser(awareness, clientInfo, clientId)?.hue ?? null;
      return { class: 'caret-selection', style: `--caret: ${hueColor(hue)}` };
    },
  });
}
