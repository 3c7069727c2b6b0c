import { expect, it } from 'vitest';
import { inbox } from '../../../simulators/smsc/inbox.ts';

const HOUR_MS = 3_600_000;

function phone() {
  let now = 0;
  const messages = inbox(() => now);
  const take = (text: string, part: number, total = 2): void => {
    const user = { text, dataCoding: 0, flash: false, concat: { ref: 7, total, part } };
    messages.accept({ from: '5000', to: '254700000001', user, messageId: text, validityPeriod: '', bind: 'bind-1' });
  };
  return {
    take,
    texts: async () => (await messages.read({})).map(({ text }) => text),
    wait: (ms: number) => (now += ms),
  };
}

it('joins parts that come within an hour of the first', async () => {
  const { take, texts, wait } = phone();
  take('b', 2);
  wait(HOUR_MS - 1);
  take('a', 1);
  expect(await texts()).toEqual(['ab']);
});

it('forgets parts whose message was not whole in an hour: they complete no later one of the same reference', async () => {
  const { take, texts, wait } = phone();
  take('stale', 2);
  wait(HOUR_MS / 2);
  take('other ', 1, 3);
  wait(HOUR_MS / 2);
  take('a', 1);
  expect(await texts()).toEqual([]);
  take('b', 2);
  take('two ', 2, 3);
  take('three', 3, 3);
  expect(await texts()).toEqual(['ab', 'other two three']);
});
