import { m } from '#lib/paraglide/messages.js';
import type { EditorNotice } from './editor.ts';

/** A notice in words. */
export function noticeText(notice: EditorNotice): string {
  switch (notice.kind) {
    case 'picturesDropped':
      return m.editor_notice_pictures_dropped({ count: notice.count });
    case 'figuresPlain':
      return m.figures_block_pasted({ count: notice.count });
    case 'uploadFailed':
      return m.editor_notice_upload_failed({ name: notice.name, reason: notice.reason });
    case 'copyFailed':
      return m.editor_notice_copy_failed({ reason: notice.reason });
    case 'notPictures':
      return m.editor_notice_not_pictures();
    default:
      return notice satisfies never;
  }
}
