/** Our JSON: the report itself, to be taken into another workspace or read by a program. */
import type { ReportJson } from '#lib/report/model.ts';

export function renderJson(report: ReportJson): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
