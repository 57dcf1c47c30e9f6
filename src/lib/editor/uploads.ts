/**
 * Pictures on their way: files that were chosen, dropped or pasted, pictures inside pasted text, and copies
 * from other reports. While one is on its way a placeholder stands at its place, as a decoration: the
 * document, and colleagues, see the picture only when the server has it.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { m } from '#lib/paraglide/messages.js';
import { PICTURE_TYPES } from '#lib/report/model.ts';
import { isRemoteChange } from './collaboration.ts';
import { picture } from './commands.ts';
import { pictureAttrs } from './picture.ts';
import { mapPosition } from './selection.ts';

/** A picture of a report, perhaps another one. */
export interface PictureRef {
  reportId: string;
  pictureId: string;
}
/** Sends a file to this report's uploads; rejects with an error whose message is for people. */
export type UploadPicture = (file: File) => Promise<{ id: string }>;
/** Copies another report's picture to this report's uploads; rejects as {@link UploadPicture} does. */
export type CopyPicture = (from: PictureRef) => Promise<{ id: string }>;

/** Where a picture's bytes come from. */
export type PictureSource = { kind: 'file'; file: File } | { kind: 'copy'; from: PictureRef };

export type UploadFailure =
  | { kind: 'uploadFailed'; name: string; reason: string }
  | { kind: 'copyFailed'; reason: string }
  /** Files that are no pictures: documents are imported, not put into a report. */
  | { kind: 'notPictures' };

interface Upload {
  key: number;
  source: PictureSource;
  /** The caption and alternative text that it came with. */
  texts: { alt: string; caption: string };
  position: number;
}
type Change = { add: Upload[] } | { remove: number };

const uploadsKey = new PluginKey<Upload[]>('uploads');
const changeOf = (tr: Transaction): Change | undefined => tr.getMeta(uploadsKey);

/** Stands in pasted text for a picture that is still to be fetched; never gets into a document. */
const PENDING = 'pending:';

/** The picture files among some; PNG, JPEG, WebP and GIF can stand in a report. */
export function pictureFiles(files: Iterable<File>): File[] {
  return Array.from(files).filter(({ type }) => type.startsWith('image/'));
}

export interface Uploads {
  plugin: Plugin;
  /** Uploads pictures and puts them, in order, at a position, or at the selection. */
  insert(view: EditorView, files: readonly File[], position?: number): void;
  /** Forgets what was announced and not pasted. */
  forget(): void;
  /** Announces a picture that is about to be pasted; answers the id that a picture node stands for it with. */
  announce(source: PictureSource): string;
}

/** Where a picture can stand: after the block around a position. */
function afterBlock(doc: ProseMirrorNode, position: number): number {
  const $at = doc.resolve(Math.min(position, doc.content.size));
  return $at.parent.isTextblock ? $at.after() : $at.pos;
}

/** Where the uploads stand after a transaction. What is inserted goes before those that came later. */
function mapUploads(uploads: Upload[], tr: Transaction, before: EditorState, done: number | null): Upload[] {
  if (!tr.docChanged || uploads.length === 0) return uploads;
  // A remote change replaces the whole document, so its own mapping knows no place.
  const remote = isRemoteChange(tr) ? mapPosition(before.doc, tr.doc) : null;
  return uploads.map((one) => {
    const isEarlier = done !== null && one.key < done;
    const mapped = remote ? remote(one.position) : tr.mapping.map(one.position, isEarlier ? -1 : 1);
    return { ...one, position: mapped ?? Math.min(one.position, tr.doc.content.size) };
  });
}

