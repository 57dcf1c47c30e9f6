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
