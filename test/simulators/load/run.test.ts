import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { parseFlags } from '../../../simulators/load/flags.ts';
import { LoadOcs } from '../../../simulators/load/ocs.ts';
import type { LoadEvents, LoadReport } from '../../../simulators/load/run.ts';
import { runLoad } from '../../../simulators/load/run.ts';
import { decodeMessage, encodeMessage } from '../../../simulators/diameter/message.ts';
import type { Message } from '../../../simulators/diameter/message.ts';
import { APPLICATION, COMMAND } from '../../../simulators/diameter/dictionary.ts';
import { allNamed, avp, numberOf, textOf } from '../../../simulators/diameter/values.ts';

const QUIET: LoadEvents = {
  listening: () => undefined,
  bound: () => undefined,
  measuring: () => undefined,
  measured: () => undefined,
  progress: () => undefined,
};

function run(...flags: readonly string[]): Promise<LoadReport> {
  const command = parseFlags(['--null-sink', '--smpp-port', '0', '--warmup', '50ms', '--for', '300ms', ...flags]);
  if (command.kind !== 'run') throw new Error('the flags are wrong');
  return runLoad(command.settings, QUIET);
}

test('a window is full all the time, and every text and receipt is accounted for', async () => {
  const { total, left, rates, latency, processes } = await run('--window', '20', '--receipt-after', '0ms');
  expect(left).toEqual({ unanswered: 0, receiptsUnacknowledged: 0, receiptsUnsent: 0 });
  expect(total.mos).toBe(total.dialogues);
  expect(total.replies).toBe(total.mos);
  expect(total.moAcks).toBe(total.mos);
  expect(total.receiptAcks).toBe(total.replies);
  expect(total).toMatchObject({ moRefused: 0, unasked: 0, throttled: 0 });
  expect(rates.replies).toBeGreaterThan(0);
  expect(latency.all.count).toBeGreaterThan(0);
  expect(Object.keys(processes)).toEqual(['smsc', 'sink']);
});

test('an open loop offers what was asked, and throttles what it shall', async () => {
  const { total, left } = await run('--rate', '200', '--throttle', '10');
  expect(left.unanswered).toBe(0);
  expect(total.dialogues).toBeGreaterThan(0);
  expect(total.throttled).toBe(Math.floor(total.replies / 10));
  expect(total.receiptAcks).toBe(total.replies - total.throttled);
});

test('each text of a dialogue waits for the answer to the one before', async () => {
  const { total, latency } = await run('--window', '5', '--kind', 'three=A|B|C', '--mix', 'three');
  expect(total.replies).toBe(3 * total.dialogues);
  expect(latency.kinds['three']?.count).toBeGreaterThan(0);
});

test('a USSD dialogue goes on turn by turn', async () => {
  const { total, left, latency } = await run('--window', '5', '--mix', 'ussd');
  expect(total.replies).toBe(4 * total.dialogues);
  expect(total).toMatchObject({ moRefused: 0, unasked: 0, brokenOff: 0 });
  expect(left.unanswered).toBe(0);
  expect(latency.kinds['ussd']?.count).toBeGreaterThan(0);
});

function ask(port: number, request: Message): Promise<Message> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(encodeMessage(request)));
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.destroy();
      const answer = decodeMessage(bytes);
      if ('kind' in answer) reject(new Error('a broken answer'));
      else resolve(answer);
    });
  });
}

function ccr(sessionId: string, flags = 0xc0): Message {
  const money = avp('CC-Money', [avp('Unit-Value', [avp('Value-Digits', 500n), avp('Exponent', -2)])]);
  return {
    version: 1,
    flags,
    command: COMMAND.CC,
    application: APPLICATION.creditControl,
    hopByHop: 7,
    endToEnd: 8,
    avps: [
      avp('Session-Id', sessionId),
      avp('Origin-Host', 'a.example'),
      avp('CC-Request-Type', 4),
      avp('CC-Request-Number', 3),
      avp('Requested-Service-Unit', [money]),
    ],
  };
}

test('the OCS grants what was asked, under the request’s own ids', async () => {
  const ocs = new LoadOcs({ host: '127.0.0.1', port: 0, silentPercent: 0, delay: 0 });
  const port = await ocs.listen();
  try {
    const answer = await ask(port, ccr('a.example;1;2'));
    expect(answer).toMatchObject({ flags: 0x40, command: COMMAND.CC, hopByHop: 7, endToEnd: 8 });
    expect(textOf(answer.avps, 'Session-Id')).toBe('a.example;1;2');
    expect(numberOf(answer.avps, 'Result-Code')).toBe(2001);
    expect(numberOf(answer.avps, 'CC-Request-Type')).toBe(4);
    expect(numberOf(answer.avps, 'CC-Request-Number')).toBe(3);
    expect(allNamed(answer.avps, 'Granted-Service-Unit')).toHaveLength(1);
    await ask(port, ccr('a.example;1;2', 0xd0));
    expect(ocs.counts).toEqual({ requests: 2, answered: 2, silent: 0, resent: 1, repeats: 1 });
    expect(ocs.sessions).toBe(1);
  } finally {
    ocs.close();
  }
});

test('a silent OCS answers what comes again with T', async () => {
  const ocs = new LoadOcs({ host: '127.0.0.1', port: 0, silentPercent: 100, delay: 1 });
  const port = await ocs.listen();
  try {
    const silent = ask(port, ccr('a.example;1;3')).then(() => 'answered');
    const again = await ask(port, ccr('a.example;1;3', 0xd0));
    expect(numberOf(again.avps, 'Result-Code')).toBe(2001);
    expect(await Promise.race([silent, Promise.resolve('silent')])).toBe('silent');
    expect(ocs.counts).toMatchObject({ silent: 1, resent: 1, answered: 1 });
  } finally {
    ocs.close();
  }
});
