/** Where a request came from, and whether a browser of ours sent it. */
import { isLoopback, type Config } from './config.ts';

type Reach = Pick<Config, 'origin' | 'host'>;

/** The name in a Host header, without its port. */
export function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/**
 * Whether a Host header may reach us. On a loopback address only loopback names may: a web page whose
 * name was re-bound to 127.0.0.1 would otherwise pass for our own. An ORIGIN says that a proxy is in
 * front, which decides on names itself.
 */
export function isAllowedHost(config: Reach, host: string | null | undefined): boolean {
  if (config.origin !== null || !isLoopback(config.host)) return true;
  return host !== null && host !== undefined && isLoopback(hostnameOf(host));
}

/**
 * Whether an Origin header names us: ORIGIN when that is set, else the very host that was asked.
 * (Browsers send Origin with every request that changes something, and with every WebSocket.)
 */
export function isOwnOrigin(config: Reach, origin: string, host: string | null | undefined): boolean {
  if (config.origin !== null) return origin === config.origin;
  if (!host || !URL.canParse(origin)) return false;
  return /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === host.toLowerCase();
}

/**
 * The address of whoever made the request. Behind a trusted proxy it is the last one in
 * X-Forwarded-For: those before it were written by the client.
 */
export function clientAddress(
  trustProxy: boolean,
  forwardedFor: string | string[] | undefined,
  peer: string | undefined,
): string {
  const chain = Array.isArray(forwardedFor) ? forwardedFor.join(',') : (forwardedFor ?? '');
  const last = chain.split(',').at(-1)?.trim();
  return trustProxy && last ? last : (peer ?? '');
}
