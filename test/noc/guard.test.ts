import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/noc/guard.ts';

const settings = { host: '10.0.0.1', hosts: ['noc.example.net'] };
const proof = { by: 'token', person: { name: 'ann', role: 'viewer' } } as const;

const codeFor = (headers: object, over: object = {}): string | undefined =>
  refusal({ method: 'GET', headers: { host: '10.0.0.1', ...headers }, isPublic: false, ...over }, settings, proof)
    ?.code;

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
  });
});
