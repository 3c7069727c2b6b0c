import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../simulators/scenarios/script.ts';

const READY = new URL('../../../simulators/scenarios/ready/', import.meta.url);

const script = (...steps: string[]): string =>
  [
    'name: x',
    'subscribers:',
    '  A: { balance: 5 }',
    '  B: 254700000001',
    'steps:',
    ...steps.map((step) => `  - ${step}`),
  ].join('\n');

function actions(...steps: string[]): unknown {
  const read = readScript(script(...steps));
  return read.kind === 'script' ? read.script.steps.map((step) => step.action) : read;
}

describe('reading a scenario', () => {
  it('head: defaults, numbers given and not', () => {
    expect(readScript(script('A texts: NEWS'))).toMatchObject({
      kind: 'script',
      script: {
        name: 'x',
        about: [],
        code: '5000',
        subscribers: { A: { msisdn: undefined, account: { balance: 5 } }, B: { msisdn: '254700000001', account: {} } },
      },
    });
  });

  it.each<[string, object]>([
    ['A texts: NEWS', { kind: 'texts', who: 'A', text: 'NEWS', to: undefined, times: 1 }],
    ['{ A texts: x, times: 2, carrier: sar, order: [2, 1] }', { times: 2, carrier: 'sar', order: [2, 1] }],
    ["A dials: '*384*1#'", { kind: 'dials', who: 'A', code: '*384*1#' }],
    ['A sees: /Pick/', { kind: 'sees', within: 10_000, ends: undefined, keep: {} }],
    ['{ A sees: Pick, ends: true }', { ends: true }],
    ['A chooses: News', { kind: 'chooses', option: { kind: 'part', text: 'News' } }],
    ["A replies: '1'", { kind: 'replies', text: '1' }],
    ['A hangs up', { kind: 'leaves', who: 'A', how: 'hangs-up' }],
    ['A does not reply', { kind: 'leaves', who: 'A', how: 'timeout' }],
    ['{ smsc fate: { state: UNDELIV }, of: A }', { kind: 'fate', rule: { state: 'UNDELIV' }, of: 'A' }],
    ['{ A texts: NEWS, to: "6000" }', { to: '6000' }],
    [
      'A hears: is ordered',
      {
        kind: 'hears',
        who: 'A',
        pattern: { kind: 'part', text: 'is ordered' },
        within: 10_000,
        eventually: false,
        keep: {},
      },
    ],
    [
      '{ A eventually hears: /ord.red/i, within: 2m, via: flash }',
      {
        pattern: { kind: 'expression', source: 'ord.red', flags: 'i' },
        within: 120_000,
        eventually: true,
        via: 'flash',
      },
    ],
    ["{ A hears: Code, keep: { code: '(\\d{6})' } }", { keep: { code: '(\\d{6})' } }],
    ['A hears nothing: 500ms', { kind: 'hears-nothing', during: 500 }],
    ['A has: { balance: 3, blocked: true }', { kind: 'has', account: { balance: 3, blocked: true } }],
    ['A is debited: 500', { kind: 'booked', what: 'debited', times: 1, amount: 500 }],
    ['A is debited: 0', { times: 0, amount: 0 }],
    ['B is refunded: { times: 2 }', { who: 'B', what: 'refunded', times: 2, amount: undefined }],
    ['{ ocs fault: { action: silence }, of: A }', { kind: 'fault', side: 'ocs', rule: { action: 'silence' }, of: 'A' }],
    ['smsc fault: { on: submit_sm }', { side: 'smsc', of: undefined }],
    ["smsc sends: '00 ff'", { kind: 'octets', account: 'orderd', hex: '00 ff' }],
    ['ocs is: away', { kind: 'listening', on: false }],
    ['ocs is: back', { kind: 'listening', on: true }],
    ['smsc is: mended', { kind: 'mended', side: 'smsc' }],
    ['ocs receives: { of: A, times: 2, retransmit: true }', { kind: 'receives', of: 'A', times: 2, retransmit: true }],
    ['wait: 3s', { kind: 'wait', during: 3000 }],
    ['note: hello', { kind: 'note', text: 'hello' }],
    ['run: "true"', { kind: 'run', command: 'true' }],
  ])('%s', (step, action) => {
    expect(actions(step)).toMatchObject([action]);
  });

  it('keeps time, line and wording of a step', () => {
    const read = readScript(script('note: one', '{ at: 5s, wait: 1s }'));
    expect(read.kind === 'script' && read.script.steps[1]).toMatchObject({
      at: 5000,
      line: 7,
      told: '{ at: 5s, wait: 1s }',
    });
  });

  it.each([
    ['A sings: la', 6, /no verb in "A sings"; known: A texts/],
    ['{ A texts: x, B texts: y }', 6, /two verbs/],
    ['C texts: x', 6, /no subscriber is called C/],
    ['ocs receives: { of: C }', 6, /called C/],
    ['{ A hears: x, withn: 3s }', 6, /withn/],
    ['{ A hears: x, within: 3 }', 6, /within.*/],
    ['{ A hears: x, within: 3 weeks }', 6, /500ms, 10s or 2m/],
    ['A hears: /(/', 6, /regular expression/],
    ["{ A hears: x, keep: { code: 'no group' } }", 6, /one \(group\)/],
    ['A is debited: -5', 6, /A is debited/],
    ['smsc is: away', 6, /mended/],
    ['smsc sends: hello', 6, /pairs of hex/],
    ['A dials: NEWS', 6, /a code such as/],
    ['A hangs up: now', 6, /A hangs up/],
    ['{ A texts: x, carrier: pigeon }', 6, /carrier/],
    ['{ A texts: x, times: 0 }', 6, /times/],
    ['C hangs up', 6, /called C/],
    ['{ note: x, at: soon }', 6, /at:/],
  ])('%s is wrong, and the line is told', (step, line, message) => {
    expect(readScript(script(step))).toEqual({
      kind: 'wrong',
      problems: [{ line, message: expect.stringMatching(message) as string }],
    });
  });

  it('tells every wrong step, not the first alone', () => {
    const read = readScript(script('A sings: la', 'note: fine', 'C texts: x'));
    expect(read.kind === 'wrong' && read.problems.map((problem) => problem.line)).toEqual([6, 8]);
  });

  it.each([
    ['name: x\nsteps: [}', 2, /flow/i],
    ['name: x\nsubscribers: {}\nsteps: []\n', 3, /steps/],
    ['name: x\nsubscribers: { A: abc }\nsteps: [{ note: x }]', 2, /digits|Invalid/],
    ['name: x\nextra: 1\nsubscribers: {}\nsteps: [{ note: x }]', 1, /extra/],
    ['just text', 1, /file/],
  ])('%j is wrong', (text, line, message) => {
    expect(readScript(text)).toMatchObject({
      kind: 'wrong',
      problems: [{ line, message: expect.stringMatching(message) as string }],
    });
  });
});

describe('the ready scenarios', () => {
  it.each(readdirSync(READY))('%s reads without a fault', (name) => {
    expect(readScript(readFileSync(new URL(name, READY), 'utf8'))).toMatchObject({ kind: 'script' });
  });

  const scripts = readdirSync(READY).flatMap((name) => {
    const read = readScript(readFileSync(new URL(name, READY), 'utf8'));
    return read.kind === 'script' ? [{ name, about: read.script.about }] : [];
  });

  it.each(['claim 1', 'claim 2', 'claim 3', 'claim 4', 'claim 5', 'P1', 'P2', 'P3', 'P4', 'P6', 'P7'])(
    '%s is shown by one',
    (subject) => {
      expect(scripts.filter(({ about }) => about.includes(subject))).not.toEqual([]);
    },
  );

  it('each is in the README, with what it shows', () => {
    const readme = readFileSync(new URL('../README.md', READY), 'utf8');
    const missing = scripts.filter(({ name }) => !readme.includes(`\`${name.replace('.yaml', '')}\``));
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(scripts.filter(({ about }) => about.length === 0)).toEqual([]);
  });
});
