import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { orderctl } from '../../src/cli/orderctl.ts';
import { isPassword } from '../../src/noc/auth/password.ts';
import { facts, plain, since, table } from '../../src/cli/table.ts';
import type { NocSources } from '../../src/noc/sources.ts';
import { version } from '../../src/version.ts';
import type { Running } from '../noc/fakes.ts';
import { MSISDN, ORDER_ID, running, SOURCES } from '../noc/fakes.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { env, out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await orderctl(argv, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const NO_NUMBER = 'MSISDN is the whole number with its country code, such as 254700000001';

let noc: Running;
const url = (one: Running = noc): string => `http://127.0.0.1:${one.port}`;

beforeAll(async () => {
  noc = await running();
});
afterAll(() => noc.noc.close());

describe('orderctl', () => {
  it('status: one screen', async () => {
    const { code, out } = await run(['status', '--url', url()]);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'orderd-lab 0.1.0, up 0 s, ready',
        '',
        'LINK      SMSC      STATE  SINCE  WINDOW  QUEUED  LAST ERROR',
        'lab-smsc  lab-smsc  bound  1 h    2/10         0  refused a text to …678',
        '',
        'PEER     STATE   WATCHDOG  PENDING  ORIGIN-HOST      LAST ERROR',
        'lab-ocs  I-Open  OKAY            1  ocs.lab.example  -',
        '',
        'orders        2 challenged, 1 charge-unknown, 40 placed, 3 uncharged',
        'backlog       3, the oldest overdue for 2 s',
        'queues        settle 3 waiting, 1 failed; say 0 waiting, 0 failed',
        'dead letters  1',
      ].join('\n'),
    );
  });

  it('orders: the newest', async () => {
    const { out } = await run(['orders', '--limit', '1', '--url', url()]);
    expect(out).toBe(
      [
        'ORDER                   OPENED (UTC)         STATE           SUBSCRIBER  SERVICE     PRICE      BY',
        `${ORDER_ID}  2026-11-23 11:59:00  charge-unknown  …678        Quiz Night  KES 15.00  otp`,
      ].join('\n'),
    );
  });

  it('order show: the decision explained', async () => {
    const { code, out } = await run(['order', 'show', ORDER_ID], { ORDERCTL_URL: url() });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      `order       ${ORDER_ID}`,
      'state       charge-unknown',
      'opened      2026-11-23 11:59:00',
      'changed     2026-11-23 11:59:59',
      'subscriber  …678',
      'service     Quiz Night (QUIZ on 5000) by Quizzo Games',
      'price       KES 15.00, once',
      'decision    otp: credit (score 12 is in band watched); also profile asks notice (profile neutral, once service)',
      'credit      12, band watched, policy 0303fbe567e7',
      '  credit    asks otp: score 12 is in band watched',
      '  profile   asks notice: profile neutral, once service',
      'texts       version abcdef012345, over sms, link lab-smsc',
      'challenge   otp, 1 of 3 wrong answers',
      '  ends      code 2026-11-23 12:04:00, window 2026-11-23 12:59:00',
      `charge      orderd.lab.example;1763935702;1;${ORDER_ID}, request 0`,
      '  answer    none yet; some send went unanswered, resends carry T',
      'waited      2 times',
    ]);
  });

  it('order trace: when, and of which day', async () => {
    const { out } = await run(['order', 'trace', ORDER_ID, '--url', url()]);
    expect(out).toMatch(/^TIME \(UTC\) +STEP +WHAT\n2026-11-\d\d \d\d:\d\d:\d\d  asked /);
  });

  it('queues and dead letters: what waits and what was given up', async () => {
    const queues = await run(['queues', '--url', url()]);
    expect(queues.out).toContain('settle        1        2       0       1');
    expect(queues.out).toContain(`settle  ${ORDER_ID}  2026-11-23 12:00:02  no peer is open`);
    const dead = await run(['dead-letter', 'list', '--url', url()]);
    expect(dead.code).toBe(1);
    expect(dead.out).toContain(
      `text code   ${ORDER_ID}-code  …678  2026-11-23 11:59:51  refused with status 0x0000000b; code ******`,
    );
    expect(dead.out).toContain('job settle');
  });

  it('outbox: what each group has not done, and since when', async () => {
    const { code, out } = await run(['outbox', '--url', url()]);
    expect(code).toBe(0);
    expect(out).toBe('GROUP  PENDING  BEHIND\nfiles        1       2\n\nthe oldest was written at 2026-11-23 11:59:55');
    const refused = await run(['outbox', 'forget', 'cdr', '--url', url()]);
    expect([refused.code, refused.err]).toEqual([2, 'orderctl: a reason is needed: --why TEXT']);
  });

  // Those that change something, read files of this machine or ask about one number are not asked here.
  const reads = COMMANDS.filter(
    ({ usage, options = {} }) =>
      !('why' in options) && !/FILE|MSISDN|evidence|hash-password|provider|what-if/.test(usage),
  );

  it.each(reads.map(({ usage }) => usage.replace('ID', ORDER_ID)))(
    '%s --json is what the API answered',
    async (usage) => {
      const { out } = await run([...usage.split(' '), '--json', '--url', url()]);
      expect(typeof JSON.parse(out)).toBe('object');
    },
  );
});

