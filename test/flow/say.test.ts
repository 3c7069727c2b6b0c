import { describe, expect, it } from 'vitest';
import type { SubmitOutcome } from '../../src/domain/message.ts';
import { resumeMt } from '../../src/flow/go-on.ts';
import { grants, isSilent, says } from './fakes/ocs.ts';
import { HOUR, MINUTE, SECOND, World } from './world.ts';

function texts(w: World): readonly { state: string; reason: string | undefined }[] {
  return [...w.memory.mts.values()].map(({ state, reason }) => ({ state, reason }));
}

/** The OCS is away, and the link too slow for the text that says so. */
function toldLater(): World {
  const w = new World();
  w.ocs.open = false;
  w.smsc.plays({ kind: 'slow-down', status: 0x58, afterMs: MINUTE });
  return w;
}

describe('P1: a text that is owed', () => {
  it('accepted closes it', async () => {
    const w = new World();
    await w.mo('NEWS');
    expect(texts(w)).toEqual([{ state: 'accepted', reason: undefined }]);
    expect(w.memory.messageIds.size).toBe(1);
  });

  it('slowed down: waits as long as it was told, then is said', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'slow-down', status: 0x58, afterMs: 7000 });
    await w.mo('NEWS');
    expect(w.jobs).toMatchObject([{ kind: 'mt', dueAt: w.clock.now() + 7000 }]);
    await w.work();
    expect(w.heard()).toEqual(['ordered']);
    expect(w.noted('mt.waits')).toMatchObject([{ ms: 7000, reason: 'slowed down with status 0x00000058' }]);
  });

  it.each([
    ['a temporary error', { kind: 'temporary', status: 0x64 }, 'temporary status 0x00000064'],
    ['no bind (E23)', { kind: 'no-bind' }, 'no link is bound for 5000'],
  ] as const)('%s: waits with growing backoff, then is said', async (_, outcome, reason) => {
    const w = new World();
    w.smsc.plays(outcome, outcome, outcome);
    await w.mo('NEWS');
    await w.work();
    await w.work();
    await w.work();
    expect(w.heard()).toEqual(['ordered']);
    const waits = w.noted('mt.waits');
    expect(waits.map((wait) => wait['reason'])).toEqual([reason, reason, reason]);
    expect(Number(waits[2]?.['ms'])).toBeGreaterThan(Number(waits[0]?.['ms']));
  });

  it('a job of one that was taken up since it began to wait leaves it to that of whoever took it', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'temporary', status: 0x64 }, { kind: 'temporary', status: 0x64 });
    await w.mo('NEWS');
    const [id = ''] = w.memory.mts.keys();
    expect(await resumeMt(w.ports, id)).toMatchObject({ kind: 'wait', fence: 2 });
    expect(await resumeMt(w.ports, id, 1)).toEqual({ kind: 'rest' });
    expect(w.heard()).toEqual([]);
    await resumeMt(w.ports, id, 2);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('a job of one that went over another channel waits for it there', async () => {
    const w = new World();
    w.settings = { ...w.settings, channels: ['sms', 'email'] };
    const away = { kind: 'temporary', status: 0x64 } as const;
    w.smsc.plays(away, { kind: 'permanent', status: 550 }, away);
    await w.mo('NEWS EMAIL me@example.org');
    const [id = ''] = w.memory.mts.keys();
    const settled = await resumeMt(w.ports, id);
    expect(settled).toMatchObject({ kind: 'wait', fence: w.memory.mts.get(id)?.fence });
    expect(w.memory.mts.get(id)?.mt.channel).toBe('sms');
  });

  it('no bind: left to the processes that have one for its short code (E23), not kept by the one that has none', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'no-bind' }, { kind: 'no-bind' });
    await w.mo('NEWS');
    expect(w.jobs).toMatchObject([{ kind: 'mt', route: '5000' }]);
    expect(await w.work()).toEqual({ kind: 'rest' });
    expect(w.jobs).toMatchObject([{ kind: 'mt', route: '5000' }]);
    await w.work();
    expect(w.heard()).toEqual(['ordered']);
  });

  it('overdue: the sweeper gives it to whoever takes it first', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'no-bind' });
    await w.mo('NEWS');
    w.jobs.length = 0;
    w.clock.advance(HOUR);
    await w.pass(0);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('no response: it may be said twice, and nothing is charged for it again', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'unknown' });
    await w.mo('NEWS');
    await w.work();
    expect(w.heard()).toEqual(['ordered', 'ordered']);
    expect(w.ocs.received).toHaveLength(1);
  });

  it('an SMSC that takes all and answers nothing: a few times more, then a dead letter', async () => {
    const w = new World();
    w.smsc.plays(...Array<SubmitOutcome>(50).fill({ kind: 'unknown' }));
    await w.mo('NEWS');
    while (w.jobs.length > 0) await w.work();
    expect(w.heard()).toEqual(Array(1 + w.settings.say.unanswered).fill('ordered'));
    expect(w.noted('mt.dead')).toMatchObject([{ reason: 'no response to submit_sm, 5 times' }]);
  });

  it('a response that comes late closes it: it is not said again, unless somebody has begun to', async () => {
    const w = new World();
    const taken = { smsc: 'smsc-1', messageIds: ['late'] };
    let tell: () => void = () => undefined;
    const late = (): SubmitOutcome => ({
      kind: 'unknown',
      late: new Promise((resolve) => (tell = () => resolve(taken))),
    });
    w.smsc.plays(late());
    await w.mo('NEWS');
    tell();
    await w.pass(SECOND);
    expect(texts(w)).toEqual([{ state: 'accepted', reason: undefined }]);
    while (w.jobs.length > 0) await w.work();
    expect(w.heard()).toEqual(['ordered']);
    w.smsc.plays(late(), { kind: 'unknown' });
    await w.mo('NEWS', { from: '254700000077' });
    const told = tell;
    await w.work();
    told();
    await w.work();
    expect(w.heard('254700000077')).toEqual(['ordered', 'ordered', 'ordered']);
  });

  it('E5: what waits in the queue of a link is not said by another process meanwhile', async () => {
    const w = new World();
    let submits = 0;
    let answer: (outcome: SubmitOutcome) => void = () => undefined;
    const submit = (): Promise<SubmitOutcome> => {
      submits++;
      // Only the first waits; a second one would be answered at once.
      return submits === 1 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve({ kind: 'unknown' });
    };
    w.ports = { ...w.ports, speaker: { submit } };
    const acting = w.mo('NEWS');
    while (submits === 0) await Promise.resolve();
    // Past the end of the lease again and again, as the sweeper of another process would look.
    for (let passed = 0; passed < 5 * MINUTE; passed += 20 * SECOND) await w.pass(20 * SECOND);
    expect(submits).toBe(1);
    answer({ kind: 'accepted', smsc: 'lab', messageIds: ['a'] });
    await acting;
    await w.pass(HOUR);
    expect(submits).toBe(1);
  });

  it('no response to a code: the same code again', async () => {
    const w = new World({ acme: 10 });
    w.smsc.plays({ kind: 'unknown' });
    await w.mo('NEWS');
    await w.work();
    const [first, second] = w.smsc.heard.map(({ text }) => /code=(\d+)/.exec(text)?.[1]);
    expect(second).toBe(first);
  });

  it('refused for good: a dead letter with its reason, and the order stays as it is', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'permanent', status: 0x0b });
    await w.mo('NEWS');
    expect(texts(w)).toEqual([{ state: 'dead', reason: 'refused with status 0x0000000b' }]);
    expect(w.states()).toEqual(['placed']);
    expect(w.jobs).toEqual([]);
    await w.pass(HOUR);
    expect(w.heard()).toEqual([]);
  });

  it('too late to be worth it: a dead letter, and nothing leaves', async () => {
    const w = new World({ acme: 10 });
    w.smsc.plays({ kind: 'slow-down', status: 0x14, afterMs: 5 * MINUTE + 1 });
    await w.mo('NEWS');
    await w.work();
    expect(texts(w)).toEqual([{ state: 'dead', reason: 'too late to be said' }]);
    expect(w.heard()).toEqual([]);
  });

  it('E14: a challenge that waited for a bind is not said after its order was stopped', async () => {
    const w = new World({ acme: 10 });
    w.smsc.plays({ kind: 'no-bind' });
    await w.mo('NEWS');
    await w.mo('STOP NEWS');
    await w.work();
    expect(w.heard()).toEqual(['stopped']);
    expect(texts(w)[0]).toEqual({ state: 'outdated', reason: 'the order no longer waits for an answer' });
  });

  it('E14: a challenge whose process died before it was said is not said after its order was stopped', async () => {
    const w = new World({ acme: 10 });
    await w.moThenCrash('NEWS');
    await w.mo('STOP NEWS');
    await w.pass(MINUTE);
    expect(w.heard()).toEqual(['stopped']);
    expect(texts(w)[0]).toEqual({ state: 'outdated', reason: 'the order no longer waits for an answer' });
  });

  it('E14: nor when a person says the dead letter again', async () => {
    const w = new World({ acme: 10 });
    w.smsc.plays({ kind: 'permanent', status: 0x0b });
    await w.mo('NEWS');
    await w.mo('STOP NEWS');
    const [letter] = [...w.memory.mts.values()];
    // As retry-mt leaves it.
    Object.assign(letter!, { state: 'owed', waits: 0, silences: 0, wakeAt: w.clock.now() });
    await w.pass(0);
    expect(w.heard()).toEqual(['stopped']);
  });

  it('a challenge whose process died before it was said is said while its order waits', async () => {
    const w = new World({ acme: 10 });
    await w.moThenCrash('NEWS');
    await w.pass(MINUTE);
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
  });

  it('that its order waits: is said later while that is so', async () => {
    const w = toldLater();
    await w.mo('NEWS');
    await w.pass(MINUTE);
    expect(w.heard()).toEqual(['waiting']);
  });

  it('that its order waits: also for a person, who decides on a refund that was refused', async () => {
    const w = toldLater();
    w.ocs.open = true;
    w.ocs.plays(grants(120), says(5012));
    await w.mo('NEWS');
    await w.pass(MINUTE);
    expect([w.heard(), w.states()]).toEqual([['waiting'], ['disputed']]);
  });

  it('that its order waits: not after it was placed', async () => {
    const w = toldLater();
    await w.mo('NEWS');
    w.ocs.open = true;
    await w.pass(MINUTE);
    expect([w.heard(), w.states()]).toEqual([['ordered'], ['placed']]);
    expect(w.noted('mt.outdated')).toMatchObject([{ kind: 'waiting' }]);
    expect(w.noted('mt.dead')).toEqual([]);
  });

  it('that its order waits: not after a STOP, whose outcome comes later (E14)', async () => {
    const w = toldLater();
    w.ocs.open = true;
    w.ocs.plays(isSilent(), isSilent(), isSilent());
    await w.mo('NEWS');
    await w.mo('STOP NEWS');
    await w.pass(MINUTE);
    expect([w.heard(), w.states()]).toEqual([['stop-requested'], ['charge-unknown']]);
  });

  it('one whose code key is gone: a dead letter', async () => {
    const w = new World({ acme: 10 });
    w.keys.lost.add('code-1');
    await w.mo('NEWS');
    expect(texts(w)).toEqual([{ state: 'dead', reason: 'code key code-1 is gone' }]);
    expect(w.heard()).toEqual([]);
  });

  it('its job lost: the sweeper finds it', async () => {
    const w = new World();
    w.smsc.plays({ kind: 'slow-down', status: 0x58, afterMs: SECOND });
    await w.mo('NEWS');
    w.jobs.length = 0;
    await w.pass(MINUTE);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('is said by one process at a time', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('NEWS');
    const [id] = [...w.memory.mts.keys()];
    expect(await w.ports.mts.take(id!, w.clock.now(), MINUTE)).toBeUndefined();
  });

  it('carries as validity what is left of its worth', async () => {
    const w = new World({ acme: 10 });
    w.smsc.plays({ kind: 'slow-down', status: 0x58, afterMs: MINUTE });
    await w.mo('NEWS');
    await w.work();
    expect(w.smsc.heard[0]?.validityMs).toBe(4 * MINUTE);
  });
});
