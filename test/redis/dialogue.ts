import type { Dialogue } from '../../src/domain/dialogue.ts';
import { MSISDN } from './fixtures.ts';

/** A dialogue that a subscriber has just dialled. */
export function dialogue(changes: Partial<Dialogue> = {}): Dialogue {
  return {
    id: '00-dialogue',
    version: 1,
    kind: 'opened',
    state: 'awaiting-app',
    msisdn: MSISDN,
    countryCode: '254',
    shortCode: '5000',
    link: 'link-1',
    process: 'orderd/1',
    smsc: 'smsc-1',
    service: { ton: 0, npi: 0, digits: '384' },
    session: { tag: 0x1383, value: '0702', number: 7 },
    counted: false,
    timers: { userTimeout: 180_000, answerWithin: 8_000 },
    turn: 1,
    taken: 'abc',
    asked: undefined,
    language: 'en',
    place: { screen: 'home', page: 0, chosen: undefined, trail: [] },
    shown: undefined,
    told: [],
    orderId: undefined,
    openedAt: 0,
    until: 180_000,
    over: undefined,
    ...changes,
  };
}
