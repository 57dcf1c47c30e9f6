import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './load/protocol.ts';
import type { Dialect } from './load/wire.ts';

export interface ServerOptions {
  dialect: Dialect;
  /** The script, relative to this folder, and its arguments. */
  script: string;
  args?: string[];
  env?: NodeJS.ProcessEnv;
  /** Where each thread's processor profile is written; null: none is taken. */
  profileDir: string | null;
}

/** A server under test, as a process of its own. */
export class Server {
  readonly target: Target;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, target: Target) {
    this.#process = process;
    this.target = target;
  }

  /** Resolves once it says where it listens. */
  static async start({ dialect, script, args = [], env = {}, profileDir }: ServerOptions): Promise<Server> {
    const profiling = profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
    const child = spawn(process.execPath, [...profiling, join(import.meta.dirname, script), ...args], {
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await new Promise<number>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /http:\/\/[\w.]+:(\d+)/.exec(output);
        if (found !== null) resolve(Number(found[1]));
      });
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}: ${output}`)));
    });
    if (child.pid === undefined) throw new Error(`${script} has no process`);
    return new Server(child, { dialect, port, pid: child.pid });
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const killing = setTimeout(() => this.#process.kill('SIGKILL'), 15_000);
    await exited;
    clearTimeout(killing);
  }
}

/** Bytes of all files below a directory. */
export function bytesIn(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
