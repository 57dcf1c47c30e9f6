/** The checks in a thread of their own: for the whole of a long report they take longer than a keystroke may. */
import { checkReport } from '#lib/figures/check.ts';
import { checkGlossary } from '#lib/figures/glossary.ts';
import { checkLanguage } from '#lib/figures/language.ts';
import type { Answer, Question } from './checker.ts';

addEventListener('message', ({ data: { id, report, terms } }: MessageEvent<Question>) => {
  const findings = [...checkReport(report), ...checkGlossary(report, terms), ...checkLanguage(report)];
  postMessage({ id, findings } satisfies Answer);
});
