import { describe, expect, it } from 'vitest';
import type { UssdFrame } from '../../src/domain/ussd.ts';
import { decodePdu, encodePdu } from '../../src/smpp/codec/codec.ts';
import { checkFrame } from '../../src/smpp/guard.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import { TAG } from '../../src/smpp/pdu.ts';
import type { UssdDialect } from '../../src/smpp/ussd/dialects.ts';
import { USSD_DIALECTS } from '../../src/smpp/ussd/dialects.ts';
import { fitsScreen, freshSession, ussdSubmit } from '../../src/smpp/ussd/submit.ts';
import { readTurn } from '../../src/smpp/ussd/turn.ts';
import { mt } from './support/gateway.ts';
import { golden, goldenNames } from './support/golden.ts';
import { linkSettings, ussdSettings } from './support/settings.ts';

function decoded(name: string): Pdu {
  const frame = golden(name, 'ussd');
  const checked = checkFrame(frame);
  if (!checked.ok) throw new Error(`${name}: ${checked.fault.kind}`);
  return decodePdu(frame, checked.value);
}

const read = (pdu: Pdu, dialect: UssdDialect) => readTurn(pdu, linkSettings({ ussd: ussdSettings(dialect) }));

const INBOUND = [
  [1, 'dial'],
  [18, 'reply'],
  [19, 'confirm'],
  [129, 'abort'],
] as const;

const OUTBOUND = [
  [2, 'Yes?'],
  [3, 'Done'],
  [16, 'Done'],
  [17, 'Done'],
] as const;

describe('the golden USSD operations', () => {
  it('cover every operation of every dialect', () => {
    expect(goldenNames('ussd')).toHaveLength(USSD_DIALECTS.length * (INBOUND.length + OUTBOUND.length));
  });

  describe.each(USSD_DIALECTS)('%s', (dialect) => {
    it.each(INBOUND)('reads operation %d as %s', (op, event) => {
      const turn = read(decoded(`${dialect}-${op}`), dialect);
      const number = { its: 7, 'six-dee': 0x1234, mica: 42, tlv: 42, none: undefined }[dialect];
      const ended = op === 129 && (dialect === 'its' || dialect === 'six-dee');
      expect(turn).toMatchObject({ kind: 'ussd', turn: { event, shortCode: '12345', ended } });
      expect(turn.kind === 'ussd' && turn.turn.session?.number).toBe(number);
    });

    it.each(OUTBOUND)('writes operation %d byte for byte, the session as it came', (op, text) => {
      const came = read(decoded(`${dialect}-18`), dialect);
      const session = came.kind === 'ussd' ? came.turn.session : undefined;
      const frame: UssdFrame = { op, service: { ton: 0, npi: 1, digits: '384' }, session, ends: op !== 2 };
      const settings = linkSettings({ ussd: ussdSettings(dialect) });
      const pdu = ussdSubmit(mt({ text }), frame, settings, ussdSettings(dialect));
      expect(encodePdu({ ...pdu, sequence: 9 }).toString('hex')).toBe(
        golden(`${dialect}-${op}`, 'ussd').toString('hex'),
      );
    });

    it('names a dialogue that we open so that it reads the same', () => {
      const session = freshSession(ussdSettings(dialect), Uint8Array.of(0xff, 0xff, 0xff, 0xff));
      expect(session === undefined).toBe(dialect === 'none');
      const pdu = decoded(`${dialect}-18`);
      const tlvs = pdu.tlvs.map((each) =>
        each.tag === session?.tag ? { ...each, value: Buffer.from(session.value, 'hex') } : each,
      );
      const again = read({ ...pdu, tlvs }, dialect);
      expect(again.kind === 'ussd' && again.turn.session).toEqual(session);
    });
  });
});

describe('hostile USSD', () => {
  const pdu = decoded('its-18');
  const withTlv = (tag: number, value: Buffer): Pdu => ({
    ...pdu,
    tlvs: pdu.tlvs.map((each) => (each.tag === tag ? { tag, value } : each)),
  });

  it.each([0, 2, 5])('an operation of %d octets is none', (length) => {
    expect(read(withTlv(TAG.ussdServiceOp, Buffer.alloc(length, 1)), 'its')).toEqual({ kind: 'junk', why: 'ussd-op' });
  });

  it.each([2, 3, 16, 17, 20, 31, 32, 255])('operation %d never comes from a gateway', (op) => {
    expect(read(withTlv(TAG.ussdServiceOp, Buffer.of(op)), 'its')).toEqual({ kind: 'junk', why: 'ussd-op' });
  });

  it.each([0, 1, 3, 200])('a session of %d octets names nothing', (length) => {
    const strange = read(withTlv(TAG.itsSessionInfo, Buffer.alloc(length)), 'its');
    expect(strange).toEqual({ kind: 'junk', why: 'ussd-session' });
  });

  it('a link without USSD takes no turn', () => {
    expect(readTurn(pdu, linkSettings())).toEqual({ kind: 'junk', why: 'ussd' });
  });

  it('a screen holds 182 septets or 80 characters of UCS2', () => {
    expect([fitsScreen('x'.repeat(182), 'gsm7'), fitsScreen('x'.repeat(183), 'gsm7')]).toEqual([true, false]);
    expect([fitsScreen('€'.repeat(91), 'gsm7'), fitsScreen('€'.repeat(92), 'gsm7')]).toEqual([true, false]);
    expect([fitsScreen('Ж'.repeat(80), 'gsm7'), fitsScreen('Ж'.repeat(81), 'gsm7')]).toEqual([true, false]);
  });
});
