/** How many department hues there are; their colours are the tokens `--hue-0` … `--hue-11`. */
export const HUE_COUNT = 12;

/** The CSS colour of a department's hue; null (no department) is a quiet grey. White text on it has ≥ 4.5 : 1. */
export function hueColor(hue: number | null): string {
  return hue === null ? 'var(--hue-none)' : `var(--hue-${hue % HUE_COUNT})`;
}

/** The hue that fewest departments have; of those the first. A thirteenth department shares one. */
export function nextHue(taken: readonly number[]): number {
  const uses = Array.from({ length: HUE_COUNT }, () => 0);
  for (const hue of taken) uses[hue % HUE_COUNT] = (uses[hue % HUE_COUNT] ?? 0) + 1;
  return uses.indexOf(Math.min(...uses));
}

/** What stands in an avatar: the family name of a Chinese name, else the first letter. */
export function initialOf(name: string): string {
  const [first = '·'] = name.trim();
  return first.toLocaleUpperCase();
}
