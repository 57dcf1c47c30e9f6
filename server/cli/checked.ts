/** How commands show what a check went through and found, on standard output. */
import type { CheckResult } from '../backup/check.ts';
import { faultLine } from '../backup/explain.ts';
import type { Fault } from '../backup/fault.ts';

export function showCounts({ people, reports, documents, rows, snapshots, pictures }: CheckResult): void {
  const counts = { people, reports, documents, rows, snapshots, pictures };
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  process.stdout.write(`${parts.join(', ')}\n`);
}

export function showFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  for (const fault of faults) process.stdout.write(`${faultLine(fault)}\n`);
  process.stdout.write(`发现 ${faults.length} 处问题。Faults: ${faults.length}.\n`);
}
