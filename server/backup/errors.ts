/** Why a check, a backup or a restore cannot be done, when its owner can mend it. Nothing was changed. */
export type BackupErrorKind =
  /** There is no such file, or no workspace in the data directory. */
  | 'absent'
  /** The file is no database, or cut short. */
  | 'damaged'
  /** It is a database and not a backup. */
  | 'notBackup'
  /** Written by a newer version, or by an older one and not yet brought up to date. */
  | 'newer'
  | 'older'
  /** The backup's name is taken. */
  | 'exists'
  /** No room, or a quota. */
  | 'full'
  /** It cannot be read or written; the detail is the system's code. */
  | 'failed'
  /** The data directory holds a workspace already. */
  | 'occupied'
  /** Stopped by a signal. */
  | 'interrupted';

export class BackupError extends Error {
  readonly kind: BackupErrorKind;
  /** What it is about: a file or the data directory. */
  readonly path: string;
  constructor(kind: BackupErrorKind, path: string, detail = '') {
    super(detail);
    this.name = 'BackupError';
    this.kind = kind;
    this.path = path;
  }
}
