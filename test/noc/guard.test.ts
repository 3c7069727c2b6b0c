import { describe, expect, it } from 'vitest';
import type { Proof } from '../../src/noc/auth/access.ts';
import { refusal } from '../../src/noc/guard.ts';

const settings = { host: '10.0.0.1', hosts: ['noc.example.net'] };
const person = { name: 'ann', role: 'viewer' } as const;

const codeFor = (headers: object, over: object = {}, by: Proof['by'] = 'token'): string | undefined =>
  refusal({ method: 'GET', headers: { host: '10.0.0.1', ...headers }, isPublic: false, ...over }, settings, {
    by,
    person,
  })?.code;

describe('a cookie', () => {
  it.each([
    ['GET', {}, undefined],
    ['HEAD', {}, undefined],
    ['POST', {}, 'no-origin'],
    ['POST', { 'sec-fetch-site': 'none' }, 'no-origin'],
    ['POST', { 'sec-fetch-site': 'same-origin' }, undefined],
    ['POST', { origin: 'http://10.0.0.1' }, undefined],
    ['POST', { origin: 'http://10.0.0.1:8081' }, 'cross-site'],
    ['POST', { 'sec-fetch-site': 'same-site' }, 'cross-site'],
    ['POST', { origin: 'null' }, 'cross-site'],
  ])('asks by %s with %j: %s', (method, headers, code) => {
    expect(codeFor(headers, { method }, 'cookie')).toBe(code);
  });
});

describe('the guard of a NOC that listens beyond this machine', () => {
  it.each([
    ['10.0.0.1:8080', undefined],
    ['noc.example.net', undefined],
    ['localhost:8080', 'wrong-host'],
    ['127.0.0.1:8080', 'wrong-host'],
  ])('asked as %s: %s', (host, code) => {
    expect(codeFor({ host })).toBe(code);
  });
});

describe('a link on another site', () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it('leads a person to the page, and sends no form there', () => {
    expect(codeFor(link, { isPublic: true })).toBeUndefined();
    expect(codeFor(link, { isPublic: true, method: 'POST' })).toBe('cross-site');
    expect(codeFor(link)).toBe('cross-site');
    for (const other of [
      { 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-mode': 'no-cors' },
      { origin: 'https://other.example' },
    ])
      expect(codeFor({ ...link, ...other }, { isPublic: true })).toBe('cross-site');
  });
});
