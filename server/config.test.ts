import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

test('without variables it serves this machine only, on port 3000, from ./data', () => {
  expect(readConfig({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    origin: null,
    dataDir: resolve('data'),
    trustProxy: false,
    metricsToken: null,
    logLevel: 'info',
    mail: null,
    sockets: { perUser: 500, perDocument: 500, perAddress: 500 },
  });
});

test.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', ''],
  ['HOST', ''],
  ['ORIGIN', 'huigao.example.cn'],
  ['ORIGIN', 'https://huigao.example.cn/path'],
  ['ORIGIN', 'ftp://huigao.example.cn'],
  ['HUIGAO_DATA', ''],
  ['TRUST_PROXY', 'yes'],
  ['METRICS_TOKEN', 'short'],
  ['LOG_LEVEL', 'loud'],
  ['MAX_SOCKETS_PER_USER', '0'],
  ['MAX_SOCKETS_PER_DOCUMENT', 'many'],
  ['MAX_SOCKETS_PER_ADDRESS', '-1'],
])('%s=%s is refused, naming the variable', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} `));
});

test('an origin is taken without its trailing slash', () => {
  expect(readConfig({ ORIGIN: 'https://huigao.example.cn/' }).origin).toBe('https://huigao.example.cn');
});

const MAIL = {
  SMTP_URL: 'smtp://huigao:a-secret@mail.example.cn:587',
  SMTP_FROM: '会稿 <huigao@example.cn>',
  ORIGIN: 'https://huigao.example.cn',
};

test('mails need a server, a sender and the address that they link to', () => {
  expect(readConfig(MAIL).mail).toEqual({ url: MAIL.SMTP_URL, from: MAIL.SMTP_FROM });
  expect(readConfig({ SMTP_FROM: MAIL.SMTP_FROM }).mail).toBeNull();
  const { SMTP_URL, SMTP_FROM, ORIGIN } = MAIL;
  expect(() => readConfig({ SMTP_URL, ORIGIN })).toThrow(/^SMTP_FROM /);
  expect(() => readConfig({ SMTP_URL, SMTP_FROM })).toThrow(/^ORIGIN /);
  expect(() => readConfig({ ...MAIL, SMTP_FROM: 'huigao' })).toThrow(/^SMTP_FROM /);
});

test.each(['mail.example.cn', 'http://a-secret@mail.example.cn', 'smtp://', ''])(
  'SMTP_URL=%s is refused without being repeated: it may hold a password',
  (url) => {
    expect(() => readConfig({ ...MAIL, SMTP_URL: url })).toThrow(/^SMTP_URL (?!.*a-secret)/);
  },
);