describe('provider resume --service', () => {
  it('lifts what a fall of the credit suspended, with a reason, or says that it is not suspended', async () => {
    const providers = {
      book: () => Promise.resolve({ summary: {}, entries: [] }),
      resume: (_: string, service?: string) => Promise.resolve(service === 'quiz'),
    } as unknown as NonNullable<NocSources['providers']>;
    const one = await running({ sources: { providers } });
    const resume = (...more: readonly string[]): Promise<Ran> =>
      run(['provider', 'resume', 'planet', ...more, '--url', url(one)]);
    const lifted = await resume('--service', 'quiz', '--why', 'one phone did it');
    const not = await resume('--service', 'news', '--why', 'one phone did it');
    const without = await resume('--service', 'quiz');
    await one.noc.close();
    expect(lifted).toMatchObject({ code: 0, out: 'quiz of planet is not suspended' });
    expect(not).toMatchObject({ code: 1, err: 'orderctl: service news of provider planet is not suspended' });
    expect(without).toMatchObject({ code: 2, err: 'orderctl: a reason is needed: --why TEXT' });
  });

  it('is in the help', async () => {
    expect((await run(['provider', 'resume', '--help'])).out).toMatch(/--service SERVICE/);
  });
});

describe('exit codes', () => {
  const link = SOURCES.links()[0];
  const peer = SOURCES.peers()[0];
  const unready: Partial<NocSources> = {
    ready: () => ({ ok: false, reasons: ['no SMPP link is bound'] }),
    links: () => (link === undefined ? [] : [{ ...link, bound: false, state: 'waiting' }]),
    peers: () => (peer === undefined ? [] : [{ ...peer, open: false }]),
    deadLetters: { ...SOURCES.deadLetters, list: () => Promise.resolve([]), count: () => Promise.resolve(0) },
    queues: { ...SOURCES.queues, failed: () => Promise.resolve([]), waiting: () => Promise.resolve([]) },
    orders: { ...SOURCES.orders, recent: () => Promise.resolve([]) },
  };

  it.each([
    ['status', 1, 'NOT READY\n  no SMPP link is bound'],
    ['links', 1, 'waiting'],
    ['peers', 1, 'lab-ocs'],
    ['dead-letter list', 0, 'nothing was given up'],
    ['queues', 0, 'nothing waits'],
    ['orders', 0, 'no orders'],
  ])('%s of a daemon that is not ready: %i', async (usage, expected, text) => {
    const one = await running({ sources: unready });
    const { code, out } = await run([...usage.split(' '), '--url', url(one)]);
    await one.noc.close();
    expect(code).toBe(expected);
    expect(out).toContain(text);
  });

  it('status, links and peers show what is live though the store does not answer', async () => {
    const census = () => Promise.reject(new Error('away'));
    const one = await running({ sources: { orders: { ...SOURCES.orders, census } } });
    const asked = (usage: string) => run([usage, '--url', url(one)]);
    const [status, links, peers] = await Promise.all(['status', 'links', 'peers'].map(asked));
    await one.noc.close();
    expect([status?.code, links?.code, peers?.code]).toEqual([1, 0, 0]);
    expect(status?.out).toMatch(
      /lab-smsc[^]*lab-ocs[^]*\n\nthe store does not answer: how many orders, .* is not known$/,
    );
    expect([links?.out, peers?.out].join()).toMatch(/lab-smsc[^]*lab-ocs/);
  });

  it('1: no such order', async () => {
    const { code, err } = await run(['order', 'show', '03-0', '--url', url()]);
    expect([code, err]).toEqual([1, 'orderctl: no order has this id']);
  });

  it.each([
    [['stats'], 'orderctl: unknown command stats\nTry orderctl --help.'],
    [['order', 'show'], 'orderctl: the command is not complete: orderctl order show ID\nTry orderctl --help.'],
    [['orders', '--limit', '0'], 'orderctl: --limit is a whole number from 1 to 500\nTry orderctl --help.'],
    [['orders', '--limit', 'all'], 'orderctl: --limit is a whole number from 1 to 500\nTry orderctl --help.'],
    [['order', 'show', 'a', 'b'], 'orderctl: too much for orderctl order show ID: b\nTry orderctl --help.'],
    [['status', 'extra'], 'orderctl: too much for orderctl status: extra\nTry orderctl --help.'],
    [['nosuch', '--help'], 'orderctl: unknown command nosuch\nTry orderctl --help.'],
    [['status', '--url', 'localhost:8080'], 'orderctl: localhost:8080 is no http address\nTry orderctl --help.'],
    [['status', '--url', 'http://'], 'orderctl: http:// is no http address\nTry orderctl --help.'],
  ])('2: %j was not understood', async (argv, text) => {
    expect(await run(argv)).toMatchObject({ code: 2, err: text, out: '' });
  });

  it.each([
    [['refund', ORDER_ID], 'a reason is needed: --why TEXT'],
    [['erase', MSISDN], 'a reason is needed: --why TEXT'],
    [['order', 'resolve', ORDER_ID, 'placed'], 'a reason is needed: --why TEXT'],
    [['order', 'resolve', ORDER_ID, 'paid', '--why', 'a try'], 'paid is none of placed, uncharged, refund'],
    [['credit', 'what-if'], 'credit what-if needs --provider P'],
    [['provider', 'adjust', 'planet', '0', '--why', 'a try'], 'POINTS is a whole number other than 0'],
    [['subscriber', '0712345678', '--why', 'a try'], NO_NUMBER],
    [['export', '254712 345678', '/nowhere', '--why', 'a try'], NO_NUMBER],
    [['erase', 'jane', '--why', 'a try'], NO_NUMBER],
  ])('2: %j lacks something, and nobody is asked', async (argv, text) => {
    expect(await run([...argv, '--url', 'http://127.0.0.1:1'])).toMatchObject({ code: 2, err: `orderctl: ${text}` });
  });

  it.each([MSISDN, `+${MSISDN}`])('3: %s is a whole number, and somebody is asked', async (msisdn) => {
    expect(await run(['subscriber', msisdn, '--why', 'a try', '--url', 'http://127.0.0.1:1'])).toMatchObject({
      code: 3,
    });
  });

  it('2: an unknown option', async () => {
    const { code, err } = await run(['status', '--verbose']);
    expect(code).toBe(2);
    expect(err).toContain("Unknown option '--verbose'");
  });

  it.each(['', 'hunter2\nb', 'hunter2 ', 'hunter\u00e92'])('2: %j is no token, and is not told', async (token) => {
    const { code, err } = await run(['status', '--url', url()], { ORDERCTL_TOKEN: token });
    expect([code, err]).toEqual([2, expect.stringMatching(/^orderctl: ORDERCTL_TOKEN is no token/)]);
    expect(err).not.toContain('hunter');
  });

  it('3: nobody answers', async () => {
    const gone = await running();
    await gone.noc.close();
    const { code, err } = await run(['status', '--url', url(gone)]);
    expect(code).toBe(3);
    expect(err).toBe(`orderctl: no orderd answers at ${url(gone)} (ECONNREFUSED); is it running, and is --url right?`);
  });

  it('4: the token is missing; it comes from the environment', async () => {
    const token = 'a-token-of-more-than-20-characters';
    const one = await running({ token });
    const without = await run(['status', '--url', url(one)]);
    const withIt = await run(['status', '--url', url(one)], { ORDERCTL_TOKEN: token });
    await one.noc.close();
    expect([without.code, without.err]).toEqual([4, 'orderctl: a login or a bearer token is needed']);
    expect(withIt.code).toBe(0);
  });

  it.each([[['--help']], [['-h']], [[]], [['order', '--help']]])('0: %j prints the help', async (argv) => {
    const { code, out } = await run(argv);
    expect(code).toBe(0);
    for (const { usage } of COMMANDS) expect(out).toContain(`  ${usage} `);
  });
});

