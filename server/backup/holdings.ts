import type { DocKind } from '../store/docs.ts';
import type { FigureTable } from '../store/tables.ts';

/** A document's row, with how far what is derived from it has come. */
export interface DocHead {
  id: string;
  reportId: string;
  kind: DocKind;
  headSeq: number;
  snapSeq: number;
  logBytes: number;
  snapBytes: number;
  /** The sequence numbers that the kept projections have seen, by name. */
  projections: ReadonlyMap<string, number>;
  /** What authorship needs to go on, as JSON. */
  pool: string | null;
}

export interface HeldRow {
  seq: number;
  userId: string | null;
  bytes: Uint8Array;
}

export interface HeldSnapshot {
  seq: number;
  sha256: string;
  bytes: Uint8Array;
}

export interface HeldOwner {
  clientId: number;
  userId: string;
  firstSeq: number;
}

export interface HeldRun {
  client: number;
  clock: number;
  length: number;
  userId: string | null;
}

export interface HeldPicture {
  id: string;
  reportId: string;
  bytes: number;
  sha256: string;
}

/** An article, with what its revisions and its report say of it. */
export interface HeldArticle {
  number: number;
  reportId: string | null;
  revision: number;
  date: string;
  isWithdrawn: 0 | 1;
  /** How many revisions there are. */
  revisions: number;
  /** The newest one's; null: it is not there. */
  newestDate: string | null;
  isNewestWithdrawn: 0 | 1;
  /** Whether readers find it by its words. */
  isIndexed: 0 | 1;
  /** Null: the report is gone. */
  status: string | null;
}

export interface HeldRendering {
  number: number;
  revision: number;
  format: string;
  sha256: string;
  bytes: Uint8Array;
}

/**
 * A workspace's data at one moment, as the check reads them: from a data directory that a server may be
 * using, or from a backup. Reading what the file's damage reaches throws.
 */
export interface Holdings {
  /** What SQLite's own check finds, one line each. */
  damage(): string[];
  /** What the database is made of and this version is not, or the other way round, by name. */
  strayParts(): string[];
  brokenReferences(): { table: string; rows: number }[];
  people(): Set<string>;
  reports(): { id: string; title: string; titleSeq: number }[];
  documents(): DocHead[];
  /** In order. */
  rows(docId: string): HeldRow[];
  /** In order, one after another: together they may be large. */
  snapshots(docId: string): Iterable<HeldSnapshot>;
  owners(docId: string): HeldOwner[];
  runs(docId: string): Iterable<HeldRun>;
  /** The index of a report's figures. */
  figures(reportId: string): FigureTable[];
  articles(): HeldArticle[];
  /** In order, one after another: together they may be large. */
  renderings(): Iterable<HeldRendering>;
  pictures(): HeldPicture[];
  /** The bytes kept under a picture's digest, whatever they are now; null: none. */
  pictureBytes(sha256: string): Promise<Uint8Array | null>;
  /** Whether a picture has this digest now, and not only at the moment that is read. */
  isStillNamed(sha256: string): boolean;
}
