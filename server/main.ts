/** Production: the built pages, the API and the sockets on one port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { openApp, type App } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { clientAddress, isAllowedHost } from './origin.ts';
import { setApp } from './seam.ts';
import { explain } from './start-errors.ts';

/** The longest a shutdown may take, in milliseconds. */
const SHUTDOWN = 10_000;
/** Of which for requests that are being answered when every socket is gone, in milliseconds. */
const LAST_ANSWERS = 1_000;

function fail(error: unknown): never {
  const message = explain(error);
  if (message === null) throw error;
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

type Pages = (request: IncomingMessage, response: ServerResponse) => void;

/** The built pages and API. */
async function loadPages(config: Config): Promise<Pages> {
  // The adapter reads these once, when it is imported.
  process.env['BODY_SIZE_LIMIT'] ??= '40M';
  process.env['PROTOCOL_HEADER'] = 'x-huigao-proto';
  process.env['ADDRESS_HEADER'] = 'x-huigao-address';
  if (config.origin !== null) process.env['ORIGIN'] = config.origin;
  // By address: what is built is no part of what is type-checked.
  const { handler } = (await import(new URL('../build/handler.js', import.meta.url).href)) as {
    handler: Pages;
  };
  return handler;
}

async function serve(config: Config): Promise<void> {
  const app = await openApp(config).catch(fail);
  setApp(app);
  const pages = await loadPages(config);
  const server = createServer((request, response) => {
    const { headers } = request;
    if (app.operations(request, response)) return;
    if (!isAllowedHost(config, headers.host)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('请用 http://localhost 打开本站。Open this site as http://localhost.\n');
      return;
    }
    // Overwritten, never passed through: a client could claim anything in them.
    const proto = config.trustProxy ? headers['x-forwarded-proto'] : undefined;
    headers['x-huigao-proto'] = proto === 'https' ? 'https' : 'http';
    headers['x-huigao-address'] = clientAddress(
      config.trustProxy,
      headers['x-forwarded-for'],
      request.socket.remoteAddress,
    );
    pages(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    const isOurs = isAllowedHost(config, request.headers.host) && app.sync.upgrade(request, socket, head);
    if (!isOurs) socket.destroy();
  });
  server.once('error', fail);
  server.listen(config.port, config.host, () => {
    server.off('error', fail);
    // Accepting can fail for a while, as when files run out: who is here stays, who comes tries again.
    server.on('error', (error) => app.log.error({ err: error }, 'a connection could not be accepted'));
    void greet(app, server.address() as AddressInfo);
  });
  const stop = () => void shutDown(app, server);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Says where the workspace is, and how to begin when there is none. */
async function greet(app: App, { port, address }: AddressInfo): Promise<void> {
  const { host, origin } = app.config;
  const isEverywhere = address === '0.0.0.0' || address === '::';
  const name =
    isEverywhere || host === '127.0.0.1' ? 'localhost' : address.includes(':') ? `[${address}]` : host;
  const local = `http://${name}:${port}`;
  const token = app.setup.needsToken ? `?token=${app.setup.token}` : '';
  const first = (await app.setup.isDone())
    ? ''
    : `首次使用，请打开 First visit: ${origin ?? local}/setup${token}\n`;
  process.stdout.write(`会稿 ${local}\n${first}`);
}

async function shutDown(app: App, server: ReturnType<typeof createServer>): Promise<void> {
  setTimeout(() => {
    app.log.error('shutting down took too long');
    process.exit(1);
  }, SHUTDOWN).unref();
  app.log.info('stopping');
  const answered = new Promise((resolve) => server.close(resolve));
  await app.sync.drain();
  // What was asked over HTTP is answered while there is a database to answer from.
  server.closeIdleConnections();
  await Promise.race([answered, wait(LAST_ANSWERS)]);
  await app.close();
  server.closeAllConnections();
  process.exit(0);
}

let config: Config;
try {
  config = readConfig(process.env);
} catch (error) {
  fail(error);
}
await serve(config);
