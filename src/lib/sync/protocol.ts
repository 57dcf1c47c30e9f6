/**
 * The wire between a browser and the sync server: the y-websocket protocol (one message a frame; the
 * first varUint is the type) and our additions, sent only to clients that asked with `ext=1`.
 */
import { SCHEMA_VERSION } from '#lib/report/model.ts';
import type { ReportRole, ReportStatus } from '#lib/review/permissions.ts';

export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** `1, epoch, seq, n`: sync frames 1…n of this socket are settled. */
  ack: 120,
  /** `n, code, text`: frame n was refused. */
  nack: 121,
  /** One varString of JSON: {@link Info}. */
  info: 122,
  /** One varString of JSON: {@link Clients}. */
  clients: 123,
} as const;

export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

export const NACK = {
  readOnly: 1,
  malformed: 2,
  foreignClient: 3,
  tooLarge: 4,
  tooFast: 5,
  schema: 6,
  missingDependency: 7,
  locked: 8,
} as const;
export type NackCode = (typeof NACK)[keyof typeof NACK];

/** Only codes 4400–4499 stop the client's reconnecting. */
export const CLOSE = {
  /** What was sent makes no sense: sending it again would not either. */
  malformed: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  notFound: 4404,
  foreignClient: 4409,
  tooLarge: 4413,
  clientTooOld: 4426,
  /** Too many sockets of one person, document or address are open. */
  tooMany: 4429,
  /** Asks for a reconnect: the role changed, or the server is draining. */
  reconnect: 4503,
} as const;

/** A report's id, as rooms and addresses carry it. */
export const REPORT_ID = /^[a-z0-9]{12,32}$/;
/** The path of a room; the client does not URL-encode it. */
export const ROOM_PATH = /^\/sync\/([a-z0-9]{12,32})\/(content|review)$/;

export interface Info {
  role: ReportRole;
  status: ReportStatus;
  /** Whether this socket's edits are taken. */
  canWrite: boolean;
  limits: { updateBytes: number };
  /** False while the server cannot write: nothing is acknowledged, all of it is kept in the browser. */
  storing: boolean;
  epoch: number;
  seq: number;
  schema: number;
}

/** Who is behind a Yjs client id. `hue` is the department's colour, 0 to 11. */
export interface ClientPerson {
  userId: string;
  name: string;
  department: string | null;
  hue: number | null;
}

/** What changed of who is behind each Yjs client id that is present; null: that client left. */
export type Clients = Record<string, ClientPerson | null>;

/** The query a browser of ours connects with. */
export const CLIENT_PARAMS = { ext: '1', schema: String(SCHEMA_VERSION) };

/** An update larger than this many bytes closes the socket with {@link CLOSE.tooLarge}. */
export const MAX_UPDATE_BYTES = 8 * 1024 * 1024;
