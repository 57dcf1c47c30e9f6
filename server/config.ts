import { resolve } from 'node:path';
import * as v from 'valibot';
import { LIMITS, type SocketCaps } from './sync/limits.ts';

/** How the process was asked to run. Read once, at start. */
export interface Config {
  /** TCP port; 0 asks the system for a free one. */
  port: number;
  /** The address listened on; 127.0.0.1 unless HOST says otherwise. */
  host: string;
  /** The one origin browsers use, without a trailing slash; null: whatever loopback name they used. */
  origin: string | null;
  /** The data directory, absolute. */
  dataDir: string;
  /** Whether X-Forwarded-For and -Proto are believed. */
  trustProxy: boolean;
  /** Whoever says it may read /metrics from anywhere; null: from this machine only. */
  metricsToken: string | null;
  logLevel: (typeof LOG_LEVELS)[number];
  /** How many sockets are served at once. */
  sockets: SocketCaps;
  /** Null: nothing is mailed. */
  mail: MailConfig | null;
}

/** Where mails go out, and whom they are from. */
export interface MailConfig {
  /** `smtp://user:password@host:port`, or `smtps://…`. Never to be logged. */
  url: string;
  from: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** A variable of the environment that cannot be used; the message names it. */
export class ConfigError extends Error {}

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'must be a whole number'),
  v.transform(Number),
  v.maxValue(65535, 'must be at most 65535'),
);
const origin = v.pipe(
  v.string(),
  v.check((text) => {
    try {
      const url = new URL(text);
      return /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '');
    } catch {
      return false;
    }
  }, 'must be an origin such as https://huigao.example.cn, without a path'),
  v.transform((text) => text.replace(/\/$/, '')),
);
const flag = v.pipe(
  v.picklist(['0', '1', 'true', 'false'], 'must be 1 or 0'),
  v.transform((text) => text === '1' || text === 'true'),
);
const count = v.pipe(
  v.string(),
  v.regex(/^\d{1,6}$/, 'must be a whole number'),
  v.transform(Number),
  v.minValue(1, 'must be at least 1'),
);
const token = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{16,}$/, 'must be 16 or more characters without spaces'),
);
const level = v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`);
const smtpUrl = v.pipe(
  v.string(),
  v.check(
    (text) => URL.canParse(text) && /^smtps?:\/\/[^/]/.test(text) && new URL(text).hostname !== '',
    'must be an address such as smtp://user:password@mail.example.cn:587',
  ),
);
const sender = v.pipe(
  v.string(),
  v.regex(
    /^([^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
    'must be an address such as huigao@example.cn, or 会稿 <huigao@example.cn>',
  ),
);
const nonEmpty = v.pipe(v.string(), v.minLength(1, 'must not be empty'));

function read<S extends v.GenericSchema<string, unknown>>(
  env: NodeJS.ProcessEnv,
  name: string,
  schema: S,
  fallback: v.InferOutput<S>,
): v.InferOutput<S> {
  const text = env[name];
  if (text === undefined) return fallback;
  const parsed = v.safeParse(schema, text);
  if (parsed.success) return parsed.output;
  throw new ConfigError(`${name} ${parsed.issues[0].message} (it is ${JSON.stringify(text)})`);
}

function readMail(env: NodeJS.ProcessEnv): MailConfig | null {
  const url = env['SMTP_URL'];
  if (url === undefined) return null;
  const parsed = v.safeParse(smtpUrl, url);
  // It may hold a password, so it is not repeated.
  if (!parsed.success) throw new ConfigError(`SMTP_URL ${parsed.issues[0].message}`);
  if (env['SMTP_FROM'] === undefined) throw new ConfigError('SMTP_FROM must be set when SMTP_URL is');
  if (env['ORIGIN'] === undefined)
    throw new ConfigError('ORIGIN must be set when SMTP_URL is: mails link to it');
  return { url, from: read(env, 'SMTP_FROM', sender, '') };
}

/** Throws {@link ConfigError} when a variable makes no sense. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    port: read(env, 'PORT', port, 3000),
    host: read(env, 'HOST', nonEmpty, '127.0.0.1'),
    origin: read(env, 'ORIGIN', v.union([origin]), '') || null,
    dataDir: resolve(read(env, 'HUIGAO_DATA', nonEmpty, 'data')),
    trustProxy: read(env, 'TRUST_PROXY', flag, false),
    metricsToken: read(env, 'METRICS_TOKEN', token, '') || null,
    logLevel: read(env, 'LOG_LEVEL', level, 'info'),
    mail: readMail(env),
    sockets: {
      perUser: read(env, 'MAX_SOCKETS_PER_USER', count, LIMITS.sockets.perUser),
      perDocument: read(env, 'MAX_SOCKETS_PER_DOCUMENT', count, LIMITS.sockets.perDocument),
      perAddress: read(env, 'MAX_SOCKETS_PER_ADDRESS', count, LIMITS.sockets.perAddress),
    },
  };
}

/** Whether an address or name can be reached from this machine only; `127.0.0.1.evil.example` is a name. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
