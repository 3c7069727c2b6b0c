import { describe, expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { CreditAnswer } from '../../src/domain/charge.ts';
import type { Act } from './fakes/ocs.ts';
import { answer, grants, isSilent, says } from './fakes/ocs.ts';
import { World } from './world.ts';

const FREE: CreditAnswer = { ...answer(4011), opened: true, session: { host: 'ocs-2.example.org' } };

const sent = (w: World) =>
  w.ocs.received.map(({ action, identity: { requestNumber } }) => `${action} ${requestNumber}`);

function late(w: World, given: CreditAnswer): Promise<void> {
  const { frozen, charge } = w.order();
  return recordLate(w.ports, {
    orderId: frozen.id,
    sessionId: charge?.sessionId ?? '',
    action: 'reserve',
    answer: given,
  });
}

describe('a service that is free under a command that succeeded: its session is ended (RFC 8506 7)', () => {
  it('placed, then released with the number after its updates, at the server that holds it', async () => {
    const w = new World();
    w.ocs.endNumber = 3;
    w.ocs.plays(() => FREE);
    await w.mo('FILM');
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(sent(w)).toEqual(['reserve 0', 'release 3']);
    const [reserve, release] = w.ocs.received;
    expect(release?.identity.sessionId).toBe(reserve?.identity.sessionId);
    expect(release).toMatchObject({ retransmit: false, session: { host: 'ocs-2.example.org' } });
    expect(w.noted('session.ended')).toMatchObject([{ order: w.order().frozen.id, came: 2001 }]);
  });

  it('also where it comes late', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('FILM');
    await late(w, FREE);
    expect(w.states()).toEqual(['placed']);
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
  });

  it('one that is denied late is ended by its order, once', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('FILM');
    await late(w, { ...answer(4012), opened: true });
    await w.work();
    expect(w.states()).toEqual(['uncharged']);
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
  });

  it.each([
    ['silence', isSilent(), 'tx'],
    ['a refusal', says(5012), 5012],
  ])('%s to that is noted, and changes nothing', async (_what, act, came) => {
    const w = new World();
    w.ocs.plays(() => FREE, act);
    await w.mo('FILM');
    expect(w.states()).toEqual(['placed']);
    expect(w.noted('session.left-open')).toMatchObject([{ order: w.order().frozen.id, came }]);
    expect(w.jobs).toEqual([]);
  });

  it('a debit has no session', async () => {
    const w = new World();
    w.ocs.plays(() => FREE);
    await w.mo('NEWS');
    expect(sent(w)).toEqual(['debit 0']);
  });
});

describe('a reservation that is granted after the order has ended holds money that no order will commit', () => {
  async function deniedFirst(act: Act): Promise<World> {
    const w = new World();
    w.ocs.plays(isSilent('booked'), says(4012), act);
    await w.mo('FILM');
    await w.work();
    expect(w.states()).toEqual(['uncharged']);
    await late(w, answer(2001));
    return w;
  }

  it('is released, and then no money is missing', async () => {
    const w = await deniedFirst(grants());
    expect(sent(w)).toEqual(['reserve 0', 'reserve 0', 'release 1']);
    expect([w.ocs.paid, w.ocs.held.size]).toEqual([0, 0]);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.noted('session.ended')).toHaveLength(1);
    expect(w.noted('charge.orphan')).toEqual([]);
  });

  it.each([
    ['silence', isSilent()],
    ['a refusal', says(5012)],
  ])('after %s to that it stays an orphan', async (_what, act) => {
    const w = await deniedFirst(act);
    expect(w.noted('charge.orphan')).toMatchObject([{ state: 'uncharged', result: 2001 }]);
  });

  it('where no peer is open, too', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'), says(4012));
    await w.mo('FILM');
    await w.work();
    w.ocs.open = false;
    await late(w, answer(2001));
    expect(w.noted('charge.orphan')).toHaveLength(1);
  });

  it('a session whose release is under way is left to that', async () => {
    const w = new World();
    w.ocs.plays(() => ({ ...answer(4012), opened: true }), isSilent());
    await w.mo('FILM');
    expect(w.states()).toEqual(['reserved']);
    await late(w, answer(2001));
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.noted('charge.orphan')).toHaveLength(1);
  });
});
