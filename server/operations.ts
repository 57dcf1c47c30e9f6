/** What machines ask of the process: `/healthz`, `/readyz`, `/metrics`. Answered before the pages. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { isLoopback, type Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import { clientAddress, hostnameOf } from './origin.ts';
import type { Readiness } from './readiness.ts';

/** Answers what is for it, and leaves the rest to others (false). */
export type Operations = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface OperationsOptions {
  config: Config;
  log: Logger;
  readiness: () => Promise<Readiness>;
  metrics: Metrics;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createOperations({ config, log, readiness, metrics }: OperationsOptions): Operations {
  const answers: Readonly<Record<string, Answer>> = {
    async '/healthz'(_request, response) {
      say(response, 200, 'ok\n');
    },
    async '/readyz'(request, response) {
      const state = await readiness();
      const status = state.ready ? 200 : 503;
      if (isTrusted(config, request)) say(response, status, JSON.stringify(state), 'application/json');
      else say(response, status, state.ready ? 'ready\n' : 'not ready\n');
    },
    async '/metrics'(request, response) {
      if (!isTrusted(config, request)) {
        response.setHeader('www-authenticate', 'Bearer');
        return say(response, 401, 'from this machine, or with METRICS_TOKEN\n');
      }
      say(response, 200, await metrics.text(), metrics.contentType);
    },
  };
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (answer === undefined) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      say(response, 405, 'only GET\n');
      return true;
    }
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error, path }, 'an operation failed');
      if (response.headersSent) response.destroy();
      else say(response, 500, 'failed\n');
    });
    return true;
  };
}

function say(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8') {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/**
 * Whether the request comes from this machine, or carries METRICS_TOKEN. A proxy on this machine brings
 * strangers to the loopback address: where there is one, only what it says of the address counts.
 */
export function isTrusted(config: Config, { headers, socket }: IncomingMessage): boolean {
  if (config.metricsToken !== null && isSame(headers.authorization ?? '', `Bearer ${config.metricsToken}`)) {
    return true;
  }
  const { trustProxy, origin } = config;
  if (!trustProxy) {
    if (origin !== null && !isLoopback(hostnameOf(new URL(origin).host))) return false;
    if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  }
  // A page whose name was re-bound to this machine asks under that name.
  if (!isLoopback(hostnameOf(headers.host ?? ''))) return false;
  const address = clientAddress(trustProxy, headers['x-forwarded-for'], socket.remoteAddress);
  return isLoopback(address.replace(/^::ffff:/, ''));
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
