import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlOf } from '../../../simulators/handset/control.ts';
import { dial } from '../../../simulators/handset/dial.ts';
import type { HandsetFlags } from '../../../simulators/handset/flags.ts';
import { HELP, parseFlags } from '../../../simulators/handset/flags.ts';
import { text } from '../../../simulators/handset/phone.ts';
import { octetsField, tlvOf } from '../../../simulators/smpp/pdu.ts';
import { TAG, uintTlv } from '../../../simulators/smpp/tlv.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from '../smsc/esme.ts';
import { boundEsme, submitFields } from '../smsc/esme.ts';

const HANDSET = '254700000001';

describe('the terminal handset', () => {
  let smsc: Smsc;
  let app: Esme;
  let flags: HandsetFlags;
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  beforeEach(async () => {
    lines.length = 0;
    smsc = await startSmsc();
    app = await boundEsme(smsc.ports.smpp);
    const url = `http://127.0.0.1:${smsc.ports.http}`;
    flags = { numbers: [HANDSET], to: '5000', smsc: url, waitMs: 20_000, carrier: 'udh8', bytes: false };
  });
  afterEach(async () => {
    app.end();
    await smsc.close();
  });
  const answerMo = async (says: string, more: Record<string, number> = {}): Promise<void> => {
    const mo = await app.next('deliver_sm');
    app.send('deliver_sm_resp', {}, mo.sequence);
    app.send('submit_sm', { fields: submitFields(HANDSET, Buffer.from(says), more) });
  };

  it('shows the thread that a text starts', async () => {
    const [came] = await Promise.all([text(controlOf(flags.smsc), flags, 'NEWS', print), answerMo('Ordered: News.')]);
    expect(came).toBe(true);
    expect(lines[0]).toBe(`${HANDSET} with 5000`);
    expect(lines[1]).toMatch(/> NEWS {3}\(sent\)$/);
    expect(lines[2]).toMatch(/< Ordered: News\.$/);
  });

  it('marks a flash message, and shows the bytes beneath field by field', async () => {
    flags = { ...flags, bytes: true };
    await Promise.all([
      text(controlOf(flags.smsc), flags, 'NEWS', print),
      answerMo('Ordered', { data_coding: 0x10, registered_delivery: 0 }),
    ]);
    expect(lines.join('\n')).toContain('[flash');
    expect(lines.some((line) => /short_message +gsm7 "NEWS"/.test(line))).toBe(true);
    expect(lines.some((line) => /command_id +0x00000004 submit_sm/.test(line))).toBe(true);
    expect(lines.some((line) => line.includes('enquire_link'))).toBe(false);
  });

  it('says so when nothing comes, and when there is no bind', async () => {
    flags = { ...flags, waitMs: 20 };
    const asked = text(controlOf(flags.smsc), flags, 'NEWS', print);
    const mo = await app.next('deliver_sm');
    app.send('deliver_sm_resp', {}, mo.sequence);
    expect(await asked).toBe(false);
    expect(lines.at(-1)).toContain('nothing came');
    app.end();
    await expect.poll(() => smsc.binds().length).toBe(0);
    await expect(text(controlOf(flags.smsc), flags, 'NEWS', print)).rejects.toThrow('no bind');
    await expect(controlOf('http://127.0.0.1:1').pdus(0)).rejects.toThrow('no SMSC simulator answers');
  });

  it('waits no longer than it was told for an application that does not answer', async () => {
    expect(await text(controlOf(flags.smsc), { ...flags, waitMs: 20 }, 'NEWS', print)).toBe(false);
    expect(lines[1]).toMatch(/> NEWS {3}\(not answered yet\)$/);
    expect(lines.at(-1)).toContain('nothing came within 0.02 s');
  });

  it('dials a code and plays the replies', async () => {
    const played = dial(
      controlOf(flags.smsc),
      flags,
      { code: '*384#', replies: ['1'] },
      { print, ask: () => Promise.resolve(undefined) },
    );
    const say = (op: number, says: string, dialogue: Uint8Array): void => {
      const fields = { ...submitFields(HANDSET, Buffer.from(says)), service_type: 'USSD' };
      const tlvs = [uintTlv(TAG.ussd_service_op, op, 1), { tag: TAG.its_session_info, value: dialogue }];
      app.send('submit_sm', { fields, tlvs });
    };
    for (const [op, says] of [
      [2, '1 News'],
      [17, 'Ordered.'],
    ] as const) {
      const heard = await app.next('deliver_sm');
      app.send('deliver_sm_resp', {}, heard.sequence);
      say(op, says, tlvOf(heard, TAG.its_session_info)!.value);
      if (op === 17) expect(Buffer.from(octetsField(heard, 'short_message')).toString()).toBe('1');
    }
    expect(await played).toBe(true);
    expect(lines.map((line) => line.replace(/^ *[\d:]* */, ''))).toEqual([
      'dials *384#',
      '> *384#',
      '< 1 News',
      '> 1',
      '< Ordered.',
      '(the dialogue is over)',
    ]);
  });
});

describe('the command line', () => {
  it('has defaults for everything but the message', () => {
    expect(parseFlags(['text', 'NEWS', 'please'])).toEqual({
      kind: 'text',
      message: 'NEWS please',
      flags: {
        numbers: [HANDSET],
        to: '5000',
        smsc: 'http://127.0.0.1:8775',
        waitMs: 10_000,
        carrier: 'udh8',
        bytes: false,
      },
    });
    expect(parseFlags(['dial', '*1#', '1', 'YES'])).toMatchObject({
      kind: 'dial',
      code: '*1#',
      replies: ['1', 'YES'],
    });
    expect(parseFlags(['watch', '--from', '1', '--from', '2'])).toMatchObject({ flags: { numbers: ['1', '2'] } });
    expect(parseFlags(['--help'])).toEqual({ kind: 'help' });
    expect(HELP).toContain('dial');
  });

  it.each([
    ['--smsc', 'foo', 'wants an http URL such as http://127.0.0.1:8775'],
    ['--smsc', 'smpp://127.0.0.1:2775', 'wants an http URL such as http://127.0.0.1:8775'],
    ['--carrier', 'pigeon', 'wants udh8, udh16, sar, payload'],
    ['--wait', 'long', 'wants a time such as 500ms, 10s or 2m'],
  ])('names the flag that is wrong: %s %s', (flag, value, why) => {
    expect(parseFlags(['text', flag, value, 'NEWS'])).toEqual({ kind: 'wrong', reason: `${flag} ${value}: ${why}` });
  });

  it.each([[[]], [['text']], [['dial']], [['sing']], [['text', 'x', '--wait', 'long']], [['text', 'x', '--colour']]])(
    'says what is wrong with %j',
    (args) => {
      expect(parseFlags(args).kind).toBe('wrong');
    },
  );
});
