/** Every named action of the editor: what the toolbar shows, what the keyboard does, what the help lists. */
import { baseKeymap, chainCommands } from '@tiptap/pm/commands';
import { keydownHandler } from '@tiptap/pm/keymap';
import { type Command, Plugin } from '@tiptap/pm/state';
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  mergeCells,
  splitCell,
  toggleHeaderRow,
} from '@tiptap/pm/tables';
import {
  backspaceAtStart,
  changeLevel,
  clearMarks,
  deleteEmpty,
  insertDivider,
  insertHardBreak,
  insertTable,
  moveBlocks,
  setAlign,
  setStyle,
  splitParagraph,
  toggle,
  toggleRestart,
  toggleRunIn,
  toggleStyle,
  unsetLink,
} from './commands.ts';
import { selectedFigures } from './figureblock.ts';
import { editCaption } from './picture.ts';

/** The actions that change the text and need nothing but a selection. */
export const ACTIONS = {
  body: setStyle('body'),
  title: setStyle('title'),
  subtitle: setStyle('subtitle'),
  heading1: setStyle('heading1'),
  heading2: setStyle('heading2'),
  heading3: setStyle('heading3'),
  heading4: setStyle('heading4'),
  signature: setStyle('signature'),
  bullet: toggleStyle('bullet'),
  ordered: toggleStyle('ordered'),
  quote: toggleStyle('quote'),
  restart: toggleRestart,
  indent: changeLevel(1),
  outdent: changeLevel(-1),
  runIn: toggleRunIn,
  bold: toggle('bold'),
  italic: toggle('italic'),
  underline: toggle('underline'),
  strike: toggle('strike'),
  highlight: toggle('highlight'),
  unlink: unsetLink,
  clearMarks,
  alignLeft: setAlign('left'),
  alignCenter: setAlign('center'),
  alignRight: setAlign('right'),
  alignJustify: setAlign('justify'),
  alignDefault: setAlign(null),
  divider: insertDivider,
  table: insertTable(3, 3),
  rowBefore: addRowBefore,
  rowAfter: addRowAfter,
  deleteRow,
  columnBefore: addColumnBefore,
  columnAfter: addColumnAfter,
  deleteColumn,
  mergeCells,
  splitCell,
  headerRow: toggleHeaderRow,
  deleteTable,
  lineBreak: insertHardBreak,
  moveUp: moveBlocks(-1),
  moveDown: moveBlocks(1),
} satisfies Record<string, Command>;
export type ActionName = keyof typeof ACTIONS;

/** What the surroundings of the editor do on a key. */
export const REQUESTS = ['undo', 'redo', 'find', 'replace', 'link', 'picture', 'figures'] as const;
export type RequestName = (typeof REQUESTS)[number];

/** Keys, in prosemirror-keymap's notation: `Mod` is ⌘ on a Mac and Ctrl elsewhere. The first is shown. */
export const SHORTCUTS: { keys: readonly string[]; does: ActionName | RequestName }[] = [
  { keys: ['Mod-z'], does: 'undo' },
  { keys: ['Mod-y', 'Mod-Shift-z'], does: 'redo' },
  { keys: ['Mod-b'], does: 'bold' },
  { keys: ['Mod-i'], does: 'italic' },
  { keys: ['Mod-u'], does: 'underline' },
  { keys: ['Mod-Shift-x'], does: 'strike' },
  { keys: ['Mod-Shift-h'], does: 'highlight' },
  { keys: ['Mod-Alt-k'], does: 'link' },
  { keys: ['Mod-\\'], does: 'clearMarks' },
  { keys: ['Mod-Alt-r'], does: 'runIn' },
  { keys: ['Mod-Alt-0'], does: 'body' },
  { keys: ['Mod-Alt-1'], does: 'heading1' },
  { keys: ['Mod-Alt-2'], does: 'heading2' },
  { keys: ['Mod-Alt-3'], does: 'heading3' },
  { keys: ['Mod-Alt-4'], does: 'heading4' },
  { keys: ['Mod-Alt-5'], does: 'title' },
  { keys: ['Mod-Alt-6'], does: 'subtitle' },
  { keys: ['Mod-Alt-7'], does: 'quote' },
  { keys: ['Mod-Alt-8'], does: 'signature' },
  { keys: ['Mod-Shift-7'], does: 'ordered' },
  { keys: ['Mod-Shift-8'], does: 'bullet' },
  { keys: ['Tab'], does: 'indent' },
  { keys: ['Shift-Tab'], does: 'outdent' },
  { keys: ['Mod-Shift-l'], does: 'alignLeft' },
  { keys: ['Mod-Shift-e'], does: 'alignCenter' },
  { keys: ['Mod-Shift-r'], does: 'alignRight' },
  { keys: ['Mod-Shift-j'], does: 'alignJustify' },
  { keys: ['Shift-Enter', 'Mod-Enter'], does: 'lineBreak' },
  { keys: ['Alt-Shift-ArrowUp'], does: 'moveUp' },
  { keys: ['Alt-Shift-ArrowDown'], does: 'moveDown' },
  { keys: ['Mod-Alt-t'], does: 'table' },
  { keys: ['Mod-Alt-p'], does: 'picture' },
  { keys: ['Mod-Alt-g'], does: 'figures' },
  { keys: ['Mod-Alt-d'], does: 'divider' },
  { keys: ['Mod-f'], does: 'find' },
  { keys: ['Mod-Alt-f'], does: 'replace' },
];

export const isAction = (name: ActionName | RequestName): name is ActionName => name in ACTIONS;

/** Tab in a table goes to the next cell, and at its end opens a row. */
const nextCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch)) return true;
  if (!addRowAfter(state, dispatch)) return false;
  return view ? goToNextCell(1)(view.state, dispatch) : true;
};

const command = (name: string): Command => {
  const found = baseKeymap[name];
  if (!found) throw new Error(`the base keymap has no ${name}`);
  return found;
};

/**
 * All keys of the editor in one plugin. While a composition runs every key belongs to it.
 * @param separate makes what follows an undo step of its own, as every named action is
 */
export function keys(request: (name: RequestName) => void, separate: () => void): Plugin {
  const bindings: Record<string, Command> = { ...baseKeymap };
  const oneStep =
    (action: Command): Command =>
    (state, dispatch, view) => {
      separate();
      const done = action(state, dispatch, view);
      separate();
      return done;
    };
  for (const { keys, does } of SHORTCUTS) {
    for (const key of keys) {
      bindings[key] = isAction(does)
        ? oneStep(ACTIONS[does])
        : () => {
            request(does);
            return true;
          };
    }
  }
  bindings['Enter'] = chainCommands(
    splitParagraph,
    (_state, _dispatch, view) => view !== undefined && editCaption(view),
    (state) => {
      if (selectedFigures(state) === null) return false;
      request('figures');
      return true;
    },
    command('Enter'),
  );
  bindings['Backspace'] = chainCommands(backspaceAtStart, command('Backspace'));
  bindings['Shift-Backspace'] = bindings['Backspace'];
  bindings['Delete'] = chainCommands(deleteEmpty, command('Delete'));
  bindings['Tab'] = chainCommands(oneStep(ACTIONS.indent), nextCell);
  bindings['Shift-Tab'] = chainCommands(oneStep(ACTIONS.outdent), goToNextCell(-1));
  const handle = keydownHandler(bindings);
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (view.composing || event.isComposing || event.keyCode === 229) return false;
        return view.editable && handle(view, event);
      },
    },
  });
}
