/** The checks in a thread of their own: for the whole of a long report they take longer than a keystroke may. */
import { checkReport } from '#lib/figures/check.ts';
import { checkGlossary } from '#lib/figures/glossary.ts';
import { checkLanguage } from '#lib/figures/language.ts';
import type { Answer, Question } from './checker.ts';

/** The last answer's findings, as JSON, with their indices. */
let known: ReadonlyMap<string, number> = new Map();

addEventListener('message', ({ data: { id, report, terms } }: MessageEvent<Question>) => {
  const found = [...checkReport(report), ...checkGlossary(report, terms), ...checkLanguage(report)];
  const now = found.map((finding) => JSON.stringify(finding));
  const findings = found.map((finding, index) => known.get(now[index] ?? '') ?? finding);
  known = new Map(now.map((json, index) => [json, index]));
  postMessage({ id, findings } satisfies Answer);
});
