import { execFile, spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Log, LogSettings, Published } from '../src/log.ts';
import { createLog } from '../src/log.ts';

const MSISDN = '254712345678';
const CODE = '493817';

interface Captured {
  readonly log: Log;
  readonly lines: string[];
  readonly text: () => string;
}

function captured(settings: Partial<LogSettings> = {}): Captured {
  const lines: string[] = [];
  const events = { 'order.opened': 'info', 'mt.dead': 'error', 'pdu.sent': 'trace' } as const;
  const log = createLog({
    level: 'trace',
    pretty: false,
    events,
    destination: { write: (line) => lines.push(line) },
    ...settings,
  });
  return { log, lines, text: () => lines.join('') };
}

function parsed({ lines }: Captured): readonly Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a note', () => {
  it('is one JSON line with its event, level and facts', () => {
    const out = captured();
    out.log.note('order.opened', { order: '03-01abc', state: 'charging', tries: 2, free: false, link: undefined });
    const [line] = parsed(out);
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      event: 'order.opened',
      order: '03-01abc',
      state: 'charging',
      tries: 2,
      free: false,
    });
  });

  it('is logged at the level of its table, or not at all below the level asked for', () => {
    const out = captured({ level: 'info' });
    out.log.note('pdu.sent');
    out.log.note('mt.dead');
    expect(parsed(out).map(({ event, level }) => [event, level])).toEqual([['mt.dead', 'error']]);
  });

  it('that no table lists is a warning with its name', () => {
    const out = captured();
    out.log.note('order.opend', { order: 'x-1' });
    out.log.note('toString');
    expect(parsed(out)).toMatchObject([
      { level: 'warn', event: 'order.opend', unlisted: true, order: 'x-1' },
      { level: 'warn', event: 'toString', unlisted: true },
    ]);
  });

  it('lets nothing through that is no plain value', () => {
    const out = captured();
    const smuggled = { pdu: { msisdn: MSISDN }, list: [CODE], run: () => MSISDN, big: 10n } as unknown as Record<
      string,
      string
    >;
    out.log.note('order.opened', smuggled);
    expect(Object.keys(parsed(out)[0] ?? {})).toEqual(['level', 'time', 'event']);
  });

  it('is published to whoever listens, scrubbed, below the log level too', () => {
    const heard: unknown[] = [];
    const listen = (message: unknown): void => void heard.push(message);
    subscribe('orderd', listen);
    const out = captured({ level: 'error' });
    out.log.note('order.opened', { order: '03-01abc', reason: `code ${CODE}` });
    unsubscribe('orderd', listen);
    out.log.note('order.opened', { order: 'unheard' });
    expect(heard).toEqual<Published[]>([
      { event: 'order.opened', level: 'info', fields: { order: '03-01abc', reason: 'code ******' } },
    ]);
    expect(out.lines).toEqual([]);
  });
});

