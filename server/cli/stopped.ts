import { BackupError } from '../backup/errors.ts';

/** Does some work that Ctrl-C or SIGTERM stops between two of its steps, so that nothing half-done stays. */
export async function untilStopped<T>(path: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort(new BackupError('interrupted', path));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
