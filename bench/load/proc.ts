/** What the system says of a process. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** `/proc` counts processor time in these, on every Linux that Node runs on. */
const TICK_MS = 10;

export interface Usage {
  /** Processor time of all threads, in milliseconds. */
  cpu: number;
  /** Of the first thread alone: the event loop. */
  loop: number;
  /** Bytes that went to the disk. */
  written: number;
}

function ticksOf(stat: string): number {
  // The name before may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

export function usageOf(pid: number): Usage {
  const read = (path: string) => readFileSync(`/proc/${pid}/${path}`, 'utf8');
  return {
    cpu: ticksOf(read('stat')) * TICK_MS,
    loop: ticksOf(read(`task/${pid}/stat`)) * TICK_MS,
    written: Number(/write_bytes: (\d+)/.exec(read('io'))?.[1]),
  };
}

/** Resident memory, in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** How many threads a process has. */
export function threadsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}
