import { describe, expect, it } from 'vitest';
import type { UssdFrame } from '../../src/domain/ussd.ts';
import { decodePdu, encodePdu } from '../../src/smpp/codec/codec.ts';
import { checkFrame } from '../../src/smpp/guard.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import { TAG } from '../../src/smpp/pdu.ts';
import type { UssdDialect } from '../../src/smpp/ussd/dialects.ts';
import type { UssdSettings } from '../../src/smpp/ussd/settings.ts';
import { SESSION_FORMS, USSD_DIALECTS } from '../../src/smpp/ussd/dialects.ts';
import { fitsScreen, freshSession, ussdSubmit } from '../../src/smpp/ussd/submit.ts';
import { dialledCode } from '../../src/smpp/ussd/code.ts';
import { ussdOver } from '../../src/smpp/ussd/line.ts';
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

describe('an answer goes to the handset', () => {
  const settings = linkSettings({ ussd: ussdSettings('none') });
  const addressed = (frame: Partial<UssdFrame>) => {
    const whole: UssdFrame = { op: 2, service: undefined, session: undefined, ends: false, ...frame };
    const { fields } = ussdSubmit(mt({ text: 'Yes?' }), whole, settings, ussdSettings('none'));
    return [fields['dest_addr_ton'], fields['dest_addr_npi'], fields['destination_addr']];
  };

  it('as the gateway wrote it, which may know its dialogues by that', () => {
    expect(addressed({ handset: { ton: 2, npi: 8, digits: '712345678' } })).toEqual([2, 8, '712345678']);
  });

  it('or in E.164, as the link writes numbers, where we push', () => {
    expect(addressed({})).toEqual([1, 1, mt({}).to]);
  });
});

describe('a turn of the dialect none, which only its code names,', () => {
  const pdu = decoded('none-18');
  const replyTo = (digits: string, text = '1') => {
    const fields = { ...pdu.fields, destination_addr: digits, short_message: Buffer.from(text) };
    const turn = read({ ...pdu, fields }, 'none');
    return turn.kind === 'ussd' ? [turn.turn.event, turn.turn.shortCode] : turn;
  };

  it.each(['384', '*384#', '*384*1#', '*384'])('tells its short code however %s is written', (digits) => {
    expect(replyTo(digits)).toEqual(['reply', '12345']);
  });

  it.each(['*384*1#', '384*1#', '384*1'])('a dial of %s to another number is of the code in its text', (text) => {
    const dial = decoded('none-1');
    const fields = { ...dial.fields, destination_addr: '1000', short_message: Buffer.from(text) };
    expect(read({ ...dial, fields }, 'none')).toMatchObject({
      turn: { event: 'dial', shortCode: '12345', inputs: ['1'] },
    });
  });

  it.each([
    ['*384#', 'dial'],
    ['#', 'reply'],
    ['*', 'reply'],
    ['*0#', 'reply'],
    ['384', 'reply'],
  ])('and that names no operation: %s is a %s', (text, event) => {
    const tlvs = pdu.tlvs.filter(({ tag }) => tag !== TAG.ussdServiceOp);
    const turn = read({ ...pdu, tlvs, fields: { ...pdu.fields, short_message: Buffer.from(text) } }, 'none');
    expect(turn).toMatchObject({ kind: 'ussd', turn: { event, shortCode: '12345' } });
  });

  const unnamed = (digits: string, text: string) => {
    const tlvs = pdu.tlvs.filter(({ tag }) => tag !== TAG.ussdServiceOp);
    const fields = { ...pdu.fields, destination_addr: digits, short_message: Buffer.from(text) };
    return read({ ...pdu, tlvs, fields }, 'none');
  };

  it('and that names no operation and has no text is a dial of the code that it is addressed to', () => {
    expect(unnamed('*384*1#', '')).toMatchObject({ turn: { event: 'dial', shortCode: '12345', inputs: ['1'] } });
    expect(unnamed('384', '')).toMatchObject({ turn: { event: 'reply' } });
    expect(unnamed('*555#', '')).toMatchObject({ turn: { event: 'reply' } });
  });

  it('and that names no operation dials by the code in its text, the star left out, where it answers nothing', () => {
    expect(unnamed('384', '384*1#')).toMatchObject({
      turn: { event: 'reply', opens: { shortCode: '12345', inputs: ['1'] } },
    });
    expect(unnamed('384', '1')).not.toHaveProperty('turn.opens');
    expect(replyTo('384', '384*1#')).toEqual(['reply', '12345']);
    expect(
      read({ ...pdu, fields: { ...pdu.fields, short_message: Buffer.from('384*1#') } }, 'none'),
    ).not.toHaveProperty('turn.opens');
  });

  it('is of the code that it is addressed to, whatever is typed', () => {
    expect([replyTo('*384#', '*555#'), replyTo('555', '*384#')]).toEqual([
      ['reply', '12345'],
      ['reply', undefined],
    ]);
  });
});

