import { describe, expect, test } from 'vitest';
import { moneyField } from '../../src/diameter/amount.ts';
import { COMMAND, type Field } from '../../src/diameter/message.ts';
import type { PeerSettings } from '../../src/diameter/settings.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import {
  answerTo,
  ccaFields,
  granted,
  refused,
  requestFrom,
  type ScriptedPeer,
  silent,
  until,
} from './scripted-peer.ts';

describe('suspect (RFC 3539 3.4.1, RFC 6733 5.5.4)', () => {
  async function suspected(
    script: (alternate: ScriptedPeer) => void = () => undefined,
    tx = 60_000,
    others: readonly PeerSettings[] = [],
  ): Promise<{ one: ScriptedPeer; two: ScriptedPeer; b: Bench; answer: Promise<unknown> }> {
    const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
    script(two);
    const node = nodeSettings(
      [peerSettings(one, { tw: 6_000 }), peerSettings(two, { name: 'ocs2', priority: 2, tw: 600_000 }), ...others],
      { tx },
    );
    const b = run(node);
    await until(() => b.client.status().every(({ open }) => open));
    for (const name of ['CCR', 'DWR']) one.on(name, silent);
    const answer = b.client.send(b.request());
    await one.until('CCR');
    b.clock.advance(8_000);
    await one.until('DWR');
    b.clock.advance(8_000);
    return { one, two, b, answer };
  }

  /** The alternate has the charge and says nothing yet, and a third peer is open. */
  async function atWork() {
    const three = await listen('ocs3.ocs.test');
    const third = peerSettings(three, { name: 'ocs3', priority: 3, tw: 600_000 });
    return { three, ...(await suspected((alternate) => alternate.on('CCR', silent), 60_000, [third])) };
  }

  test('what waits goes to the alternate with T, and the link lives', async () => {
    const { two, b, answer } = await suspected();
    expect(await answer).toMatchObject({ resultCode: 2001 });
    expect((await two.until('CCR')).header.retransmit).toBe(true);
    expect(b.client.status()[0]).toMatchObject({ state: 'I-Open', watchdog: 'SUSPECT', open: false });
  });

  test('what was told as silent before goes nowhere: whoever holds the order resends it (E5)', async () => {
    const { b, answer } = await suspected(undefined, 7_000);
    expect(await answer).toEqual({ kind: 'silent', reason: 'tx' });
    expect(b.client.status()[0]).toMatchObject({ watchdog: 'SUSPECT' });
    expect(b.noted('charge.failover')).toEqual([]);
  });

  test('an answer of the suspect after all: taken when first, told apart when second', async () => {
    const { one, b, answer } = await suspected();
    await answer;
    one.send(granted(one.all('CCR')[0]!, one));
    await b.untilNoted('charge.answered-twice');
    expect(b.late).toEqual([]);
    expect(b.client.status()[0]).toMatchObject({ watchdog: 'OKAY', open: true });
  });

  test('a grant of the suspect after the denial of the alternate is money that somebody must hear of (E5)', async () => {
    const { one, b, answer } = await suspected((alternate) => alternate.on('CCR', refused(4012)));
    expect(await answer).toMatchObject({ resultCode: 4012 });
    one.send(granted(one.all('CCR')[0]!, one));
    await until(() => b.late.length > 0);
    expect(b.late).toMatchObject([{ action: 'debit', requestNumber: 0, answer: { resultCode: 2001 } }]);
    expect(b.noted('charge.answered-twice')).toMatchObject([{ first: 4012, result: 2001 }]);
  });

  test('so it is after a 2001 of the alternate that granted nothing', async () => {
    const nothing: Field = ['Granted-Service-Unit', [moneyField({ minor: 0, currency: 'KES', decimals: 2 })]];
    const { one, b, answer } = await suspected((alternate) =>
      alternate.on('CCR', (m) => answerTo(m, 2001, alternate.originHost, [...ccaFields(m), nothing])),
    );
    expect(await answer).toMatchObject({ resultCode: 2001, granted: 0 });
    one.send(granted(one.all('CCR')[0]!, one));
    await b.untilNoted('charge.answered-twice');
    expect(b.late).toMatchObject([{ action: 'debit', answer: { resultCode: 2001 } }]);
  });

  test('the alternate refuses for now: what the suspect did is still unknown, so the charge waits for it (E2)', async () => {
    const { one, two, b, answer } = await suspected((alternate) => alternate.on('CCR', refused(3004)));
    await two.until('CCR');
    await b.untilNoted('charge.answered');
    one.send(granted(one.all('CCR')[0]!, one));
    expect(await answer).toMatchObject({ resultCode: 2001 });
  });

  test('the suspect refuses for now while the alternate works on it: no third peer is asked to charge, too', async () => {
    const { one, two, b, answer, three } = await atWork();
    const ccr = await two.until('CCR');
    one.send(answerTo(one.all('CCR')[0]!, 3004, one.originHost));
    await b.untilNoted('charge.answered');
    expect(b.noted('charge.rerouted')).toEqual([]);
    two.send(granted(ccr, two));
    expect(await answer).toMatchObject({ resultCode: 2001 });
    expect(three.all('CCR')).toEqual([]);
  });

  test.each(['the alternate refuses for now, too', 'the alternate is lost'])(
    'then %s: the third is asked',
    async (what) => {
      const { one, two, b, answer, three } = await atWork();
      const ccr = await two.until('CCR');
      one.send(answerTo(one.all('CCR')[0]!, 3004, one.originHost));
      await b.untilNoted('charge.answered');
      if (what === 'the alternate is lost') two.drop();
      else two.send(answerTo(ccr, 3004, two.originHost));
      expect(await answer).toMatchObject({ resultCode: 2001 });
      expect((await three.until('CCR')).header.retransmit).toBe(true);
    },
  );

  test('suspect for a second time while the alternate works on it: no third peer is asked', async () => {
    const { one, two, b, answer, three } = await atWork();
    const ccr = await two.until('CCR');
    one.send(requestFrom(COMMAND.deviceWatchdog, one.originHost));
    await one.until('DWA');
    expect(b.client.status()[0]).toMatchObject({ watchdog: 'OKAY' });
    b.clock.advance(8_000);
    expect(b.client.status()[0]).toMatchObject({ watchdog: 'SUSPECT' });
    expect(b.noted('charge.failover')).toHaveLength(1);
    two.send(granted(ccr, two));
    expect(await answer).toMatchObject({ resultCode: 2001 });
    expect(three.all('CCR')).toEqual([]);
  });

  test('suspect for a second time when the alternate is lost: the third is asked', async () => {
    const { one, two, b, answer, three } = await atWork();
    await two.until('CCR');
    one.send(requestFrom(COMMAND.deviceWatchdog, one.originHost));
    await one.until('DWA');
    two.drop();
    await b.untilNoted('peer.down');
    b.clock.advance(8_000);
    expect(await answer).toMatchObject({ resultCode: 2001 });
    expect(three.all('CCR')).toHaveLength(1);
  });

  test('the alternate is lost while the suspect is silent: the third is asked at once, with T', async () => {
    const { two, b, answer, three } = await atWork();
    await two.until('CCR');
    two.drop();
    await b.untilNoted('peer.down');
    expect((await three.until('CCR')).header.retransmit).toBe(true);
    expect(await answer).toMatchObject({ resultCode: 2001 });
  });

  test('the suspect is lost while the alternate works on it: the charge waits for the alternate', async () => {
    const { one, two, b, answer } = await suspected((alternate) => alternate.on('CCR', silent));
    const ccr = await two.until('CCR');
    one.drop();
    await b.untilNoted('peer.down');
    expect(b.noted('charge.silent')).toEqual([]);
    two.send(granted(ccr, two));
    expect(await answer).toMatchObject({ resultCode: 2001 });
    expect(two.all('CCR')).toHaveLength(1);
  });

  test('a charge whose send was silent already is not resent: that needs the lease (E5)', async () => {
    const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
    const b = run(nodeSettings([peerSettings(one), peerSettings(two, { name: 'ocs2', priority: 2 })], { tx: 1_000 }));
    await until(() => b.client.status().every(({ open }) => open));
    one.on('CCR', silent);
    const answer = b.client.send(b.request());
    await one.until('CCR');
    b.clock.advance(1_000);
    expect(await answer).toMatchObject({ kind: 'silent' });
    one.drop();
    await b.untilNoted('peer.down');
    expect(two.all('CCR')).toEqual([]);
  });
});
