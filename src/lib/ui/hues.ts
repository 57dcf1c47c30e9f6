/** How many department hues there are; their colours are the tokens `--hue-0` … `--hue-11`. */
const HUE_COUNT = 12;

/** The CSS colour of a department's hue; null (no department) is a quiet grey. White text on it has ≥ 4.5 : 1. */
export function hueColor(hue: number | null): string {
  return hue === null ? 'var(--hue-none)' : `var(--hue-${hue % HUE_COUNT})`;
}

/** What stands in an avatar: the family name of a Chinese name, else the first letter. */
export function initialOf(name: string): string {
  const [first = '·'] = name.trim();
  return first.toLocaleUpperCase();
}
