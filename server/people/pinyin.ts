/** Names as they are typed without an input method: 林晓禾 by `lxh`, `linxiaohe`, `linxh` or `xiaohe`. */

/**
 * A name's syllables in lower case without tones (ü is `v`); letters and digits that stand together are
 * one. `person`: a name whose first character is read as family names are (单 is `shan`).
 */
export type Syllables = (name: string, kind: 'person' | 'department') => readonly string[];

/** The dictionary takes 90 ms to read, so it is read when it is first asked for. */
export async function loadSyllables(): Promise<Syllables> {
  const { pinyin } = await import('pinyin-pro');
  const known = new Map<string, readonly string[]>();
  return (name, kind) => {
    const key = `${kind} ${name}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const surname = kind === 'person' ? 'head' : 'off';
    const syllables = pinyin(name, {
      toneType: 'none',
      type: 'array',
      v: true,
      nonZh: 'consecutive',
      surname,
    })
      .map((syllable) => normal(syllable))
      .filter((syllable) => syllable !== '');
    // Names that are no more make room in time.
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, syllables);
    return syllables;
  };
}

const MAX_KNOWN = 20_000;

/** What is compared: no spaces, no apostrophes, no capitals, no full-width letters. */
export function normal(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s'’·]/gu, '')
    .replaceAll('ü', 'v');
}

/** At which syllable the typed text begins, each taken whole or by its first letters; null: nowhere. */
export function spelledAt(syllables: readonly string[], typed: string): number | null {
  const at = syllables.findIndex((_, index) => isSpelled(syllables, index, typed));
  return at === -1 ? null : at;
}

function isSpelled(syllables: readonly string[], index: number, typed: string): boolean {
  const syllable = syllables[index];
  if (syllable === undefined) return false;
  for (let length = Math.min(syllable.length, typed.length); length > 0; length--) {
    if (!typed.startsWith(syllable.slice(0, length))) continue;
    if (length === typed.length || isSpelled(syllables, index + 1, typed.slice(length))) return true;
  }
  return false;
}
