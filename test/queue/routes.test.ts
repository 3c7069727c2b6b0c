import { describe, expect, it } from 'vitest';
import type { Settled } from '../../src/flow/ports/settled.ts';
import { useServer } from '../redis/support.ts';
import { eventually, playing, REST, useQueues } from './support.ts';

const server = useServer();
const bench = useQueues(() => server.socket);

const HOUR = 3_600_000;

describe('a text of a route (E23)', () => {
  const taking = (): {
    readonly asked: string[];
    readonly flows: { settle: typeof rest; provision: typeof rest; say: (id: string) => Promise<Settled> };
  } => {
    const { asked, flow } = playing();
    return { asked, flows: { settle: rest, say: flow, provision: rest } };
  };
  const rest = (): Promise<Settled> => Promise.resolve(REST);

  it('is taken by the process that has a bind for it, and by no other', async () => {
    const [bound, unbound] = [taking(), taking()];
    const [one, other] = [bench.make({ flows: bound.flows }), bench.make({ flows: unbound.flows })];
    one.start();
    other.start();
    one.serve(new Set(['5000']));
    other.serve(new Set(['6000']));
    for (let count = 0; count < 20; count++)
      await other.say({ id: `03-abc${count}-ordered`, route: '5000' }, 1, 0, 'due');
    await eventually(() => bound.asked.length === 20);
    expect(unbound.asked).toEqual([]);
  });

  it('waits while nobody has a bind, and runs at once when one comes back, whatever its delay was', async () => {
    const { asked, flows } = taking();
    const queues = bench.make({ flows });
    queues.serve(new Set(['5000']));
    queues.start();
    queues.serve(new Set());
    await queues.say({ id: '03-abc-ordered', route: '5000' }, 1, HOUR, 'no link is bound for 5000');
    await queues.say({ id: '03-def-help', route: undefined }, 1, 0, 'due');
    await eventually(() => asked.length === 1);
    expect(asked).toEqual(['03-def-help']);
    expect((await queues.counts()).say).toMatchObject({ delayed: 1 });
    expect(await queues.waiting(10)).toMatchObject([{ queue: 'say', id: '03-abc-ordered' }]);
    queues.serve(new Set(['5000']));
    await eventually(() => asked.length === 2);
    expect(asked[1]).toBe('03-abc-ordered');
  });

  it('waits once, however often it is looked at while nobody has a bind, and is taken once when one is back', async () => {
    const { asked, flows } = taking();
    const queues = bench.make({ flows });
    for (let fence = 2; fence < 12; fence++)
      await queues.say({ id: '03-abc-ordered', route: '5000' }, fence, HOUR, 'no link is bound for 5000');
    await queues.say({ id: '03-abd-ordered', route: '5000' }, 2, HOUR, 'no link is bound for 5000');
    expect((await queues.counts()).say).toMatchObject({ waiting: 0, delayed: 2 });
    queues.start();
    queues.serve(new Set(['5000']));
    await eventually(async () => Object.values({ ...(await queues.counts()).say, oldest: 0 }).every((n) => n === 0));
    expect([...asked].sort()).toEqual(['03-abc-ordered', '03-abd-ordered']);
  });

  it('waits anew when its job is done or given up, and when its bind went while the job was at work', async () => {
    const asked: number[] = [];
    const queues = bench.make({ flows: { settle: rest, say: atWork, provision: rest } });
    const leave = (fence: number, ms: number) =>
      queues.say({ id: '03-abc-ordered', route: '5000' }, fence, ms, 'no link is bound for 5000');
    async function atWork(): Promise<Settled> {
      const turn = asked.push(asked.length);
      if (turn === 1) await leave(3, HOUR);
      return turn === 2 ? { kind: 'dead', reason: 'no' } : REST;
    }
    queues.start();
    queues.serve(new Set(['5000']));
    await leave(2, 0);
    await eventually(async () => (await queues.counts()).say.delayed === 1);
    expect(asked).toHaveLength(1);
    await queues.promoteAll('say');
    await eventually(async () => (await queues.counts()).say.failed === 1);
    await leave(4, 0);
    await eventually(() => asked.length === 3);
    await eventually(async () => (await queues.counts()).say.active === 0);
    await leave(5, HOUR);
    expect((await queues.counts()).say).toMatchObject({ waiting: 0, delayed: 1, failed: 1 });
  });

  it('is a dead letter that is found, retried and discarded as any other', async () => {
    const { asked, flow } = playing({ kind: 'dead', reason: 'no' }, { kind: 'dead', reason: 'still no' });
    const queues = bench.make({ flows: { settle: rest, say: flow, provision: rest } });
    queues.start();
    queues.serve(new Set(['5000']));
    await queues.say({ id: '03-abc-ordered', route: '5000' }, 1, 0, 'due');
    await eventually(async () => (await queues.counts()).say.failed === 1);
    expect(await queues.failed(10)).toMatchObject([{ queue: 'say', id: '03-abc-ordered', reason: 'no' }]);
    expect(await queues.retry('say', '03-abc-ordered-1')).toBe(true);
    await eventually(() => asked.length === 2);
    await eventually(async () => (await queues.counts()).say.failed === 1);
    expect(await queues.failed(10)).toMatchObject([{ reason: 'still no', attempts: 1 }]);
    expect(await queues.discard('say', '03-abc-ordered-1')).toBe(true);
    expect(await queues.failed(10)).toEqual([]);
  });
});