export function createUploads(
  upload: UploadPicture,
  copy: CopyPicture,
  onFailed: (failure: UploadFailure) => void,
): Uploads {
  let keys = 0;
  let announced: PictureSource[] = [];
  /** The newest upload that has been started. */
  let started = 0;

  function fetchOne(source: PictureSource): Promise<{ id: string }> {
    if (source.kind === 'copy') return copy(source.from);
    return PICTURE_TYPES.some((type) => type === source.file.type)
      ? upload(source.file)
      : Promise.reject(new Error(m.editor_picture_type()));
  }

  async function start(view: EditorView, { key, source, texts }: Upload): Promise<void> {
    const done = await fetchOne(source).then(
      ({ id }) => ({ id }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    if (view.isDestroyed) return;
    const { tr, doc, schema } = view.state;
    const place = uploadsKey.getState(view.state)?.find((one) => one.key === key)?.position;
    tr.setMeta(uploadsKey, { remove: key } satisfies Change);
    if (place !== undefined && 'id' in done) {
      tr.insert(afterBlock(doc, place), picture(schema, { id: done.id, ...texts }));
    } else tr.setMeta('addToHistory', false);
    view.dispatch(tr);
    if (!('error' in done)) return;
    onFailed(
      source.kind === 'file'
        ? { kind: 'uploadFailed', name: source.file.name, reason: done.error }
        : { kind: 'copyFailed', reason: done.error },
    );
  }

  const toUpload = (source: PictureSource, position: number, texts = { alt: '', caption: '' }): Upload => ({
    key: ++keys,
    source,
    texts,
    position,
  });

  function insert(view: EditorView, files: readonly File[], position = view.state.selection.to): void {
    const place = afterBlock(view.state.doc, position);
    const add = files.map((file) => toUpload({ kind: 'file', file }, place));
    view.dispatch(view.state.tr.setMeta(uploadsKey, { add } satisfies Change).setMeta('addToHistory', false));
  }

  /** Whether there are files and none is a picture; says so. */
  function isRefused(transfer: DataTransfer | null, pictures: readonly File[]): boolean {
    const refused = (transfer?.files.length ?? 0) > 0 && pictures.length === 0;
    if (refused) onFailed({ kind: 'notPictures' });
    return refused;
  }

  const plugin = new Plugin<Upload[]>({
    key: uploadsKey,
    state: {
      init: () => [],
      apply(tr, uploads, before) {
        const change = changeOf(tr);
        const done = change && 'remove' in change ? change.remove : null;
        const rest = mapUploads(
          uploads.filter(({ key }) => key !== done),
          tr,
          before,
          done,
        );
        return change && 'add' in change ? [...rest, ...change.add] : rest;
      },
    },
    // What a paste put in for pictures still to be fetched goes out again before anybody sees it.
    appendTransaction(transactions, _before, { doc, tr }) {
      const isPaste = transactions.some(({ docChanged }) => docChanged) && !transactions.some(isRemoteChange);
      if (announced.length === 0 || !isPaste) return null;
      const found: { position: number; source: PictureSource | undefined; node: ProseMirrorNode }[] = [];
      doc.descendants((node, position) => {
        const id = node.type.name === 'picture' ? pictureAttrs(node).id : null;
        if (id?.startsWith(PENDING)) {
          found.push({ position, node, source: announced[Number(id.slice(PENDING.length))] });
        }
        return !node.isTextblock;
      });
      if (found.length === 0) return null;
      for (const { position } of found.toReversed()) tr.delete(position, position + 1);
      const add = found.flatMap(({ position, source, node }) => {
        const { alt, caption } = pictureAttrs(node);
        return source ? [toUpload(source, tr.mapping.map(position), { alt, caption })] : [];
      });
      announced = [];
      return tr.setMeta(uploadsKey, { add } satisfies Change);
    },
    view: () => ({
      update(view) {
        for (const one of uploadsKey.getState(view.state) ?? []) {
          if (one.key <= started) continue;
          started = one.key;
          void start(view, one);
        }
      },
    }),
    props: {
      decorations(state) {
        const uploads = uploadsKey.getState(state) ?? [];
        if (uploads.length === 0) return null;
        const widgets = uploads.map(({ key, source, position }) =>
          Decoration.widget(
            position,
            () => {
              const element = document.createElement('div');
              element.className = 'uploading';
              element.setAttribute('role', 'status');
              const name = source.kind === 'file' ? source.file.name : '';
              element.textContent = `${m.editor_picture_uploading()} ${name}`;
              return element;
            },
            { key: `upload-${key}`, side: 1 },
          ),
        );
        return DecorationSet.create(state.doc, widgets);
      },
      // With text or pictures read out of HTML these are what is meant: Word and Excel put a picture of the
      // text beside the text.
      handlePaste(view, event, slice) {
        const files = pictureFiles(event.clipboardData?.files ?? []);
        if (slice.size === 0 && isRefused(event.clipboardData, files)) return true;
        if (files.length === 0 || slice.size > 0 || !view.editable) return false;
        insert(view, files);
        return true;
      },
      handleDrop(view, event, slice) {
        const files = pictureFiles(event.dataTransfer?.files ?? []);
        if (slice.size === 0 && isRefused(event.dataTransfer, files)) {
          // Else the browser would leave the report and open the file.
          event.preventDefault();
          return true;
        }
        if (files.length === 0 || slice.size > 0 || !view.editable) return false;
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        insert(view, files, at?.pos);
        event.preventDefault();
        return true;
      },
    },
  });
  return {
    plugin,
    insert,
    forget: () => (announced = []),
    announce: (source) => `${PENDING}${announced.push(source) - 1}`,
  };
}
