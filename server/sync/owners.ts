/**
 * Who may write under which Yjs client id. Yjs tells edits apart by (client, clock) alone: two who write
 * under one id split the document without any error, so an id is one person's, or nobody's for good.
 */
import type { Update } from './update.ts';

/** Whose client ids are, by a commit. */
export class Owners {
  readonly #owners = new Map<number, string>();
  /** One string a person: a document that is years old has tens of thousands of ids. */
  readonly #users = new Map<string, string>();

  constructor(stored: ReadonlyMap<string, readonly number[]>) {
    for (const [userId, clients] of stored) this.claim(userId, clients);
  }

  /** Null: nobody's. */
  of(client: number): string | null {
    return this.#owners.get(client) ?? null;
  }

  claim(userId: string, clients: readonly number[]): void {
    if (clients.length === 0) return;
    const user = this.#users.get(userId) ?? userId;
    this.#users.set(user, user);
    for (const client of clients) this.#owners.set(client, user);
  }
}

/** What is known of client ids when an update is judged. */
export interface Holders {
  /** How far a client id has come, committed or queued; 0: nothing was ever written under it. */
  clock(client: number): number;
  /** Whose it is by a commit, done or queued; null: nobody's. */
  owner(client: number): string | null;
  /** Who is present under it, or was and may come back; null: nobody. */
  present(client: number): Present | null;
}

export interface Present {
  readonly userId: string;
  /** Whether the client hears of epochs: then it announces itself under ids of this epoch only. */
  readonly extended: boolean;
}

/** Who brings an update. */
export interface Bringer {
  userId: string;
  /** Whether it may bring back what a restored document lost, whoever wrote it. */
  mayRecover: boolean;
}

/** How many ids one update may claim: a person's windows since they were last connected. */
export const MAX_CLAIMS = 1_000;

/**
 * The ids that become the bringer's with this update, which must not be missing anything; null: it writes
 * under an id that is not theirs.
 */
export function claimsOf(update: Update, bringer: Bringer, holders: Holders): number[] | null {
  const claims: number[] = [];
  for (const [client, structs] of update.structs) {
    const last = structs.at(-1);
    if (last === undefined || last.id.clock + last.length <= holders.clock(client)) continue;
    const right = rightTo(client, bringer, holders);
    if (right === 'none') return null;
    if (right === 'claim') claims.push(client);
  }
  return claims;
}

/** `recover`: it may be written under, and is nobody's afterwards. */
type Right = 'own' | 'claim' | 'recover' | 'none';

function rightTo(client: number, { userId, mayRecover }: Bringer, holders: Holders): Right {
  const owner = holders.owner(client);
  if (owner !== null) return owner === userId ? 'own' : 'none';
  if (holders.clock(client) > 0) return mayRecover ? 'recover' : 'none';
  const present = holders.present(client);
  if (present === null) return mayRecover ? 'recover' : 'claim';
  if (present.userId === userId) return 'claim';
  // A stock client may still be here under the id that it had before the restore.
  return mayRecover && !present.extended ? 'recover' : 'none';
}

/** A client id that nothing was written under, and that nobody has. */
export function unusedClient(holders: Holders, draw: () => number): number {
  for (;;) {
    const client = draw();
    const isUsed =
      holders.clock(client) > 0 || holders.owner(client) !== null || holders.present(client) !== null;
    if (!isUsed) return client;
  }
}

/** How long after a restore lost text may be brought back, in milliseconds: seven days. */
const RECOVERY_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether lost text may still be brought back. */
export function isRecovering(restoredAt: string | null, now: Date): boolean {
  return restoredAt !== null && now.getTime() - Date.parse(restoredAt) < RECOVERY_MS;
}
