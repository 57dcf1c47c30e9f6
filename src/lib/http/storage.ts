/** SQLite names a quota, unlike a full disk, only as a write that failed. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE']);

/** Whether an error, or what caused it, says that the disk (or a quota) is full, be it from a file or from the database. */
export function isStorageFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isFull = 'code' in error && typeof error.code === 'string' && FULL.has(error.code);
  return isFull || isStorageFull(error.cause);
}
