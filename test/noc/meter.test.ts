import { describe, expect, it } from 'vitest';
import { createMeter } from '../../src/noc/board/meter.ts';

/** A meter under a clock that is turned by hand. */
function metered() {
  const clock = { now: 0 };
  const timed: unknown[] = [];
  const meter = createMeter(
    () => clock.now,
    (fields) => void timed.push(fields),
  );
  return { clock, timed, meter };
}

describe('the traffic of a link', () => {
  it('is that of the last minute', () => {
    const { clock, meter } = metered();
    const sent = () => meter.observe('pdu.sent', { link: 'lab', command: 'submit_sm' });
    sent();
    clock.now = 64_999;
    expect(meter.of('link', 'lab').sent).toBe(1);
    sent();
    expect(meter.of('link', 'lab').sent).toBe(1);
    clock.now = 65_000;
    expect(meter.of('link', 'lab').sent).toBe(1);
    clock.now = 140_000;
    expect(meter.of('link', 'lab').sent).toBe(0);
  });

  it('counts texts and MOs, what was throttled and what nobody answered, each as such', () => {
    const { meter } = metered();
    for (const command of ['submit_sm', 'enquire_link']) meter.observe('pdu.sent', { link: 'lab', command });
    for (const command of ['deliver_sm', 'submit_sm_resp']) meter.observe('pdu.received', { link: 'lab', command });
    for (let time = 0; time < 2; time++) meter.observe('mt.throttled', { link: 'lab' });
    for (let time = 0; time < 3; time++) meter.observe('mt.unanswered', { link: 'lab' });
    for (const ms of [10, 20, undefined]) meter.observe('mt.accepted', { link: 'lab', ms });
    expect(meter.of('link', 'lab')).toEqual({ sent: 1, received: 1, throttled: 2, timeouts: 3, roundTripMs: 15 });
  });
});

describe('the traffic of a peer', () => {
  const debit = { peer: 'ocs', order: '03-abc', action: 'debit' };

  it('times each charge once, from when it was written to its first answer', () => {
    const { clock, timed, meter } = metered();
    meter.observe('charge.written', debit);
    clock.now = 40;
    for (let time = 0; time < 2; time++) meter.observe('charge.answered', debit);
    expect(timed).toEqual([{ peer: 'ocs', action: 'debit', ms: 40 }]);
    expect(meter.of('peer', 'ocs')).toMatchObject({ sent: 1, received: 2, roundTripMs: 40 });
  });

  it('times no charge that stayed silent', () => {
    const { clock, timed, meter } = metered();
    meter.observe('charge.written', debit);
    meter.observe('charge.silent', debit);
    clock.now = 90_000;
    meter.observe('charge.answered', debit);
    expect(timed).toEqual([]);
  });
});
