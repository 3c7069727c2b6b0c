import { describe, expect, it } from 'vitest';
import { runScript } from '../../../simulators/scenarios/run.ts';
import { readScript } from '../../../simulators/scenarios/script.ts';
import type { Booking, Ccr, Dialogue, Heard, Stage } from '../../../simulators/scenarios/stage.ts';
import type { Verdict } from '../../../simulators/scenarios/actor.ts';

interface Fake {
  readonly stage: Stage;
  readonly did: string[];
  readonly heard: Heard[];
  readonly bookings: Booking[];
  readonly requests: Ccr[];
  readonly dialogues: Dialogue[];
  /** Called whenever time passes. */
  later: (now: number) => void;
}

/** A stage without a network: time moves when it is waited for. */
function fakeStage(): Fake {
  let now = 0;
  const did: string[] = [];
  const pass = (ms: number): void => {
    now += ms;
    fake.later(now);
  };
  const note = (what: string): Promise<void> => {
    did.push(`${now} ${what}`);
    return Promise.resolve();
  };
  const after = <T>(list: readonly T[], idOf: (one: T) => number, id: number): readonly T[] =>
    list.filter((one) => idOf(one) > id);
  const stage: Stage = {
    now: () => now,
    sleep: (ms) => {
      pass(ms);
      return Promise.resolve();
    },
    text: (from, to, text, { carrier, order }) =>
      text === 'REFUSED'
        ? Promise.reject(new Error('the text was not taken'))
        : note([`${from} > ${to}: ${text}`, carrier, order?.join()].filter((one) => one !== undefined).join(' ')),
    dial: (from, code) => note(`${from} dials ${code}`),
    dialogues: () => Promise.resolve(fake.dialogues),
    reply: (dialogue, text) => note(`${dialogue} < ${text}`),
    leave: (dialogue, how) => note(`${dialogue} ${how}`),
    fate: (rule) => note(`fate ${JSON.stringify(rule)}`),
    heard: (_msisdn, id, waitMs) => {
      if (after(fake.heard, (one) => one.id, id).length === 0) pass(waitMs);
      return Promise.resolve(after(fake.heard, (one) => one.id, id));
    },
    account: (msisdn, setting) => note(`${msisdn} has ${JSON.stringify(setting)}`),
    bookings: (_msisdn, row) => Promise.resolve(after(fake.bookings, (one) => one.row, row)),
    requests: (_msisdn, id) => Promise.resolve(after(fake.requests, (one) => one.id, id)),
    fault: (side, rule) => note(`${side} fault ${JSON.stringify(rule)}`),
    octets: (account, hex) => note(`octets ${account} ${hex}`),
    mend: (side) => note(`${side} mended`),
    listening: (on) => note(`listening ${on}`),
    run: (command) => note(`run ${command}`),
  };
  const fake: Fake = { stage, did, heard: [], bookings: [], requests: [], dialogues: [], later: () => undefined };
  return fake;
}

const text = (id: number, words: string, channel = 'sms'): Heard => ({ id, text: words, channel });
const debit = (row: number, sessionId: string, debited: number, requestNumber = 0): Booking => ({
  row,
  sessionId,
  requestNumber,
  debited,
});

async function play(fake: Fake, ...steps: string[]): Promise<Verdict> {
  const read = readScript(
    ['name: x', 'subscribers: { A: { balance: 7 }, B: 111 }', 'steps:', ...steps.map((step) => `  - ${step}`)].join(
      '\n',
    ),
  );
  if (read.kind === 'wrong') throw new Error(JSON.stringify(read.problems));
  return runScript(
    read.script,
    fake.stage,
    () => '999',
    () => undefined,
  );
}

const failure = (verdict: Verdict): string | undefined =>
  verdict.lines.find((line) => line.failed !== undefined)?.failed;

