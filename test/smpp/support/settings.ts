import type { UssdDialect } from '../../../src/smpp/ussd/dialects.ts';
import type { UssdSettings } from '../../../src/smpp/ussd/settings.ts';
import type { LinkSettings } from '../../../src/smpp/settings.ts';

/** A link as the lab has it; port 0 must be replaced for sockets. */
export function linkSettings(changes: Partial<LinkSettings> = {}): LinkSettings {
  return {
    name: 'lab-1',
    smsc: 'lab',
    host: '127.0.0.1',
    port: 0,
    systemId: 'orderd',
    password: 'secret',
    systemType: '',
    bind: 'trx',
    shortCodes: ['12345'],
    countryCode: '49',
    defaultAlphabet: 'gsm7',
    split: 'udh8',
    sourceTon: 0,
    sourceNpi: 1,
    destinationTon: 1,
    destinationNpi: 1,
    window: 10,
    responseTimeout: 10_000,
    enquireLinkEvery: 30_000,
    connectTimeout: 5_000,
    reconnectFirst: 20,
    reconnectCap: 200,
    badPasswordDelay: 60_000,
    reassemblyTimeout: 30_000,
    sendValidity: true,
    receiptId: 'as-is',
    moIdTlv: undefined,
    nagle: false,
    tls: undefined,
    ...changes,
  };
}

export function ussdSettings(dialect: UssdDialect): UssdSettings {
  return {
    dialect,
    tag: 0x1401,
    codes: [{ parts: ['384'], shortCode: '12345' }],
    push: true,
    userTimeout: 180_000,
    answerWithin: 8_000,
    abortOp: 129,
    gsm7Coding: 0,
    ucs2Coding: 8,
  };
}
