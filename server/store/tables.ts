/** The database's tables, as Kysely sees them. One logical schema for every store; times are ISO 8601 UTC. */
import type { Generated, GeneratedAlways } from 'kysely';
import type { FigureKind, MeasureKind } from '#lib/figures/figure.ts';
import type { FigureState } from '#lib/figures/register.ts';
import type { NotificationKind } from '#lib/review/notification.ts';
import type { ReportRole, ReportStatus, WorkspaceRole } from '#lib/review/permissions.ts';

type Bool = 0 | 1;

/** better-auth's tables keep better-auth's names. */
export interface UserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: Bool;
  image: string | null;
  createdAt: string;
  updatedAt: string;
  username: string;
  displayUsername: string | null;
  role: WorkspaceRole;
  departmentId: string | null;
  disabled: Bool;
}
export interface SessionTable {
  id: string;
  userId: string;
  token: string;
  expiresAt: string;
  createdAt: string;
  updatedAt: string;
  ipAddress: string | null;
  userAgent: string | null;
}
export interface AccountTable {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: string | null;
  refreshTokenExpiresAt: string | null;
  scope: string | null;
  password: string | null;
  createdAt: string;
  updatedAt: string;
}
export interface VerificationTable {
  id: string;
  identifier: string;
  value: string;
  expiresAt: string;
  createdAt: string;
  updatedAt: string;
}
/** Failed sign-ins: one row an account and one an address. */
export interface SignInFailureTable {
  key: string;
  failures: number;
  lockedUntil: string | null;
  lastAt: string;
}
/** One row that is written to see whether anything can be. */
export interface HeartbeatTable {
  id: number;
  at: string;
}
export interface SettingTable {
  key: string;
  value: string;
}
export interface DepartmentTable {
  id: string;
  name: string;
  /** 0–11: which of the twelve department colours. */
  hue: number;
  createdAt: string;
}
export interface ReportTable {
  id: string;
  /** The projection of the first `title` paragraph; see titleSeq. */
  title: string;
  /** The content sequence number the title was read at. */
  titleSeq: number;
  status: ReportStatus;
  createdBy: string;
  departmentId: string | null;
  createdAt: string;
  updatedAt: string;
  updatedBy: string | null;
  trashedAt: string | null;
}
export interface ReportShareTable {
  reportId: string;
  subjectKind: 'person' | 'department';
  subjectId: string;
  role: ReportRole;
}
export interface PictureTable {
  id: string;
  reportId: string;
  type: string;
  bytes: number;
  width: number;
  height: number;
  sha256: string;
  createdBy: string;
  createdAt: string;
}
export interface DocTable {
  /** The integer that its log is kept under. */
  number: Generated<number>;
  id: string;
  reportId: string;
  kind: 'content' | 'review';
  headSeq: number;
  /** The sequence number of the newest snapshot; 0: none. */
  snapSeq: number;
  /** Bytes of log rows after the newest snapshot. */
  logBytes: number;
  snapBytes: number;
  /** Rises when the workspace is restored from a backup. */
  epoch: number;
  /** When that was; null: never. */
  restoredAt: string | null;
  /** Rises with every change of rights; part of each commit's WHERE clause. */
  accessEpoch: number;
}
export interface DocUpdateTable {
  /** See {@link placeOf}. */
  place: number;
  docNumber: GeneratedAlways<number>;
  seq: GeneratedAlways<number>;
  userId: string | null;
  at: string;
  bytes: Uint8Array;
}
export interface DocSnapshotTable {
  docId: string;
  seq: number;
  at: string;
  sha256: string;
  bytes: Uint8Array;
}
/** Who may go on under a Yjs client id; ids that are not here are nobody's. */
export interface ClientOwnerTable {
  docId: string;
  clientId: number;
  userId: string;
  firstSeq: number;
}
/** Who wrote which items of a document's text: see docs/sync.md, Authorship. */
export interface AuthorshipRunTable {
  docId: string;
  client: number;
  clock: number;
  length: number;
  userId: string | null;
  departmentId: string | null;
  at: string;
}
/** The commands carried out on a document, by whoever sent them: each is done once. */
export interface DocCommandTable {
  docId: string;
  userId: string;
  key: string;
  /** The update that carried it out. */
  seq: number;
  at: string;
}
/** How far each projection of a document has come, with what it needs to go on. */
export interface DocProjectionTable {
  docId: string;
  name: string;
  seq: number;
  state: string | null;
}

/** Who did what, when. Append-only: triggers refuse to change or remove a line. */
export interface AuditTable {
  /** Rises with each line. */
  id: Generated<number>;
  at: string;
  /** The type of an event: see `server/event.ts`. */
  act: string;
  /** Null: nobody was signed in. `cli`: the command line. */
  actorId: string | null;
  /** Whether an administrator acted on a report they do not own. */
  asAdmin: Bool;
  reportId: string | null;
  threadId: string | null;
  subjectKind: 'person' | 'department' | null;
  subjectId: string | null;
  /** JSON of a few short strings. */
  detail: string;
  /** Where a sign-in came from. */
  address: string | null;
}

