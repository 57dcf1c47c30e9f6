import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { countContent, readingMinutes } from '#lib/report/count.ts';
import { outline } from '#lib/report/outline.ts';
import { app } from '#server/seam.ts';
import type { PageServerLoad } from './$types';

/**
 * The report with its committed text, so that it can be read before any script has run. To somebody who
 * may not read it, it does not exist.
 */
export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('report:head');
  const notFound = () => error(404, m.report_not_found());
  if (locals.actor === null) return notFound();
  const { people, reports, readReport, exportMeta } = app();
  const found = await reports.get(locals.actor, params.id);
  if (!found.ok) return notFound();
  const read = await readReport(params.id);
  const meta = await exportMeta(params.id);
  if (read === null || meta === null) return notFound();
  const { content, figures = {} } = read.report;
  const { words, characters } = countContent(content);
  return {
    report: found.value,
    username: await people.ownUsername(locals.actor),
    content,
    figures,
    meta,
    sections: outline(content),
    words,
    minutes: readingMinutes(characters),
  };
};