describe('the canary: a number or code that slipped into a note', () => {
  const digits = (number: string): string => number.replaceAll(/\D/g, '');

  it.each([
    MSISDN,
    `+${MSISDN}`,
    '0712345678',
    '+254 712 345 678',
    '254-712-345-678',
    `text to ${MSISDN} failed`,
    `x${MSISDN}x`,
    '٢٥٤٧١٢٣٤٥٦٧٨',
    '２５４７１２３４５６７８',
    CODE,
    `code ${CODE} was sent`,
    `QUIZ,${CODE}.`,
    '12345678',
    '20261125',
    '2026-13-25',
    '2026-11-25-7',
    '2026-11-25 71',
    '+2026-11-25',
    '0712.345.678',
    '+254 (712) 345-678',
    '(0712) 345 678',
    '254/712/345678',
    '254\u00a0712\u00a0345\u00a0678',
    '254  712  345  678',
    '0712–345–678',
    '01 23.45.67.89',
    '123 456',
    'code 12-34-56.',
    '123–456',
    '1 2 3 4 5 6',
  ])('%s does not get out in any field', (text) => {
    const out = captured();
    for (const name of ['reason', 'text', 'order', 'link', 'peer', 'session', 'mt'])
      out.log.note('order.opened', { [name]: text });
    out.log.fatal('daemon.crashed', new Error(text));
    expect(out.text()).not.toContain(text);
    if (digits(text) !== '') expect(out.text().replaceAll(/[\s.()/\p{Pd}]/gu, '')).not.toContain(digits(text));
  });

  it.each([
    [MSISDN, '…678'],
    ['12025550123', '…123'],
    // The first that has more than 32 bits.
    ['4294967296', '******'],
  ])('%s does not get out as a number either', (number, masked) => {
    const out = captured();
    out.log.note('order.opened', { to: Number(number) });
    expect(parsed(out)[0]).toMatchObject({ to: masked });
  });

  it('keeps the last three digits of what is too long to be a code', () => {
    const out = captured();
    out.log.note('order.opened', { reason: `to ${MSISDN} and 0712345678` });
    expect(parsed(out)[0]).toMatchObject({ reason: 'to …678 and ******' });
  });

  it.each([
    ['an order id', { order: '03-01jd8k2q71234567x98' }],
    ['an MT id', { mt: '03-01jd8k2q71234567x98-confirm' }],
    ['a challenge id', { challenge: '0123456789abcdef0123456789abcdef' }],
    ['a Session-Id', { session: 'orderd.lab.example;1763935702;1234567890;03-01jd' }],
    ['a status', { status: '0x00000058' }],
    ['a status inside a text', { reason: 'temporary status 0x00000058' }],
    ['an address', { peer: '127.0.0.1:3868' }],
    ['an address inside a text', { reason: 'connect ECONNREFUSED 127.0.0.1:3868' }],
    [
      'a decision',
      {
        decision:
          'confirm: price (price above 10000 KES minor units); also credit asks notice (score 92 is in band trusted)',
      },
    ],
    ['a date in a reason', { reason: 'suspended until 2026-12-01' }],
    ['a date and a time', { reason: 'from 2026-12-01 23:30 to 2026-12-02T01:00:00Z' }],
    ['a date after a number', { reason: 'band 12 (2026-12-01)' }],
    ['dates from and to', { reason: '2026-12-01 - 2026-12-05' }],
    ['an address with many digits', { peer: '192.168.100.12:3868', reason: 'from 10.120.30.40 and 10.120.30.41' }],
    ['an amount', { reason: 'KES 15000.00 of KES 20000.50' }],
    ['figures side by side', { reason: 'to 5000 24 times, 4012 (3 of 5)' }],
    ['a number of 32 bits', { endToEnd: 4_294_967_295 }],
  ])('leaves %s alone', (_, fields) => {
    const out = captured();
    out.log.note('order.opened', fields);
    expect(parsed(out)[0]).toMatchObject(fields);
  });

  it('cuts a text that has no end', () => {
    const out = captured();
    out.log.note('order.opened', { reason: 'x'.repeat(10_000) });
    expect(out.text().length).toBeLessThan(700);
  });
});

describe('for people', () => {
  it('a note is one line with a clock, a level, its event and its facts', () => {
    const out = captured({ pretty: true });
    out.log.note('order.opened', { order: '03-01abc', decision: 'notice: credit (score 92)' });
    const plain = out.text().replaceAll(/\u001b\[\d+m/g, '');
    expect(plain).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} INFO {2}order\.opened order=03-01abc decision="notice: credit \(score 92\)"\n$/,
    );
  });

  it('shows what would steer their terminal, and does not do it', () => {
    const out = captured({ pretty: true });
    out.log.note('order.opened', { reason: 'a\u001b[2Jb\u009b1mc', peer: 'two words\u007f \u202e' });
    const plain = out.text().replaceAll(/\u001b\[\d+m/g, '');
    expect(plain).toContain(String.raw` reason=a\u001b[2Jb\u009b1mc peer="two words\u007f \u202e"`);
  });
});

describe('a flood', () => {
  it('is logged by a few lines a second and what they leave out, and published whole', async () => {
    let now = 1000;
    const published: Published[] = [];
    const listen = (message: unknown): void => void published.push(message as Published);
    const events = { 'mo.refused': 'warn', 'mt.dead': 'error' } as const;
    const out = captured({ events, floods: new Set(['mo.refused']), now: () => now });
    const come = (event: string, count: number): void => {
      for (let index = 0; index < count; index++) out.log.note(event);
    };
    const told = () => parsed({ ...out, lines: out.lines.splice(0) });
    subscribe('orderd', listen);
    come('mo.refused', 100);
    come('mt.dead', 30);
    unsubscribe('orderd', listen);
    expect(published).toHaveLength(130);
    expect(told().map(({ event }) => event)).toEqual([
      ...Array<string>(10).fill('mo.refused'),
      ...Array<string>(30).fill('mt.dead'),
    ]);
    now += 1000;
    come('mo.refused', 12);
    const [first, ...then] = told();
    expect(first).toMatchObject({ level: 'warn', event: 'log.held-back', of: 'mo.refused', lines: 90 });
    expect(then).toHaveLength(10);
    await out.log.flush();
    expect(told()).toMatchObject([{ event: 'log.held-back', of: 'mo.refused', lines: 2 }]);
    await out.log.flush();
    expect(told()).toEqual([]);
  });
});

