import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a trial tells its server's process. */
export type HostCommand = { do: 'open'; dir: string; pace: number } | { do: 'measure' };
/** What that process says; memory in bytes. */
export type HostNews =
  { is: 'ready' } | { is: 'open'; port: number } | { is: 'measured'; rss: number; heap: number };

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

/** The parent's end of a server process (`host.ts`). */
export class HostProcess {
  /** How it ended: by a signal, or with a code. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  #hasEnded = false;

  /** Starts a process, which loads its code and waits. `cache`: where compiled code is kept. */
  constructor(cache: string) {
    this.#child = fork(HOST, {
      execArgv: ['--expose-gc'],
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ended = new Promise((resolve) =>
      this.#child.once('exit', (code, signal) => {
        this.#hasEnded = true;
        resolve({ code, signal });
      }),
    );
    this.#ready = this.#hear('ready');
    // Whoever waits for more than the process lives to say is told then.
    this.#ready.catch(() => {});
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Opens the database in a directory; answers the port where it listens. Rejects when it ends before that. */
  async open(dir: string, pace: number): Promise<number> {
    await this.#ready;
    const opened = this.#hear('open');
    this.#tell({ do: 'open', dir, pace });
    return (await opened).port;
  }

  /** Its memory after a collection of garbage. */
  async measure(): Promise<{ rss: number; heap: number }> {
    const measured = this.#hear('measured');
    this.#tell({ do: 'measure' });
    return measured;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it, if it has not ended. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #tell(command: HostCommand): void {
    this.#child.send(command);
  }

  #hear<K extends HostNews['is']>(kind: K): Promise<Extract<HostNews, { is: K }>> {
    return new Promise((resolve, reject) => {
      const listen = (news: HostNews) => {
        if (news.is !== kind) return;
        this.#child.off('message', listen);
        resolve(news as Extract<HostNews, { is: K }>);
      };
      this.#child.on('message', listen);
      void this.ended.then(({ code, signal }) =>
        reject(new Error(`the server ended (${signal ?? code}) before it was ${kind}`)),
      );
    });
  }
}

/** Processes made ready before they are needed: loading the code takes longer than a round of a trial. */
export class Nursery {
  readonly #cache: string;
  readonly #ready: HostProcess[] = [];
  readonly #size: number;

  constructor(cache: string, size: number) {
    this.#cache = cache;
    this.#size = size;
    this.#fill();
  }

  /** One that is ready, or nearly. */
  take(): HostProcess {
    const host = this.#ready.shift() ?? new HostProcess(this.#cache);
    this.#fill();
    return host;
  }

  async close(): Promise<void> {
    await Promise.all(this.#ready.splice(0).map((host) => host.kill()));
  }

  #fill(): void {
    while (this.#ready.length < this.#size) this.#ready.push(new HostProcess(this.#cache));
  }
}
