import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Idle, Job, Joined, Moved, Recorded, Typed } from './load/protocol.ts';

type Answers = {
  open: null;
  fill: null;
  type: Typed;
  move: Moved;
  idle: Idle;
  record: Recorded;
  join: Joined;
  close: null;
};
type Reply<T> = { ok: true; value: T } | { ok: false; error: string };

/** The load's process. */
export class Load {
  readonly #process: ChildProcess = fork(join(import.meta.dirname, 'load/main.ts'), { stdio: 'inherit' });

  /** Has one job done. Throws when it failed. */
  async do<J extends Job>(job: J): Promise<Answers[J['job']]> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply<Answers[J['job']]>>();
    const ended = (code: number | null) => reject(new Error(`the load ended with ${code}`));
    this.#process.once('message', resolve);
    this.#process.once('exit', ended);
    this.#process.send(job);
    const reply = await promise;
    this.#process.off('exit', ended);
    if (!reply.ok) throw new Error(reply.error);
    return reply.value;
  }

  end(): void {
    this.#process.kill();
  }
}