describe('an end', () => {
  it('is written before the process goes, with its stack', () => {
    const flushed: string[] = [];
    const out = captured();
    const log = createLog({
      level: 'error',
      pretty: false,
      events: {},
      destination: { write: (line) => out.lines.push(line), flushSync: () => void flushed.push(out.text()) },
    });
    log.fatal('daemon.crashed', new RangeError('no band'));
    log.fatal('daemon.crashed', 'a text');
    expect(flushed[0]).toMatch(/"event":"daemon.crashed","error":"RangeError: no band\\n +at /);
    expect(parsed(out)[1]).toMatchObject({ level: 'fatal', error: 'a text' });
  });

  it('tells what the system refused without a stack', () => {
    const out = captured();
    const refused = Object.assign(new Error('listen EADDRINUSE: address already in use'), { code: 'EADDRINUSE' });
    out.log.fatal('daemon.failed', refused);
    out.log.fatal('daemon.failed', new Error('Redis cannot be used: ECONNREFUSED', { cause: refused }));
    out.log.fatal('daemon.failed', Object.assign(new TypeError('of ours'), { code: 'ERR_INVALID_ARG_TYPE' }));
    const login = Object.assign(new Error('WRONGPASS invalid username-password pair'), { name: 'ReplyError' });
    out.log.fatal('daemon.failed', new Error('Redis cannot be used: WRONGPASS', { cause: login }));
    const [port, redis, ours, password] = parsed(out).map(({ error }) => String(error));
    expect([port, redis]).toEqual([refused.message, 'Redis cannot be used: ECONNREFUSED']);
    expect(ours).toMatch(/\n +at /);
    expect(password).toBe('Redis cannot be used: WRONGPASS');
  });

  it('waits for what is buffered', async () => {
    let done: (() => void) | undefined;
    const { log } = captured({ destination: { write: () => true, flush: (finished) => (done = finished) } });
    const flushing = log.flush();
    done?.();
    await expect(flushing).resolves.toBeUndefined();
    await expect(captured().log.flush()).resolves.toBeUndefined();
  });
});

describe('standard output', () => {
  it('gets every line, the last one too', async () => {
    const script = `
      import { createLog } from './src/log.ts';
      const log = createLog({ level: 'info', pretty: false, events: { 'a.b': 'info' } });
      for (let i = 0; i < 1000; i++) log.note('a.b', { i });
      await log.flush();
      log.fatal('c.d', 'over');
      process.exit(1);
    `;
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    const { stdout } = (await run.catch((error: unknown) => error)) as { stdout: string };
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1001);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'fatal', event: 'c.d', error: 'over' });
  });
});

describe('a standard output on a full disk', () => {
  it('holds up neither the process nor its end', () => {
    const script = `
      import { createLog } from './src/log.ts';
      const log = createLog({ level: 'info', pretty: false, events: { 'a.b': 'info' } });
      process.on('uncaughtException', (error) => {
        log.fatal('c.d', error);
        process.exit(2);
      });
      for (let i = 0; i < 1000; i++) log.note('a.b', { i });
      await log.flush();
      log.fatal('c.d', 'over');
      process.exit(3);
    `;
    const line = 'exec "$0" --import tsx --input-type=module -e "$1" > /dev/full';
    const { status, signal } = spawnSync('bash', ['-c', line, process.execPath, script], { timeout: 30_000 });
    expect([status, signal]).toEqual([3, null]);
  });
});

describe('the event tables', () => {
  it('list every event that the source notes', async () => {
    const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(`src/${file}`, 'utf8')));
    const used = sources.flatMap((source) =>
      [...source.matchAll(/\bnote\(\s*'([a-z0-9.-]+)'/g)].map(([, event]) => event),
    );
    const listed = files.flatMap((file, index) =>
      file.endsWith('events.ts')
        ? [...(sources[index] ?? '').matchAll(/^ {2}'([a-z0-9.-]+)': '/gm)].map(([, event]) => event)
        : [],
    );
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((event) => !listed.includes(event))).toEqual([]);
  });
});
