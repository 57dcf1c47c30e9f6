/** Keeping a colleague's caret in view, until one types or scrolls oneself. */
import type { EditorView } from '@tiptap/pm/view';
import type { ClientInfo } from './carets.ts';

export interface Following {
  /** The client id of who is followed; null: nobody. */
  readonly current: number | null;
  /** Follows a client that is here; null: nobody. */
  follow(clientId: number | null): void;
  /** Brings the caret that is followed back into view. */
  look(): void;
  end(): void;
}

export function followCarets(view: EditorView, clientInfo: ClientInfo): Following {
  let current: number | null = null;
  function look(): void {
    if (current === null) return;
    view.dom.querySelector(`.caret[data-client="${current}"]`)?.scrollIntoView({ block: 'center' });
  }
  function stop(): void {
    if (current === null) return;
    current = null;
    // Those who listen look again.
    view.dispatch(view.state.tr);
  }
  view.dom.addEventListener('keydown', stop);
  view.dom.addEventListener('pointerdown', stop);
  // The desk beside the paper scrolls too.
  addEventListener('wheel', stop, { passive: true });
  return {
    get current() {
      return current;
    },
    follow(clientId) {
      current = clientId !== null && clientInfo(clientId) !== null ? clientId : null;
      look();
    },
    look,
    end: () => removeEventListener('wheel', stop),
  };
}
