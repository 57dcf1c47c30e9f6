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

/**
 * The production server in a process of its own, on a fresh data directory. `kill` is SIGKILL; `start`
 * begins again on the same port and data.
 */
export class TestServer {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'huigao-e2e-'));
  readonly #env: NodeJS.ProcessEnv;
  #process: ChildProcess | null = null;
  #port = 0;

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.#env = env;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  #environment(): NodeJS.ProcessEnv {
    const port = String(this.#port);
    return { ...process.env, LOG_LEVEL: 'warn', ...this.#env, PORT: port, HUIGAO_DATA: this.dataDir };
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

  setUpExample(): Example {
    return JSON.parse(this.cli(['setup', '--example', '--json'])) as Example;
  }

  /** Resolves once the server accepts connections. */
  async start(): Promise<void> {
    const child = spawn('node', ['server/main.ts'], { cwd: root, env: this.#environment() });
    this.#process = child;
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    this.#port = await new Promise<number>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /http:\/\/[\w.[\]:]+?:(\d+)/.exec(output);
        if (found) resolve(Number(found[1]));
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await exited;
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
