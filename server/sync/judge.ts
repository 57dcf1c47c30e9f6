import type { IncomingHttpHeaders } from 'node:http';
import type { Actor, ReportAccess } from '#lib/review/permissions.ts';
import type { DocKind } from '../store/docs.ts';
import type { Judgement } from './judgement.ts';
import { standingOf, type DepartmentLook, type Session } from './session.ts';

/** Where it is known who somebody is, and what they may do. */
export interface Records {
  /** Who is signed in by these headers; null: nobody. */
  authenticate: (headers: IncomingHttpHeaders) => Promise<{ actor: Actor } | null>;
  /** A person as they are now; null: unknown or disabled. */
  actor: (userId: string) => Promise<Actor | null>;
  /** A department as people see it; null: there is no such department. */
  department: (departmentId: string) => Promise<DepartmentLook | null>;
  /** What is known of a report and an actor; null: no such report. */
  access: (actor: Actor, reportId: string) => Promise<ReportAccess | null>;
}

/** Judges who may do what, as of now: a judgement that a change of rights overtook is not given. */
export class Judge {
  readonly #records: Records;
  /** How often rights changed: who was judged meanwhile is judged once more. */
  #changes = 0;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Somebody's rights are others than they were. */
  rightsChanged(): void {
    this.#changes++;
  }

  /** What the person behind a socket may do in a document. */
  session(session: Session, reportId: string, kind: DocKind): Promise<Judgement> {
    return this.#settled(async () => {
      const signedIn = await this.#records.authenticate(session.credentials);
      if (signedIn === null || signedIn.actor.userId !== session.userId) return { verdict: 'signedOut' };
      return this.#judge(signedIn.actor, reportId, kind);
    });
  }

  /** What a person may have the server do to a document. */
  actor({ userId }: Actor, reportId: string, kind: DocKind): Promise<Judgement> {
    return this.#settled(async () => {
      // As they are now: the request that brought them may be older than a change of their rights.
      const now = await this.#records.actor(userId);
      return now === null ? { verdict: 'forbidden' } : this.#judge(now, reportId, kind);
    });
  }

  async #judge(actor: Actor, reportId: string, kind: DocKind): Promise<Judgement> {
    const { access, department } = this.#records;
    const found = await access(actor, reportId);
    if (found === null) return { verdict: 'notFound' };
    const look = actor.departmentId === null ? null : await department(actor.departmentId);
    // The review data are written by the server alone.
    const standing = standingOf(actor, look, found, kind === 'content');
    return standing === null ? { verdict: 'forbidden' } : { verdict: 'admitted', standing };
  }

  async #settled(judge: () => Promise<Judgement>): Promise<Judgement> {
    for (;;) {
      const before = this.#changes;
      const judgement = await judge();
      if (before === this.#changes) return judgement;
    }
  }
}