describe('playing a scenario', () => {
  it('sets accounts, texts with kept values and numbers filled in, keeps time', async () => {
    const fake = fakeStage();
    fake.heard.push(text(1, 'old'));
    fake.later = (now) => {
      if (now === 10_000) fake.heard.push(text(2, 'Code 123456 orders News'));
    };
    const verdict = await play(
      fake,
      'A texts: QUIZ',
      "{ A hears: Code, keep: { code: '(\\d{6})' } }",
      '{ at: 15s, A texts: "{code} {B} {other}", to: "6000" }',
    );
    expect(fake.did).toEqual(['0 999 has {"balance":7}', '0 999 > 5000: QUIZ', '15000 999 > 6000: 123456 111 {other}']);
    expect([verdict.passed, verdict.lines[1]?.seen]).toEqual([true, '"Code 123456 orders News"']);
  });

  it('a text refused ends the scenario there', async () => {
    const verdict = await play(fakeStage(), 'A texts: REFUSED', 'note: never');
    expect([verdict.passed, verdict.lines.length, failure(verdict)]).toEqual([false, 1, 'the text was not taken']);
  });

  it.each([
    ['A hears: two', /heard by sms: "one"/],
    ['{ A hears: one, via: flash }', /heard by sms/],
    ['A hears: /^two/', /heard by sms/],
    ['A eventually hears: three', /heard nothing fitting within 10000 ms/],
    ['A hears nothing: 1s', /heard: "one"/],
    ["{ A hears: one, keep: { code: '(\\d)' } }", /nothing in "one" fits/],
  ])('%s fails on the texts one, two', async (step, message) => {
    const fake = fakeStage();
    fake.later = () => undefined;
    const texted = fakeStage();
    texted.stage.text = () => {
      texted.heard.push(text(1, 'one'), text(2, 'two'));
      return Promise.resolve();
    };
    expect(failure(await play(texted, 'A texts: x', step))).toMatch(message);
  });

  it('texts as often, and in the parts, that are told', async () => {
    const fake = fakeStage();
    await play(fake, '{ A texts: x, times: 2, carrier: sar, order: [3, 1, 2] }');
    expect(fake.did.slice(1)).toEqual(['0 999 > 5000: x sar 3,1,2', '0 999 > 5000: x sar 3,1,2']);
  });

  it('narrows a fate to one subscriber, and takes it back', async () => {
    const fake = fakeStage();
    await play(fake, '{ smsc fate: { state: UNDELIV }, of: A }', 'smsc fate: { state: EXPIRED }');
    expect(fake.did.slice(1)).toEqual([
      '0 fate {"state":"UNDELIV","matchTo":"^999$"}',
      '0 fate {"state":"EXPIRED"}',
      '0 smsc mended',
    ]);
  });

  it('takes each text once, in order; eventually passes over', async () => {
    const fake = fakeStage();
    fake.stage.text = () => {
      fake.heard.push(text(1, 'one'), text(2, 'two'), text(3, 'three (999)'));
      return Promise.resolve();
    };
    const verdict = await play(
      fake,
      'A texts: x',
      'A hears: one',
      'A eventually hears: /three \\({A}\\)/',
      'A hears nothing: 1s',
    );
    expect([verdict.passed, failure(verdict)]).toEqual([true, undefined]);
  });

  it('waits for bookings of this run, and wants them exactly', async () => {
    const fake = fakeStage();
    fake.bookings.push(debit(1, 'old', 900));
    fake.later = (now) => {
      if (now === 300) fake.bookings.push(debit(2, 's;1', 500));
      if (now === 12_300) fake.bookings.push(debit(3, 's;2', -500));
    };
    const verdict = await play(
      fake,
      'A is refunded: 0',
      'A is debited: 500',
      'wait: 12s',
      'A is refunded: { times: 1, amount: 500 }',
      'A is debited: { times: 1 }',
    );
    expect(failure(verdict)).toBeUndefined();
    expect(verdict.lines[1]).toMatchObject({ at: 0, seen: 'debited 1 times, 500 in all' });
    expect(failure(await play(fake, 'A is debited: 500'))).toBe('debited 0 times, 0 in all');
  });

  it('waits for requests, by T where asked', async () => {
    const fake = fakeStage();
    fake.later = (now) => {
      if (now === 500) fake.requests.push({ id: 1, retransmit: false }, { id: 2, retransmit: true });
    };
    expect(
      failure(await play(fake, 'ocs receives: { of: A, times: 2 }', 'ocs receives: { of: A, retransmit: true }')),
    ).toBeUndefined();
    expect(failure(await play(fake, '{ ocs receives: { of: A }, within: 1s }'))).toBe('0 CCR');
  });

  it('fails any scenario in which a request moved money twice (P2)', async () => {
    const fake = fakeStage();
    fake.later = () => {
      if (fake.bookings.length === 0)
        fake.bookings.push(
          debit(1, 's;1', 500),
          debit(2, 's;1', 500),
          debit(3, 's;2', 500, 0),
          debit(4, 's;2', 500, 1),
        );
    };
    expect(failure(await play(fake, 'wait: 1s'))).toBe('A was debited twice in session s;1');
  });

  it('narrows a fault to one subscriber, and leaves the stage tidy even after a failure', async () => {
    const fake = fakeStage();
    const steps = [
      '{ ocs fault: { action: silence }, of: B }',
      '{ smsc fault: { on: submit_sm }, of: B }',
      '{ smsc fault: { on: deliver_sm }, of: B }',
      'ocs is: away',
      'A hears: x',
    ];
    expect((await play(fake, ...steps)).passed).toBe(false);
    expect(fake.did.map((one) => one.replace(/^\d+ /, '')).slice(1)).toEqual([
      'ocs fault {"action":"silence","matchMsisdn":"111"}',
      'smsc fault {"on":"submit_sm","matchTo":"^111$"}',
      'smsc fault {"on":"deliver_sm","matchFrom":"^111$"}',
      'listening false',
      'ocs mended',
      'smsc mended',
      'listening true',
    ]);
  });

  it('mends, brings back, runs and notes as told', async () => {
    const fake = fakeStage();
    await play(
      fake,
      'ocs is: mended',
      'smsc is: mended',
      'ocs is: back',
      'run: "true"',
      'note: hello',
      "smsc sends: '00 ff'",
    );
    expect(fake.did.slice(1)).toEqual([
      '0 ocs mended',
      '0 smsc mended',
      '0 listening true',
      '0 run true',
      '0 octets orderd 00 ff',
      '0 listening true',
    ]);
  });
});

