import { describe, expect, it } from 'vitest';
import { meaningOfTurn } from '../../src/domain/dialogue.ts';
import type { UssdTurn } from '../../src/domain/ussd.ts';
import { turn } from '../flow/fakes/ussd.ts';
import { dialogue } from '../redis/dialogue.ts';

const at = (digits: string) => ({ ton: 0, npi: 0, digits });

describe('a reply that names no session', () => {
  const asked = dialogue({ state: 'awaiting-user', session: undefined, service: at('*384*1#') });
  const meaning = (more: Partial<UssdTurn>) => meaningOfTurn(turn('reply', '1', more), 'digest', asked).kind;

  it.each(['*384#', '384', '*384*1#'])('is of the dialogue with its short code, written as %s', (digits) => {
    expect(meaning({ service: at(digits), shortCode: '5000' })).toBe('take');
  });

  it('as an abort does: it ends the dialogue of its service, whatever session that has', () => {
    const abort = turn('abort', '', { service: at('384'), shortCode: '5000' });
    expect(meaningOfTurn(abort, 'digest', dialogue({ state: 'awaiting-user', service: at('384') })).kind).toBe('end');
  });

  it('is of the dialogue with its digits, where the code is not known', () => {
    expect(meaning({ service: at('*384*1#'), shortCode: undefined })).toBe('take');
  });

  it.each(['6000', undefined])('is not of one with another code: %s', (shortCode) => {
    expect(meaning({ service: at('*555#'), shortCode })).toBe('dropped');
  });
});
