/** What the text itself says and an article marks up: names of documents. */

/** A range of a paragraph's text, in UTF-16 units, `to` exclusive. */
export interface Annotation {
  kind: 'cite';
  from: number;
  to: number;
}

/** Finds what to mark up in a paragraph's text: ranges in order that do not overlap. */
export type Annotate = (text: string) => Annotation[];

/** Names of documents, with their marks: 《…》 of at most 100 characters on one line, the outermost pair. */
export const annotateText: Annotate = (text) => {
  const found: Annotation[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '\n') depth = 0;
    else if (char === '《') {
      if (depth === 0) from = index;
      depth += 1;
    } else if (char === '》' && depth > 0) {
      depth -= 1;
      const to = index + 1;
      if (depth === 0 && to - from > 2 && to - from <= 102) found.push({ kind: 'cite', from, to });
    }
  }
  return found;
};
