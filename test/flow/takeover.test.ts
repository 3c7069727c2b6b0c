import { describe, expect, it } from 'vitest';
import { goOn, resumeOrder } from '../../src/flow/go-on.ts';
import { receiveMo } from '../../src/flow/receive-mo.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { closesFirst, grants, isSilent, meanwhile, says } from './fakes/ocs.ts';
import { HOUR, SECOND, World } from './world.ts';

/** A process that dies here never comes back; `restart` starts the other one. */
class Died extends Error {}

function dies(): never {
  throw new Died('kill -9');
}

const LEASE = 30 * SECOND;

describe('takeover after a crash, by a process on another host', () => {
  it('order stored, nothing sent: treated as sent (E1), T set, a fresh End-to-End id under its own Origin-Host (E2)', async () => {
    const w = new World();
    await w.moThenCrash('NEWS');
    const stored = w.order().charge!;
    await w.pass(LEASE);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received).toHaveLength(1);
    const [sent] = w.ocs.received;
    expect(sent).toMatchObject({ retransmit: true, identity: { originHost: 'orderd-2.example.org' } });
    expect(sent?.identity.endToEnd).not.toBe(stored.endToEnd);
    const { sessionId, requestNumber, eventTimestamp } = stored;
    expect(sent?.identity).toMatchObject({ sessionId, requestNumber, eventTimestamp });
    expect(w.heard()).toEqual(['ordered']);
  });

  it.each([
    ['whose send never left', closesFirst()],
    ['that the OCS did not process', says(3004)],
  ])('so does a resend %s: nobody knows of the one before, and T stays (E1, E2)', async (_, act) => {
    const w = new World();
    await w.moThenCrash('NEWS');
    w.ocs.plays(act);
    await w.pass(LEASE);
    expect(w.states()).toEqual(['charging']);
    await w.pass(HOUR);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received.every(({ retransmit }) => retransmit)).toBe(true);
  });

  it('found only after the memory of the OCS: a person decides, nothing is sent (E4)', async () => {
    const w = new World();
    await w.moThenCrash('NEWS');
    await w.pass(w.settings.duplicateMemory + SECOND);
    expect(w.states()).toEqual(['disputed']);
    expect(w.ocs.received).toEqual([]);
  });

  it('the charge written, no answer read: one debit by the ledger', async () => {
    const w = new World();
    w.ocs.plays((request, ocs) => {
      ocs.book(request);
      return dies();
    });
    await expect(w.mo('NEWS')).rejects.toThrow(Died);
    w.restart();
    await w.pass(LEASE);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false, true]);
    expect(w.ocs.paid).toBe(500);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('the answer read, not recorded: one debit', async () => {
    const w = new World();
    w.ports = { ...w.ports, orders: { ...w.ports.orders, record: dies } };
    await expect(w.mo('NEWS')).rejects.toThrow(Died);
    expect(w.states()).toEqual(['charging']);
    w.restart();
    await w.pass(LEASE);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it('placed, its notice not said: said by the other one', async () => {
    const w = new World();
    w.ports = { ...w.ports, speaker: { submit: dies } };
    await expect(w.mo('NEWS')).rejects.toThrow(Died);
    expect(w.states()).toEqual(['placed']);
    w.restart();
    await w.pass(LEASE);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.ocs.received).toHaveLength(1);
  });

  it('its notice said, no response read: one notice or more, one debit', async () => {
    const w = new World();
    w.ports = { ...w.ports, mts: { ...w.ports.mts, accepted: dies } };
    await expect(w.mo('NEWS')).rejects.toThrow(Died);
    w.restart();
    await w.pass(LEASE);
    expect(w.heard()).toEqual(['ordered', 'ordered']);
    expect(w.ocs.paid).toBe(500);
    await w.pass(HOUR);
    expect(w.heard()).toHaveLength(2);
  });

  it('confirmed, the OCS away: the other one permits the charge and sends it as a first one', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    w.jobs.length = 0;
    w.restart();
    w.ocs.open = true;
    await w.pass(HOUR);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received).toMatchObject([{ retransmit: false, identity: { originHost: 'orderd-2.example.org' } }]);
  });

  it('stepped back to confirmed: the other one keeps the stored Session-Id, T still clear', async () => {
    const w = new World();
    w.ocs.plays(says(3004));
    await w.mo('NEWS');
    w.restart();
    await w.work();
    const [first, second] = w.ocs.received;
    expect(second?.identity.sessionId).toBe(first?.identity.sessionId);
    expect(second?.identity.eventTimestamp).toBe(first?.identity.eventTimestamp);
    expect(second).toMatchObject({ retransmit: false, identity: { originHost: 'orderd-2.example.org' } });
  });

  it('charge-unknown: resent with T, though its job was lost', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    w.jobs.length = 0;
    w.restart();
    await w.pass(HOUR);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false, true]);
    expect(w.ocs.paid).toBe(500);
  });

  it('a right code taken, then dead: the order goes on without another answer', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.moThenCrash(w.code());
    await w.pass(LEASE);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['code', 'ordered']);
    expect(w.ocs.received).toMatchObject([{ retransmit: true }]);
  });

  it('a challenge stored, its text not said: said by the other one, with the same code', async () => {
    const w = new World({ acme: 10 });
    await w.moThenCrash('NEWS');
    expect(w.heard()).toEqual([]);
    await w.pass(LEASE);
    expect(w.heard()).toEqual(['code']);
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
  });

  it('refunding: resent with T under the stored ids', async () => {
    const w = new World();
    w.ocs.plays(
      meanwhile(() => w.mo('STOP')),
      (request, ocs) => {
        ocs.book(request);
        return dies();
      },
    );
    await expect(w.mo('NEWS')).rejects.toThrow(Died);
    w.restart();
    await w.pass(LEASE);
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.received.map(({ action, retransmit }) => [action, retransmit])).toEqual([
      ['debit', false],
      ['refund', false],
      ['refund', true],
    ]);
    expect(w.ocs.paid).toBe(0);
  });

  it('the same process resends with the same End-to-End id', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('NEWS');
    await w.work();
    const [first, second] = w.ocs.received;
    expect(second?.identity.endToEnd).toBe(first?.identity.endToEnd);
  });

  it('a redelivered MO whose order was stored opens no second one', async () => {
    const w = new World();
    const mo = w.write('NEWS');
    await receiveMo(w.ports, mo);
    w.restart();
    expect(await w.deliver(mo)).toBe('stored');
    await w.pass(LEASE);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.ocs.paid).toBe(500);
  });
});

