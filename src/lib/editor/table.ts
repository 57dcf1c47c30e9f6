/**
 * Tables on prosemirror-tables, with relaxed content: a row without cells or a table without rows that
 * two concurrent edits leave behind is kept by everybody, and not deleted by whoever sees it first.
 */
import { Node } from '@tiptap/core';
import { type EditorState, Plugin, type Transaction } from '@tiptap/pm/state';
import { tableEditing } from '@tiptap/pm/tables';
import { isRemoteChange } from './collaboration.ts';
import { hideAbsentSpans } from './spans.ts';

const span = (name: string) => ({
  default: 1,
  parseHTML: (element: HTMLElement) => Math.max(1, Math.trunc(Number(element.getAttribute(name))) || 1),
});

/** Widths from `colwidth` (ours), when there is one for each spanned column. */
function parseWidths(element: HTMLElement): number[] | null {
  const widths = (element.getAttribute('colwidth') ?? '').split(',').map((one) => Math.trunc(Number(one)));
  const spanned = Number(element.getAttribute('colspan') ?? 1);
  return widths.length === spanned && widths.every((width) => width > 0) ? widths : null;
}

const cellAttributes = () => ({
  colspan: span('colspan'),
  rowspan: span('rowspan'),
  colwidth: { default: null, parseHTML: parseWidths },
});

export const TableCell = Node.create({
  name: 'tableCell',
  content: 'block*',
  isolating: true,
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: 'td' }],
  renderHTML: ({ HTMLAttributes }) => ['td', HTMLAttributes, 0],
});

export const TableHeader = Node.create({
  name: 'tableHeader',
  content: 'block*',
  isolating: true,
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: 'th' }],
  renderHTML: ({ HTMLAttributes }) => ['th', HTMLAttributes, 0],
});

export const TableRow = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: ({ HTMLAttributes }) => ['tr', HTMLAttributes, 0],
});

/**
 * prosemirror-tables repairs tables (missing cells) after every change. After a remote one each client
 * would write that repair, once each; so only whoever made the change repairs.
 */
function localTableEditing(): Plugin {
  const plugin = tableEditing({ allowTableNodeSelection: true });
  const repair = plugin.spec.appendTransaction;
  return new Plugin({
    ...plugin.spec,
    appendTransaction(
      transactions: readonly Transaction[],
      before: EditorState,
      after: EditorState,
    ): Transaction | null | undefined {
      if (transactions.some(isRemoteChange)) return null;
      return repair?.call(plugin, transactions, before, after);
    },
  });
}

const TABLE_ROLES: Readonly<Record<string, string>> = {
  table: 'table',
  tableRow: 'row',
  tableCell: 'cell',
  tableHeader: 'header_cell',
};

export const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow*',
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]],
  // Called for every node of the schema.
  extendNodeSchema: (extension) => ({ tableRole: TABLE_ROLES[extension.name] }),
  addProseMirrorPlugins() {
    hideAbsentSpans(this.editor.schema);
    return [localTableEditing()];
  },
});