describe('data_coding', () => {
  const settings = linkSettings({ defaultAlphabet: 'latin1' });
  const reading = (coding: number, octets: Buffer, changes: Partial<UssdSettings> = {}) => {
    const pdu = decoded('its-18');
    const fields = { ...pdu.fields, data_coding: coding, short_message: octets };
    const turn = readTurn({ ...pdu, fields }, { ...settings, ussd: { ...ussdSettings('its'), ...changes } });
    return turn.kind === 'ussd' ? turn.turn.text : turn.why;
  };
  const written = (text: string, gsm7Coding: number) => {
    const ussd = { ...ussdSettings('none'), gsm7Coding };
    const frame: UssdFrame = { op: 2, service: undefined, session: undefined, ends: false };
    const { fields } = ussdSubmit(mt({ text }), frame, settings, ussd);
    return [fields['data_coding'], fields['short_message']];
  };

  it('15 is GSM 7-bit (TS 23.038 5), whatever the SMSC takes for its default', () => {
    expect(written('é', 15)).toEqual([15, Buffer.of(0x05)]);
    expect(written('é', 0)).toEqual([0, Buffer.of(0xe9)]);
    expect(reading(15, Buffer.of(0x05))).toBe('é');
    expect(reading(15, Buffer.of(0x05), { gsm7Coding: 15 })).toBe('é');
    expect(reading(0, Buffer.of(0xe9))).toBe('é');
  });

  it.each([0x02, 0x04, 0x44, 0xf4])(
    '%i names a language of the default alphabet (TS 23.038 5), not octets',
    (coding) => {
      expect(reading(coding, Buffer.from('STOP'))).toBe('STOP');
      expect(reading(coding, Buffer.of(0xe9))).toBe('é');
    },
  );

  it('17 is UCS2 behind the two octets of a language, unless it is what the link writes', () => {
    const text = Buffer.from('Да', 'utf16le').swap16();
    expect(reading(0x11, Buffer.concat([Buffer.of(0xf2, 0x3a), text]))).toBe('Да');
    expect(reading(0x11, text, { ucs2Coding: 0x11 })).toBe('Да');
  });

  it('16 is the default alphabet behind two letters of a language and a line end, where they are there', () => {
    expect(reading(0x10, Buffer.from('sw\r123456'))).toBe('123456');
    expect(reading(0x10, Buffer.from('1'))).toBe('1');
  });

  it('hides no abort, whatever it is', () => {
    const pdu = decoded('its-129');
    for (const coding of [4, 0x11]) {
      const turn = read({ ...pdu, fields: { ...pdu.fields, data_coding: coding } }, 'its');
      expect(turn).toMatchObject({ kind: 'ussd', turn: { event: 'abort' } });
    }
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

  it.each([7, 16, 64])("a vendor's session of %d octets names one dialogue, and goes back as it came", (length) => {
    const [one, other] = ['a', 'b'].map((last) => Buffer.from(last.padStart(length, '0')));
    const sessionOf = (value = Buffer.alloc(0)) => {
      const turn = read({ ...pdu, tlvs: [...pdu.tlvs, { tag: 0x1401, value }] }, 'tlv');
      return turn.kind === 'ussd' ? turn.turn.session : undefined;
    };
    expect(sessionOf(one)).toEqual(sessionOf(one));
    expect(sessionOf(one)).toMatchObject({ tag: 0x1401, value: one?.toString('hex') });
    expect(sessionOf(other)?.number).not.toBe(sessionOf(one)?.number);
    expect(sessionOf(Buffer.alloc(65))).toBeUndefined();
  });

  it('only an abort may leave its session out', () => {
    const without = (op: string): Pdu => {
      const whole = decoded(`its-${op}`);
      return { ...whole, tlvs: whole.tlvs.filter(({ tag }) => tag !== TAG.itsSessionInfo) };
    };
    expect(read(without('129'), 'its')).toMatchObject({
      turn: { event: 'abort', session: undefined, shortCode: '12345' },
    });
    for (const op of ['1', '18', '19']) expect(read(without(op), 'its')).toEqual({ kind: 'junk', why: 'ussd-session' });
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

it('a dial is of the longest code that it begins with', () => {
  const codes = [
    { parts: ['384'], shortCode: '5000' },
    { parts: ['384', '7'], shortCode: '6000' },
  ];
  for (const known of [codes, codes.toReversed()]) {
    expect(dialledCode('*384*7*1#', known)).toEqual({ shortCode: '6000', inputs: ['1'] });
    expect(dialledCode('*384*1#', known)).toEqual({ shortCode: '5000', inputs: ['1'] });
  }
});

it.each(['its', 'six-dee', 'mica', 'tlv'] as const)('%s numbers no dialogue of ours 0', (dialect) => {
  for (const random of [0, 0xff, 0x100, 0x7fff, 0x8000, 0xffffffff]) {
    const form = SESSION_FORMS[dialect];
    expect(form.number(form.fresh(random))).toBeGreaterThan(0);
  }
});

it.each(['its', 'six-dee'] as const)(
  '%s says of an answer that goes on that it does, whatever the turn said',
  (dialect) => {
    const { marked, ended } = SESSION_FORMS[dialect];
    expect(ended(marked(Buffer.from([7, 3]), false))).toBe(false);
    expect(marked(Buffer.from([7, 3]), false)).toEqual(Buffer.from([7, 2]));
    expect(ended(marked(Buffer.from([7, 2]), true))).toBe(true);
  },
);

it('a screen that needs UCS2 says so', () => {
  const ussd = { ...ussdSettings('none'), ucs2Coding: 0x48, gsm7Coding: 0x0f };
  const frame: UssdFrame = { op: 2, service: undefined, session: undefined, ends: false };
  const codingOf = (text: string) =>
    ussdSubmit(mt({ text }), frame, linkSettings({ ussd }), ussd).fields['data_coding'];
  expect([codingOf('Yes?'), codingOf('да?')]).toEqual([0x0f, 0x48]);
});

describe('a dialogue that we open', () => {
  const link = (name: string, canSend: boolean) => ({
    settings: linkSettings({ name, ussd: ussdSettings('its') }),
    canSend,
  });
  const openingOf = (preferred: string, ...able: boolean[]) =>
    ussdOver({
      links: () => able.map((canSend, index) => link(`lab-${index + 1}`, canSend)),
      submit: () => Promise.resolve({ kind: 'no-bind' }),
      random: (n) => new Uint8Array(n),
    }).opening('12345', preferred)?.link;

  it('goes over the link that is preferred, else over one that can send', () => {
    expect(openingOf('lab-2', true, true)).toBe('lab-2');
    expect(openingOf('lab-2', true, false)).toBe('lab-1');
    expect(openingOf('lab-1', false, true)).toBe('lab-2');
    expect(openingOf('lab-1', false, false)).toBeUndefined();
  });
});
