/** The audit log, as the server hands it to administrators. */

/** What acts are filtered by. */
export const AUDIT_AREAS = ['report', 'share', 'export', 'thread', 'figure', 'signIn', 'people'] as const;
export type AuditArea = (typeof AUDIT_AREAS)[number];

/** What of the log is asked for; null and empty text narrow nothing. */
export interface AuditFilter {
  /** Part of the name, or the user name, of who did it or whom it was done to. */
  person: string;
  /** Part of the title, or the id, of a report. */
  report: string;
  area: AuditArea | null;
  /** Days in China, `2024-03-01`, both included. */
  from: string | null;
  to: string | null;
  /** Only what administrators did to reports that they do not own. */
  asAdmin: boolean;
}

export interface AuditLine {
  /** Rises with each line. */
  id: number;
  /** ISO 8601, UTC. */
  at: string;
  /** The type of the event, such as `report.shared`. */
  act: string;
  /** Null: nobody was signed in. `name` empty: the command line. */
  actor: { id: string; name: string; username: string | null } | null;
  asAdmin: boolean;
  report: { id: string; title: string } | null;
  threadId: string | null;
  /** `name` null: there is no such department any more. */
  subject: { kind: 'person' | 'department'; id: string; name: string | null } | null;
  detail: Record<string, string | boolean>;
  address: string | null;
}

/** The newest first; pages count from 1. */
export interface AuditPage {
  lines: AuditLine[];
  total: number;
  page: number;
  pages: number;
}
