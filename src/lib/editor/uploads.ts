/**
 * Pictures on their way: pasted, dropped or chosen files. While one uploads, a placeholder stands at its
 * place, as a decoration: the document, and colleagues, see the picture only when the server has it.
 */
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { m } from '#lib/paraglide/messages.js';
import { PICTURE_TYPES } from '#lib/report/model.ts';
import { isRemoteChange } from './collaboration.ts';
import { picture } from './commands.ts';
import { mapPosition } from './selection.ts';

/** Sends a file to this report's uploads; rejects with an error whose message is for people. */
export type UploadPicture = (file: File) => Promise<{ id: string }>;

interface Upload {
  key: number;
  name: string;
  position: number;
}
type Change = { add: Upload } | { remove: number };

const uploadsKey = new PluginKey<Upload[]>('uploads');
const changeOf = (tr: Transaction): Change | undefined => tr.getMeta(uploadsKey);

/** The picture files among some; PNG, JPEG, WebP and GIF can stand in a report. */
function pictureFiles(files: Iterable<File>): File[] {
  return Array.from(files).filter(({ type }) => type.startsWith('image/'));
}

export interface Uploads {
  plugin: Plugin;
  /** Uploads pictures and puts them, in order, at a position, or at the selection. */
  insert(view: EditorView, files: readonly File[], position?: number): void;
}

/** Where a picture can stand: after the block around a position. */
function afterBlock(view: EditorView, position: number): number {
  const $at = view.state.doc.resolve(Math.min(position, view.state.doc.content.size));
  return $at.parent.isTextblock ? $at.after() : position;
}

export function createUploads(
  upload: UploadPicture,
  onFailed: (name: string, reason: string) => void,
): Uploads {
  let keys = 0;

  async function insertOne(view: EditorView, file: File, position: number): Promise<void> {
    const key = ++keys;
    const change = (change: Change) =>
      view.state.tr.setMeta(uploadsKey, change).setMeta('addToHistory', false);
    view.dispatch(change({ add: { key, name: file.name, position } }));
    const done = await upload(file).then(
      ({ id }) => ({ id }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    if (view.isDestroyed) return;
    const place = uploadsKey.getState(view.state)?.find((one) => one.key === key)?.position;
    view.dispatch(change({ remove: key }));
    if ('error' in done) onFailed(file.name, done.error);
    else if (place !== undefined)
      view.dispatch(view.state.tr.insert(place, picture(view.state.schema, done.id)));
  }

  function insert(view: EditorView, files: readonly File[], position = view.state.selection.to): void {
    for (const file of files) {
      if (!PICTURE_TYPES.some((type) => type === file.type)) onFailed(file.name, m.editor_picture_type());
      else void insertOne(view, file, afterBlock(view, position));
    }
  }

  const plugin = new Plugin<Upload[]>({
    key: uploadsKey,
    state: {
      init: () => [],
      apply(tr, uploads, before) {
        const change = changeOf(tr);
        if (change && 'add' in change) return [...uploads, change.add];
        if (change) return uploads.filter(({ key }) => key !== change.remove);
        if (!tr.docChanged || uploads.length === 0) return uploads;
        // A remote change replaces the whole document, so its own mapping knows no place.
        const map = isRemoteChange(tr)
          ? mapPosition(before.doc, tr.doc)
          : (position: number) => tr.mapping.map(position);
        return uploads.map((one) => ({ ...one, position: map(one.position) ?? tr.doc.content.size }));
      },
    },
    props: {
      decorations(state) {
        const uploads = uploadsKey.getState(state) ?? [];
        const widgets = uploads.map(({ key, name, position }) =>
          Decoration.widget(
            position,
            () => {
              const element = document.createElement('div');
              element.className = 'uploading';
              element.setAttribute('role', 'status');
              element.textContent = `${m.editor_picture_uploading()} ${name}`;
              return element;
            },
            { key: `upload-${key}`, side: 1 },
          ),
        );
        return DecorationSet.create(state.doc, widgets);
      },
      handlePaste(view, event) {
        const files = pictureFiles(event.clipboardData?.files ?? []);
        // Word puts a picture of the text beside the text: then the text is meant.
        const withText = event.clipboardData?.getData('text/plain').trim();
        if (files.length === 0 || withText || !view.editable) return false;
        insert(view, files);
        return true;
      },
      handleDrop(view, event) {
        const files = pictureFiles(event.dataTransfer?.files ?? []);
        if (files.length === 0 || !view.editable) return false;
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        insert(view, files, at?.pos);
        event.preventDefault();
        return true;
      },
    },
  });
  return { plugin, insert };
}
