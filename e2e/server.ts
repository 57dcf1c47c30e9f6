import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Account {
  username: string;
  password: string;
  name: string;
  department: string | null;
  role: string;
}

export interface Example {
  workspace: string;
  accounts: Account[];
  reports: { id: string; title: string }[];
}

/** What a command said and ended with. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * The production server in a process of its own, on a fresh data directory. `kill` is SIGKILL; `start`
 * begins again on the same port and data.
 */
export class TestServer {
  #dataDir = mkdtempSync(join(tmpdir(), 'huigao-e2e-'));
  readonly #env: NodeJS.ProcessEnv;
  #process: ChildProcess | null = null;
  #port = 0;
  #output = '';

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.#env = env;
  }

  get dataDir(): string {
    return this.#dataDir;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Whether a process was started and has not ended. */
  get running(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What the running server has printed, on both streams. */
  get output(): string {
    return this.#output;
  }

  #environment(): NodeJS.ProcessEnv {
    const port = String(this.#port);
    return { ...process.env, LOG_LEVEL: 'warn', ...this.#env, PORT: port, HUIGAO_DATA: this.dataDir };
  }

  /** Uses another server's data instead of its own. */
  shareDataOf(other: TestServer): void {
    rmSync(this.#dataDir, { recursive: true, force: true });
    this.#dataDir = other.dataDir;
  }

  usePortOf(other: TestServer): void {
    this.#port = other.#port;
  }

  /** Runs a command of the CLI on this server's data and answers what it printed. */
  cli(args: string[], input = ''): string {
    const { stdout, stderr, status } = spawnSync('node', ['server/cli.ts', ...args], {
      cwd: root,
      env: this.#environment(),
      encoding: 'utf8',
      input,
    });
    if (status !== 0) throw new Error(`cli ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  }

  /** The same without waiting on the spot, whatever its exit code. */
  async run(args: string[]): Promise<Ended> {
    const child = spawn('node', ['server/cli.ts', ...args], { cwd: root, env: this.#environment() });
    const ended = { code: null as number | null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
    ended.code = await new Promise((resolve) => child.once('close', resolve));
    return ended;
  }

  setUpExample(): Example {
    return JSON.parse(this.cli(['setup', '--example', '--json'])) as Example;
  }

  /** Resolves once the server accepts connections. */
  async start(): Promise<void> {
    const child = spawn('node', ['server/main.ts'], { cwd: root, env: this.#environment() });
    this.#process = child;
    this.#output = '';
    child.stderr.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#port = await new Promise<number>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
        const found = /http:\/\/[\w.[\]:]+?:(\d+)/.exec(this.#output);
        if (found) resolve(Number(found[1]));
      });
      child.once('close', (code) => reject(new Error(`the server ended with ${code}: ${this.#output}`)));
    });
  }

  /** Answers the exit code; null when there is none, or nothing ran. */
  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    const { running } = this;
    this.#process = null;
    if (child === null || !running) return child?.exitCode ?? null;
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return exited;
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks the server to stop and answers its exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