it('tells its version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, out: version, err: '' });
});

describe('help of one command', () => {
  it('is told after its values too', async () => {
    expect((await run(['order', 'show', 'x', '--help'])).out).toMatch(/^orderctl order show ID: /);
  });

  it.each(COMMANDS)('$usage', async (command) => {
    const words = command.usage.split(' ').filter((word) => word !== word.toUpperCase());
    const { code, out } = await run([...words, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`orderctl ${command.usage}: ${command.does}`);
    expect(out).toMatch(/^exit codes\n {2}0 /m);
    for (const name of [...Object.keys(command.options ?? {}), 'url', 'json']) expect(out).toContain(`  --${name}`);
  });

  it('an option of another command is no option of this one', async () => {
    const { code, err } = await run(['status', '--limit', '5']);
    expect([code, err]).toEqual([2, 'orderctl: orderctl status takes no --limit\nTry orderctl --help.']);
  });
});

describe('hash-password', () => {
  it('writes a line that the password, and no other, is held to', async () => {
    const out: string[] = [];
    const terminal = { env: {}, out: (text: string) => void out.push(text), err: () => undefined };
    const code = await orderctl(['hash-password'], {
      ...terminal,
      secret: () => Promise.resolve('correct horse battery'),
    });
    expect(code).toBe(0);
    expect(await isPassword('correct horse battery', out[0] ?? '')).toBe(true);
    expect(await isPassword('correct horse batterz', out[0] ?? '')).toBe(false);
  });

  it('takes no short one', async () => {
    expect(await run(['hash-password'])).toMatchObject({
      code: 2,
      err: 'orderctl: a password has at least 12 characters',
    });
  });
});

describe('check-config', () => {
  it.each([
    ['config/default.yaml', 0, 'fit to run'],
    ['package.json', 1, 'nothing was started or changed'],
  ])('%s: %i', async (file, expected, text) => {
    const { code, out } = await run(['check-config', file]);
    expect(code).toBe(expected);
    expect(out).toContain(text);
  });
});

describe('the command itself', () => {
  const command = (...argv: readonly string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...argv]);

  it('writes to standard output and exits 0', async () => {
    expect((await command('--help')).stdout).toMatch(
      /^orderctl: looks into a running orderd, and changes what a person may change\n/,
    );
  });

  it('writes what went wrong to standard error and exits by the table', async () => {
    await expect(command('nonsense')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'orderctl: unknown command nonsense\nTry orderctl --help.\n',
    });
  });
});

describe('what people read', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '0 s'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:59Z', '59 s'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:05:00Z', '5 min'],
    ['2026-01-01T00:00:00Z', '2026-01-01T01:02:03Z', '1 h 2 min'],
    ['2026-01-01T00:00:00Z', '2026-01-03T00:30:00Z', '2 d'],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z', '0 s'],
  ])('from %s to %s is %s', (from, to, expected) => {
    expect(since(from, to)).toBe(expected);
  });

  it('a table, numbers to the right, nothing that steers a terminal', () => {
    expect(
      table(
        ['A', 'N'],
        [
          ['x\u001b[31mred', 5],
          ['y', 100],
        ],
      ),
    ).toBe('A           N\nx[31mred    5\ny         100');
    expect(plain('a\u202eb\u0007')).toBe('ab');
    expect(
      facts([
        ['one', 1],
        ['three', undefined],
      ]),
    ).toBe('one    1\nthree  -');
  });
});
