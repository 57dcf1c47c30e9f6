/** How commands show what a check went through and found. */
import type { CheckResult } from '../backup/check.ts';
import { faultLine } from '../backup/explain.ts';
import type { Fault } from '../backup/fault.ts';

export function showCounts({
  people,
  reports,
  documents,
  rows,
  snapshots,
  articles,
  pictures,
}: CheckResult): void {
  const parts = [
    `人员 people ${people}`,
    `稿件 reports ${reports}`,
    `文档 documents ${documents}`,
    `记录 rows ${rows}`,
    `快照 snapshots ${snapshots}`,
    `文章 articles ${articles}`,
    `图片 pictures ${pictures}`,
  ];
  process.stdout.write(`${parts.join(', ')}\n`);
}

/** To standard output where faults are what was asked for, else to standard error. */
export function showFaults(faults: readonly Fault[], to: NodeJS.WritableStream): void {
  if (faults.length === 0) return;
  for (const fault of faults) to.write(`${faultLine(fault)}\n`);
  to.write(`发现 ${faults.length} 处问题。Faults: ${faults.length}.\n`);
}
