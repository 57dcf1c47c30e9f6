/**
 * Text as the index of articles has it, so that parts of Chinese words are found, which nothing separates: of a
 * run of Han characters each pair and the last character, of other letters and digits each word. Pure.
 */

const RUN = /\p{Script=Han}+|[[\p{L}\p{N}]--\p{Script=Han}]+/gv;
const IS_HAN = /^\p{Script=Han}/u;

/** The most of a query that is looked at. */
const MAX_QUERY = 100;

const normalise = (text: string) => text.normalize('NFKC').toLowerCase();

/** What is indexed of a text, in its order: a phrase of these stands where their characters stand together. */
export function indexedWords(text: string): string {
  return runsOf(normalise(text)).flatMap(wordsOf).join(' ');
}

/**
 * An FTS5 query for the articles that contain every part of what a reader typed, each as it stands; null: nothing
 * was typed that can be looked for. The last word of a part may go on.
 */
export function matchOf(query: string): string | null {
  const parts = normalise(query.slice(0, MAX_QUERY))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  return parts.length === 0 ? null : parts.map(phraseOf).join(' AND ');
}

function runsOf(text: string): string[] {
  return text.match(RUN) ?? [];
}

function wordsOf(run: string): string[] {
  return IS_HAN.test(run) ? [...pairsOf(run), [...run].at(-1) ?? ''] : [run];
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}

/** Letters and digits alone come here, so that nothing needs to be escaped. */
function phraseOf(part: string): string {
  const runs = runsOf(part);
  const last = runs.at(-1) ?? '';
  const pairs = IS_HAN.test(last) ? pairsOf(last) : [];
  const words = [...runs.slice(0, -1).flatMap(wordsOf), ...(pairs.length > 0 ? pairs : [last])];
  return `"${words.join(' ')}"${pairs.length > 0 ? '' : ' *'}`;
}
