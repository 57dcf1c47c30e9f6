/** Where a title may break, and where whoever wrote it broke it. */

/** A line of a title as it was written. */
export interface TitleLine {
  text: string;
  /** The parts that should not be broken inside; none of a line that is empty. */
  halves: string[];
}

/**
 * The lines of a title, which its line breaks end. The parts of one are a couplet's halves, which a space (of
 * any width) separates; of a title that is all one part, what stands before and after its first colon. A space
 * between Latin letters or digits separates words, not halves.
 */
export function titleLines(title: string): TitleLine[] {
  const lines = title
    .trim()
    .split('\n')
    .map((line): TitleLine => {
      const text = line.trim();
      const parts = text.replace(/\s+/g, ' ').split(/(?<![\x21-\x7e]) | (?![\x21-\x7e])/u);
      return { text, halves: parts.filter((part) => part !== '') };
    });
  const [line] = lines;
  const [only] = line?.halves ?? [];
  if (line === undefined || only === undefined || lines.length > 1 || line.halves.length > 1) return lines;
  const colon = /^([^：:]+[：:])([^：:].*)$/u.exec(only);
  if (!colon?.[1] || !colon[2] || /^[\x21-\x7e]/.test(colon[2])) return lines;
  return [{ text: line.text, halves: [colon[1], colon[2]] }];
}

/** The halves of a title, whatever lines they stand in. */
export const titleHalves = (title: string): string[] => titleLines(title).flatMap(({ halves }) => halves);

/** What stands between a half of a title and the next: nothing after a colon, which has room of its own. */
export function gapAfter(half: string): '' | ' ' {
  return /[：:]$/u.test(half) ? '' : ' ';
}