describe('E5: a process that stood still', () => {
  it('does not send what another one has taken over meanwhile', async () => {
    const w = new World();
    const slow = w.ports;
    const { next } = await receiveMo(slow, w.write('NEWS'));
    w.restart();
    await w.pass(LEASE);
    await goOn(slow, next);
    expect(w.ocs.received).toHaveLength(1);
    expect(w.heard()).toEqual(['ordered']);
  });

  it.each([
    ['commit', 'FILM', 'placed', 500],
    ['refund', 'NEWS', 'refunded', 0],
  ] as const)('nor a %s that it was permitted before it stood still', async (what, keyword, state, paid) => {
    const w = new World();
    const { orders } = w.ports;
    const slowly = async <Permitted>(permitted: Permitted): Promise<Permitted> => {
      w.restart();
      await w.pass(LEASE);
      return permitted;
    };
    w.ports = {
      ...w.ports,
      orders: {
        ...orders,
        permitClosing: async (...step) => slowly(await orders.permitClosing(...step)),
        permitRefund: async (...step) => slowly(await orders.permitRefund(...step)),
      },
    };
    w.ocs.plays(what === 'refund' ? meanwhile(() => w.mo('STOP')) : grants());
    await w.mo(keyword);
    expect(w.ocs.received.slice(1)).toMatchObject([{ action: what, retransmit: true }]);
    expect([w.states(), w.ocs.paid]).toEqual([[state], paid]);
  });

  it('asks for its lease again, and sends when nobody took it', async () => {
    const w = new World();
    const { next } = await receiveMo(w.ports, w.write('NEWS'));
    w.clock.advance(20 * SECOND);
    await goOn(w.ports, next);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received).toMatchObject([{ retransmit: false }]);
  });

  it('two processes never hold one order', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    const { id } = w.order().frozen;
    const [first, second] = [
      await w.ports.orders.take(id, w.clock.now(), LEASE),
      await w.ports.orders.take(id, w.clock.now(), LEASE),
    ];
    expect(first?.lease.fence).toBe(w.order().fence);
    expect(second).toBeUndefined();
  });

  it('leaves an order that was taken up since its job began to wait to the job of whoever took it', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    const { id } = w.order().frozen;
    const waited = w.order().fence;
    const due = await resumeOrder(w.ports, id);
    expect(due).toMatchObject({ kind: 'wait', fence: waited + 1 });
    expect(await resumeOrder(w.ports, id, waited)).toEqual({ kind: 'rest' });
    w.ocs.open = true;
    await resumeOrder(w.ports, id, waited + 1);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received).toHaveLength(1);
  });
});

describe('the sweeper', () => {
  it('E22: looks into every partition and makes a job of each order that is due', async () => {
    const w = new World();
    for (let i = 0; i < 40; i++)
      await receiveMo(w.ports, w.write('GAME', { from: `2547123456${String(i).padStart(2, '0')}` }));
    const partitions = new Set([...w.memory.orders.keys()].map((id) => id.slice(0, 2)));
    expect([...partitions].sort()).toEqual(['00', '01', '02', '03']);
    expect(await sweep(w.ports)).toBe(0);
    w.clock.advance(LEASE);
    expect(await sweep(w.ports)).toBe(40);
    expect(w.jobs.map(({ id }) => id).sort()).toEqual([...w.memory.orders.keys()].sort());
  });

  it('E24: jobs hold an id and a fence, and what one sweep took the next one leaves', async () => {
    const w = new World();
    await w.moThenCrash('NEWS');
    w.clock.advance(LEASE);
    expect([await sweep(w.ports), await sweep(w.ports)]).toEqual([1, 0]);
    expect(w.jobs).toMatchObject([{ kind: 'order', id: w.order().frozen.id, fence: w.order().fence }]);
  });

  it('finds nothing to do about orders that rest', async () => {
    const w = new World({ fun: 0 });
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.pass(48 * HOUR);
    expect(w.states()).toEqual(['placed', 'refused']);
    expect(w.ocs.received).toHaveLength(1);
  });
});