const dialogue = (id: string, state: Dialogue['state'], ...shown: string[]): Dialogue => ({
  id,
  state,
  turns: [{ by: 'user', text: '*384#' }, ...shown.map((text) => ({ by: 'app' as const, text }))],
});

describe('playing a USSD dialogue', () => {
  it('dials, sees each screen once, chooses by what an option says, replies with kept values, leaves', async () => {
    const fake = fakeStage();
    fake.dialogues.push(
      dialogue('d1', 'released', 'Bye 123456'),
      dialogue('d2', 'awaiting-user', 'Hi', 'Pick:\n1 Film\n12 News 5.00'),
    );
    const before = [...fake.dialogues];
    fake.dialogues.length = 0;
    fake.stage.dial = (from, code) => {
      fake.dialogues.push(...before);
      fake.did.push(`${from} dials ${code}`);
      return Promise.resolve();
    };
    const verdict = await play(
      fake,
      "A dials: '*384#'",
      "{ A sees: Bye, ends: true, keep: { code: '(\\d{6})' } }",
      '{ A sees: Hi, ends: false }',
      'A sees: /News/',
      'A chooses: News',
      "A replies: '{code}'",
      'A hangs up',
      'A does not reply',
    );
    expect(failure(verdict)).toBeUndefined();
    expect(verdict.lines[4]?.seen).toBe('12');
    expect(fake.did.slice(1)).toEqual([
      '999 dials *384#',
      '0 d2 < 12',
      '0 d2 < 123456',
      '0 d2 hangs-up',
      '0 d2 timeout',
    ]);
  });

  it('screens from before the scenario are not seen', async () => {
    const fake = fakeStage();
    fake.dialogues.push(dialogue('d1', 'released', 'old'));
    fake.later = (now) => {
      if (now === 300) fake.dialogues.push(dialogue('d2', 'awaiting-user', 'new'));
    };
    expect(failure(await play(fake, 'A sees: new'))).toBeUndefined();
  });

  it.each([
    ['A sees: Bye', /^A saw: "Pick:/],
    ['{ A sees: Pick, ends: true }', /^the dialogue went on: "Pick:/],
    ['A chooses: Film', /^no such option: "Pick:/],
  ])('%s fails on an open dialogue that shows another screen', async (step, message) => {
    const fake = fakeStage();
    fake.later = (now) => {
      if (now === 100) fake.dialogues.push(dialogue('d1', 'awaiting-user', 'Pick:\n1 News'));
    };
    expect(failure(await play(fake, 'wait: 100ms', step))).toMatch(message);
  });

  it.each(['A chooses: News', "A replies: '1'", 'A hangs up'])('%s fails outside a dialogue', async (step) => {
    expect(failure(await play(fakeStage(), step))).toBe('A is in no dialogue');
  });

  it('nothing seen fails in time', async () => {
    expect(failure(await play(fakeStage(), '{ A sees: x, within: 2s }'))).toBe('A saw nothing more');
  });
});
