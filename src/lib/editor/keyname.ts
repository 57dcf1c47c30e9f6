/** How a key is written for people: `Mod-Shift-x` → `Ctrl+Shift+X`, on a Mac `⇧⌘X`. */
const MAC: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' };
const NAMES: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Enter: '⏎' };

export function keyName(key: string, mac: boolean): string {
  const parts = key.split('-');
  const last = parts.pop() ?? '';
  const name = NAMES[last] ?? (last.length === 1 ? last.toUpperCase() : last);
  if (mac) return [...parts.map((part) => MAC[part] ?? part), name].join('');
  return [...parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)), name].join('+');
}

/** Whether this browser runs on a Mac, an iPhone or an iPad. */
export const isMac = () => /Mac|iP(hone|[oa]d)/.test(navigator.platform);
