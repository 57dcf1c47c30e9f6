/** What the server changes of a document, on somebody's behalf or for its upkeep. */
import { randomInt } from 'node:crypto';
import * as Y from 'yjs';
import type { Actor, ReportAction } from '#lib/review/permissions.ts';
import { oneAtATime } from '../oneatatime.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { CommittedDoc } from './committed.ts';
import { Draft } from './draft.ts';
import { isAllowed, type Judgement } from './judgement.ts';
import { unusedClient } from './owners.ts';
import type { CommitQueue, Companion, Entry, ServerSource } from './queue.ts';
import { decodeUpdate } from './update.ts';

/** Who changes a document by a command, and what it takes. `actor` null: the server, for its upkeep. */
export interface Annotator {
  actor: Actor | null;
  action: ReportAction;
  /** Chosen by whoever sent the command, so that it is carried out once; null: it may be repeated. */
  key: string | null;
}

/** A change of a document, or why there is none. */
export type Change<T> = (doc: Y.Doc) => Outcome<T>;

interface ServerEdit extends Pick<ServerSource, 'actor' | 'action' | 'settle'> {
  bytes: Uint8Array;
  key?: string | null;
  companion?: Companion | null;
}

export interface ServerEditsOptions {
  docId: string;
  committed: CommittedDoc;
  queue: CommitQueue;
  /** Who somebody is and what they may do, as of now. */
  judgeActor: (actor: Actor) => Promise<Judgement>;
  /** Whether a user's command with this key was committed. */
  hasCommand: (docId: string, userId: string, key: string) => Promise<boolean>;
  /** Whether the document is to be loaded anew. */
  isDead: () => boolean;
}

export class ServerEdits {
  readonly #options: ServerEditsOptions;
  readonly #draft: Draft;
  /** A command's change is made on what the one before it left. */
  readonly #alone = oneAtATime();

  constructor(options: ServerEditsOptions) {
    this.#options = options;
    this.#draft = new Draft(options.committed, () => this.#drawClient());
  }

  /**
   * Commits what `change` does to a copy of the document, on an actor's behalf. Resolves when it is
   * committed, with its sequence number, or refused.
   */
  edit(actor: Actor, change: (doc: Y.Doc) => void): Promise<Outcome<{ seq: number }>> {
    return this.#whileAllowed(actor, 'write', async () => {
      const bytes = this.#editCopy(change);
      if (bytes === null) return done({ seq: this.#options.queue.seq });
      return this.#commit({ actor, action: 'write', bytes });
    });
  }

  /**
   * Commits what `change` does to a document that only the server changes. An actor must be allowed to do
   * this to the report, then and when it is committed; null is the server itself. A command whose key was
   * committed before is not carried out again, and answers what `repeated` makes of the document.
   */
  annotate<T>(
    { actor, action, key }: Annotator,
    change: Change<T>,
    repeated: Change<T>,
  ): Promise<Outcome<T>> {
    return this.#alone(() =>
      this.#whileAllowed(actor, action, async () => {
        if (await this.#isDone(actor, key)) return repeated(this.#options.committed.doc);
        const { outcome, bytes } = this.#draft.change(change);
        if (!outcome.ok || bytes === null) return outcome;
        return this.#kept(await this.#commit({ actor, action, bytes, key }), outcome);
      }),
    );
  }

  /**
   * The same for a change of both documents of a report, of which this is the content: one commit has both,
   * or neither.
   */
  amend<T>(
    { actor, action, key }: Annotator & { actor: Actor },
    review: ServerEdits,
    change: (content: Y.Doc, review: Y.Doc) => Outcome<T>,
    repeated: Change<T>,
  ): Promise<Outcome<T>> {
    return review.#alone(() =>
      this.#whileAllowed(actor, action, async () => {
        if (await review.#isDone(actor, key)) return repeated(review.#options.committed.doc);
        let inContent: Uint8Array | null = null;
        const { outcome, bytes } = review.#draft.change<T>((draft) => {
          const answers: Outcome<T>[] = [];
          inContent = this.#editCopy((content) => answers.push(change(content, draft)));
          const [answer] = answers;
          if (answer === undefined) throw new Error('the content was copied, but not changed');
          return answer;
        });
        if (!outcome.ok) return outcome;
        if (bytes === null || inContent === null)
          throw new Error('a change of both documents that is none of one');
        const entry = review.#entry({ actor, action, bytes, key, settle: () => {} });
        const companion: Companion = {
          docId: review.#options.docId,
          update: { userId: actor.userId, bytes, claims: [], key },
          onCommitted: (sizes) => review.#options.queue.adopt(entry, sizes),
        };
        return review.#kept(await this.#commit({ actor, action, bytes: inContent, companion }), outcome);
      }),
    );
  }

  async #isDone(actor: Actor | null, key: string | null): Promise<boolean> {
    return actor !== null && key !== null && this.#options.hasCommand(this.#options.docId, actor.userId, key);
  }

  /** What a change answers, if it was committed. */
  #kept<T>(committed: Outcome<unknown>, outcome: Outcome<T>): Outcome<T> {
    if (committed.ok) return outcome;
    this.#draft.drop();
    return committed;
  }

  /** Runs an edit of the server's while its actor may do this. */
  #whileAllowed<T>(
    actor: Actor | null,
    action: ReportAction,
    work: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const run = () => (this.#options.isDead() ? Promise.resolve<Outcome<T>>(refuse('storage_full')) : work());
    if (actor === null) return run();
    return this.#options.queue.whileJudged(
      () => this.#options.judgeActor(actor),
      async (judgement): Promise<Outcome<T>> => {
        if (judgement.verdict === 'notFound') return refuse('not_found');
        return isAllowed(judgement, action) ? run() : refuse('forbidden');
      },
    );
  }

  #commit(edit: Omit<ServerEdit, 'settle'>): Promise<Outcome<{ seq: number }>> {
    return new Promise((settle) => this.#options.queue.add(this.#entry({ ...edit, settle })));
  }

  #entry({ actor, action, bytes, settle, key = null, companion = null }: ServerEdit): Entry {
    const update = decodeUpdate(bytes);
    if (update === null) throw new Error('a server edit of an update that cannot be read');
    return {
      source: { from: 'server', actor, action, settle },
      author: { userId: actor?.userId ?? null, departmentId: actor?.departmentId ?? null },
      mayRecover: false,
      update,
      isNew: true,
      // A server's edit is under an id that stays nobody's.
      claims: [],
      key,
      companion,
    };
  }

  /** What a change does to the document, as an update; null: nothing. */
  #editCopy(change: (doc: Y.Doc) => void): Uint8Array | null {
    const copy = new Y.Doc();
    copy.clientID = this.#drawClient();
    Y.applyUpdate(copy, this.#options.committed.whole);
    const before = Y.encodeStateVector(copy);
    let hasChanged = false;
    copy.on('update', () => (hasChanged = true));
    copy.transact(() => change(copy));
    const bytes = hasChanged ? Y.encodeStateAsUpdate(copy, before) : null;
    copy.destroy();
    return bytes;
  }

  #drawClient(): number {
    return unusedClient(this.#options.queue.holders, () => randomInt(2 ** 32));
  }

  /** Whether this may be done, by whoever it is done for. */
  async mayStill({ actor, action }: ServerSource): Promise<boolean> {
    return actor === null || isAllowed(await this.#options.judgeActor(actor), action);
  }

  /** Forgets what was not committed. */
  destroy(): void {
    this.#draft.drop();
  }
}
