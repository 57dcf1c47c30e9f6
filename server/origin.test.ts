import { expect, test } from 'vitest';
import { clientAddress, isAllowedHost, isOwnOrigin } from './origin.ts';

const LOCAL = { origin: null, host: '127.0.0.1' };
const OFFICE = { origin: null, host: '0.0.0.0' };
const PROXIED = { origin: 'https://huigao.example.cn', host: '127.0.0.1' };

test('on a loopback address only loopback names are answered', () => {
  for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'localhost']) {
    expect(isAllowedHost(LOCAL, host)).toBe(true);
  }
  for (const host of ['evil.example', 'localhost.evil.example:3000', '127.0.0.1.evil.example', undefined]) {
    expect(isAllowedHost(LOCAL, host)).toBe(false);
  }
  expect(isAllowedHost(OFFICE, '10.1.2.3:3000')).toBe(true);
  expect(isAllowedHost(PROXIED, 'huigao.example.cn')).toBe(true);
});

test('without ORIGIN a page of the very host that was asked is ours', () => {
  expect(isOwnOrigin(LOCAL, 'http://localhost:3000', 'localhost:3000')).toBe(true);
  expect(isOwnOrigin(LOCAL, 'http://127.0.0.1:3000', '127.0.0.1:3000')).toBe(true);
  expect(isOwnOrigin(OFFICE, 'http://10.1.2.3:3000', '10.1.2.3:3000')).toBe(true);
  expect(isOwnOrigin(LOCAL, 'http://localhost:8080', 'localhost:3000')).toBe(false);
  expect(isOwnOrigin(LOCAL, 'http://evil.example', 'localhost:3000')).toBe(false);
  expect(isOwnOrigin(LOCAL, 'null', 'localhost:3000')).toBe(false);
  expect(isOwnOrigin(LOCAL, 'http://localhost:3000', undefined)).toBe(false);
});

test('with ORIGIN that one alone is ours', () => {
  expect(isOwnOrigin(PROXIED, 'https://huigao.example.cn', '127.0.0.1:3000')).toBe(true);
  expect(isOwnOrigin(PROXIED, 'http://huigao.example.cn', 'huigao.example.cn')).toBe(false);
  expect(isOwnOrigin(PROXIED, 'http://127.0.0.1:3000', '127.0.0.1:3000')).toBe(false);
});

test('a forwarded address counts behind a trusted proxy only, and there the last', () => {
  expect(clientAddress(false, '203.0.113.9', '192.0.2.1')).toBe('192.0.2.1');
  expect(clientAddress(true, '10.0.0.1, 203.0.113.9', '192.0.2.1')).toBe('203.0.113.9');
  expect(clientAddress(true, ['10.0.0.1', '203.0.113.9'], '192.0.2.1')).toBe('203.0.113.9');
  expect(clientAddress(true, undefined, '192.0.2.1')).toBe('192.0.2.1');
});
