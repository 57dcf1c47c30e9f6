import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Duplex } from 'node:stream';
import { openApp } from './app.ts';
import { readConfig } from './config.ts';
import { setApp } from './seam.ts';
import { explain } from './start-errors.ts';

/** Vite's chain of handlers. */
interface Middlewares {
  use(handle: (request: IncomingMessage, response: ServerResponse, next: () => void) => void): unknown;
}

/** Opens the app behind Vite's own HTTP server; answers a function that closes it. */
export async function startDev(
  server: Server | Http2SecureServer | null,
  middlewares: Middlewares,
): Promise<() => Promise<void>> {
  try {
    const app = await openApp(readConfig(process.env));
    setApp(app);
    middlewares.use((request, response, next) => {
      if (!app.operations(request, response)) next();
    });
    // Vite answers the upgrades that are its own.
    server?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      app.sync.upgrade(request, socket, head);
    });
    return () => app.close();
  } catch (error) {
    const message = explain(error);
    if (message === null) throw error;
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
}
