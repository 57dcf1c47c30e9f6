/** The keys of the report page, wherever the focus is. */

/** What they do. Those that answer a boolean say whether they took the key. */
export interface PageKeys {
  openFigure: () => void;
  comment: () => void;
  step: (by: 1 | -1) => void;
  propose: (event: KeyboardEvent) => boolean;
  undo: () => boolean;
  openPalette: () => void;
  escape: () => void;
  help: () => void;
}

export const pageKeys = (does: PageKeys) => (event: KeyboardEvent) => {
  if (event.isComposing) return;
  const key = event.key.toLowerCase();
  const ctrl = event.ctrlKey || event.metaKey;
  const isAltAlone = event.altKey && !ctrl;
  // The editor takes every Enter for itself, and does nothing with this one.
  if (isAltAlone && key === 'enter') {
    event.preventDefault();
    does.openFigure();
  }
  if (event.defaultPrevented) return;
  if (ctrl && event.altKey && event.code === 'KeyM') {
    event.preventDefault();
    does.comment();
  } else if (isAltAlone && (key === 'pagedown' || key === 'pageup')) {
    event.preventDefault();
    does.step(key === 'pagedown' ? 1 : -1);
  } else if (does.propose(event)) event.preventDefault();
  else if (ctrl && !event.shiftKey && key === 'z' && !isTyping(event.target)) {
    if (does.undo()) event.preventDefault();
  } else if (ctrl && !event.altKey && key === 'k') {
    event.preventDefault();
    does.openPalette();
  } else if (key === 'escape') does.escape();
  else if (key === '?' && !isTyping(event.target)) does.help();
};

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