/** What a person is told of. */
export interface NotificationTable {
  /** Rises with each. */
  id: Generated<number>;
  userId: string;
  kind: NotificationKind;
  /** The type of the event. */
  act: string;
  reportId: string;
  threadId: string | null;
  actorId: string;
  /** The one figure it is about. */
  figureId: string | null;
  at: string;
  /** Whether it stands on the page; else it is mailed only. */
  isShown: Bool;
  readAt: string | null;
  /** When it is to be mailed unless it has been read; null: not, or it has been. */
  mailDue: string | null;
  mailTries: number;
}
/** The register's figures, as the review documents have them as of their projection `figures`. */
export interface FigureTable {
  reportId: string;
  id: string;
  surface: string;
  value: string;
  valueMax: string | null;
  unit: string;
  kind: FigureKind;
  object: string;
  scope: string;
  period: string;
  modality: 'actual' | 'plan';
  /** What it is about, so that others of it may contradict it; null: that cannot be said. */
  topic: string | null;
  departmentId: string | null;
  source: string;
  /** The title of the section that it is in. */
  section: string;
  state: FigureState;
  verifiedAt: string | null;
  verifiedBy: string | null;
  registeredAt: string;
}
/** Where those of them that are in the text stand, and what checking the report says of them. */
export interface FigureStandingTable {
  reportId: string;
  figureId: string;
  /** Where it begins in the whole text, in UTF-16 units. */
  place: number;
  /** A `FindingMessage` as JSON; null: nothing says that it is wrong. */
  wrong: string | null;
}
/** An article as readers meet it: its newest revision. Rows are never removed. */
export interface ArticleTable {
  /** Six digits, ascending. */
  number: number;
  /** Null: the report is gone. */
  reportId: string | null;
  departmentId: string | null;
  /** The newest. */
  revision: number;
  /** The newest revision's day. */
  date: string;
  isWithdrawn: Bool;
  changedAt: string;
}
/** A revision of an article; triggers refuse to change or remove it. */
export interface PublicationTable {
  number: number;
  /** From 1. */
  revision: number;
  title: string;
  byline: string;
  /** The name that the department had; '': none. */
  department: string;
  /** The day it bears, `2023-12-08`. */
  date: string;
  description: string;
  words: number;
  minutes: number;
  /** The sequence number of the content. */
  contentSeq: number;
  /** Of the content, the same for the same content. */
  contentHash: string;
  /** The register of figures as it was, as JSON. Internal. */
  figures: string;
  /** What readers are told was corrected; '': nothing. */
  correction: string;
  /** How many of each kind the checklist named, as JSON. Internal. */
  findings: string;
  /** Why it was published in spite of what stops; null: nothing did. Internal. */
  reason: string | null;
  publishedBy: string;
  publishedAt: string;
  /** Of the command. */
  key: string;
}
/** A revision's bytes in one format. Immutable. */
export interface RenderingTable {
  number: number;
  revision: number;
  format: string;
  mime: string;
  sha256: string;
  bytes: Uint8Array;
}
/** The words of the articles that readers find; an index that knows no more than its rows. */
export interface ArticleTextTable {
  /** The article's number. */
  rowid: number;
  /** See `server/publications/words.ts`. */
  words: string;
}
/** That a revision was taken from readers. Immutable; a newer revision brings the article back. */
export interface WithdrawalTable {
  number: number;
  revision: number;
  /** What readers are told. */
  note: string;
  withdrawnBy: string;
  withdrawnAt: string;
}
/** An article that somebody wants to find again. */
export interface FavouriteTable {
  userId: string;
  number: number;
  at: string;
}
/** The workspace's glossary (提法库). */
export interface TermTable {
  id: string;
  name: string;
  kind: MeasureKind;
  definition: string;
  /** The department that owns it; null: the workspace. */
  departmentId: string | null;
  note: string;
  updatedBy: string;
  updatedAt: string;
}
/** What looks like a measure and is none, for the whole workspace. */
export interface DismissedMeasureTable {
  name: string;
  reason: string;
  userId: string;
  at: string;
}
/** What people have chosen for themselves. */
export interface PreferenceTable {
  userId: string;
  key: string;
  value: string;
}

export interface Database {
  user: UserTable;
  session: SessionTable;
  account: AccountTable;
  verification: VerificationTable;
  signInFailure: SignInFailureTable;
  heartbeat: HeartbeatTable;
  setting: SettingTable;
  department: DepartmentTable;
  report: ReportTable;
  reportShare: ReportShareTable;
  picture: PictureTable;
  doc: DocTable;
  docUpdate: DocUpdateTable;
  docSnapshot: DocSnapshotTable;
  clientOwner: ClientOwnerTable;
  authorshipRun: AuthorshipRunTable;
  docCommand: DocCommandTable;
  docProjection: DocProjectionTable;
  audit: AuditTable;
  notification: NotificationTable;
  preference: PreferenceTable;
  figure: FigureTable;
  figureStanding: FigureStandingTable;
  article: ArticleTable;
  publication: PublicationTable;
  rendering: RenderingTable;
  withdrawal: WithdrawalTable;
  articleText: ArticleTextTable;
  favourite: FavouriteTable;
  term: TermTable;
  dismissedMeasure: DismissedMeasureTable;
}
