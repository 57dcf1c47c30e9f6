import { m } from '#lib/paraglide/messages.js';
import type { ParagraphStyle } from '#lib/report/model.ts';
import { type ActionName, type RequestName, SHORTCUTS } from './actions.ts';
import { isMac, keyName } from './keyname.ts';

/** What each action and request is called. */
const LABELS: Record<ActionName | RequestName, () => string> = {
  body: m.editor_style_body,
  title: m.editor_style_title,
  subtitle: m.editor_style_subtitle,
  heading1: m.editor_style_heading1,
  heading2: m.editor_style_heading2,
  heading3: m.editor_style_heading3,
  heading4: m.editor_style_heading4,
  signature: m.editor_style_signature,
  bullet: m.editor_style_bullet,
  ordered: m.editor_style_ordered,
  quote: m.editor_style_quote,
  restart: m.editor_restart,
  indent: m.editor_indent,
  outdent: m.editor_outdent,
  runIn: m.editor_run_in,
  bold: m.editor_bold,
  italic: m.editor_italic,
  underline: m.editor_underline,
  strike: m.editor_strike,
  highlight: m.editor_highlight,
  unlink: m.editor_unlink,
  clearMarks: m.editor_clear_marks,
  alignLeft: m.editor_align_left,
  alignCenter: m.editor_align_center,
  alignRight: m.editor_align_right,
  alignJustify: m.editor_align_justify,
  alignDefault: m.editor_align_default,
  divider: m.editor_divider,
  table: m.editor_table,
  rowBefore: m.editor_row_before,
  rowAfter: m.editor_row_after,
  deleteRow: m.editor_delete_row,
  columnBefore: m.editor_column_before,
  columnAfter: m.editor_column_after,
  deleteColumn: m.editor_delete_column,
  mergeCells: m.editor_merge_cells,
  splitCell: m.editor_split_cell,
  headerRow: m.editor_header_row,
  deleteTable: m.editor_delete_table,
  lineBreak: m.editor_line_break,
  moveUp: m.editor_move_up,
  moveDown: m.editor_move_down,
  undo: m.editor_undo,
  redo: m.editor_redo,
  find: m.editor_find,
  replace: m.editor_replace,
  link: m.editor_link,
  picture: m.editor_picture,
  figures: m.editor_figures,
};

export const label = (name: ActionName | RequestName): string => LABELS[name]();

export const styleLabel = (style: ParagraphStyle): string => label(style);

/** The first key of an action, as people write it; empty without one. */
export function shortcut(name: ActionName | RequestName): string {
  const key = SHORTCUTS.find(({ does }) => does === name)?.keys[0];
  return key === undefined ? '' : keyName(key, isMac());
}

/** The label with its key, for a tooltip. */
export function hint(name: ActionName | RequestName): string {
  const key = shortcut(name);
  return key === '' ? label(name) : `${label(name)} (${key})`;
}

/** Every shortcut of the editor with what it does, for a list of them. */
export const shortcutList = (): { label: string; keys: string[] }[] =>
  SHORTCUTS.map(({ keys, does }) => ({ label: label(does), keys: keys.map((key) => keyName(key, isMac())) }));
