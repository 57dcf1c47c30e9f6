import { createSubscriber } from 'svelte/reactivity';
import type { ReportEditor } from './editor.ts';
import type { EditorStatus } from './editorstatus.ts';

/** The editor's status as something that a component can read: through one subscription, computed once a transaction. */
export function watchStatus(editor: ReportEditor): { readonly current: EditorStatus } {
  let status: EditorStatus | null = null;
  const subscribe = createSubscriber((update) =>
    editor.subscribe(() => {
      status = null;
      update();
    }),
  );
  return {
    get current() {
      subscribe();
      return (status ??= editor.status());
    },
  };
}
