/** What can be wrong with a workspace's data. Nothing of anyone's text is ever part of it. */
export type FaultCode =
  /** SQLite's own check of the file failed. */
  | 'damaged'
  /** A table or an index is not as this version makes it. */
  | 'schema'
  /** Rows name others that are not there. */
  | 'reference'
  /** A report lacks one of its documents. */
  | 'noDocument'
  /** A row or a snapshot is no update. */
  | 'undecodable'
  /** The numbers of the log's rows do not follow one another up to the head. */
  | 'gap'
  /** A snapshot's bytes are not what they were when it was taken. */
  | 'digest'
  /** A snapshot is not what the rows up to it add up to. */
  | 'snapshotDiffers'
  /** Something builds on what is not there. */
  | 'pending'
  /** No snapshot and no beginning of the log to start from: the document cannot be opened. */
  | 'unloadable'
  /** The document's row and what is stored disagree on sizes. */
  | 'sizes'
  /** Something derived claims to have seen more than there is. */
  | 'projectionAhead'
  /** The list's title is not the text's. */
  | 'title'
  /** The index of figures is not what the report's register says. */
  | 'figures'
  /** A Yjs client's owner cannot be right. */
  | 'owner'
  /** A record of authorship cannot be right. */
  | 'author'
  /** A picture's bytes are not there. */
  | 'missing'
  /** A picture's bytes are there and are not what they were. */
  | 'altered'
  /** An article, its revisions and its report do not fit together. */
  | 'article'
  /** What was published is not what it was. */
  | 'rendering';

export interface Fault {
  about: 'database' | 'report' | 'document' | 'picture' | 'article';
  /** Whose fault it is; for the database its table, or null; for an article its number. */
  id: string | null;
  /** The report that it belongs to; null: none, or not known. */
  reportId: string | null;
  fault: FaultCode;
  /** Which row, snapshot, client …, by number. */
  detail: string;
}
