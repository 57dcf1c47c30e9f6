/** What the command palette offers, by what this person may do now. */
import { type ActionName, ACTIONS, type RequestName, REQUESTS } from '#lib/editor/actions.ts';
import type { ReportEditor } from '#lib/editor/editor.ts';
import { isMac, keyName } from '#lib/editor/keyname.ts';
import { label, shortcut } from '#lib/editor/labels.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Section } from '#lib/report/outline.ts';
import type { ReportAction } from '#lib/review/permissions.ts';
import type { PaletteCommand } from './Palette.svelte';

export interface PaletteOptions {
  /** Null: the document has not come yet. */
  editor: ReportEditor | null;
  sections: readonly Section[];
  actions: readonly ReportAction[];
  canWrite: boolean;
  marked: boolean;
  onrequest: (name: RequestName) => void;
  onmarks: () => void;
  onfigures: () => void;
  onfigure: () => void;
  onstep: (by: 1 | -1) => void;
  /** Undefined for those who may not comment. */
  oncomment: (() => void) | undefined;
  onopen: (name: 'export' | 'publish' | 'share' | 'help') => void;
  onleave: () => void;
}

export function paletteCommands(options: PaletteOptions): PaletteCommand[] {
  const { editor, sections, actions, canWrite, marked, oncomment, onopen } = options;
  const run = (name: RequestName) => () => options.onrequest(name);
  const may = (action: ReportAction, command: PaletteCommand) => (actions.includes(action) ? [command] : []);
  return [
    ...(editor !== null && canWrite ? editing(editor) : []),
    ...(editor !== null && canWrite
      ? REQUESTS.map((name) => ({ label: label(name), key: shortcut(name), run: run(name) }))
      : []),
    ...sections
      .filter(({ title }) => title !== '')
      .map(({ title, from }) => ({
        label: m.report_jump_section({ title }),
        run: () => editor?.reveal(from),
      })),
    ...may('export', { label: m.report_export(), run: () => onopen('export') }),
    ...may('publish', { label: m.publish_title(), run: () => onopen('publish') }),
    ...may('share', { label: m.report_share(), run: () => onopen('share') }),
    ...(oncomment
      ? [{ label: m.review_comment_on(), key: keyName('Mod-Alt-m', isMac()), run: oncomment }]
      : []),
    { label: m.review_next(), key: keyName('Alt-PageDown', isMac()), run: () => options.onstep(1) },
    { label: m.review_previous(), key: keyName('Alt-PageUp', isMac()), run: () => options.onstep(-1) },
    { label: m.figures_card_open(), key: keyName('Alt-Enter', isMac()), run: options.onfigure },
    { label: m.figures_panel_toggle(), run: options.onfigures },
    { label: marked ? m.figures_mark_hide() : m.figures_mark_show(), run: options.onmarks },
    { label: m.report_shortcuts(), key: '?', run: () => onopen('help') },
    { label: m.report_back_to_list(), run: options.onleave },
  ];
}

/** What the editor can do where the caret stands. */
function editing(editor: ReportEditor): PaletteCommand[] {
  return (Object.keys(ACTIONS) as ActionName[])
    .filter((name) => editor.can(name))
    .map((name) => ({ label: label(name), key: shortcut(name), run: () => void editor.run(name) }));
}
