import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { createFeed } from '../../src/noc/board/feed.ts';

it('a change behind a look that is under way is looked at soon, not only when the next look is due', async () => {
  const app = fastify();
  const looks: (() => void)[] = [];
  const asked: (() => void)[] = [];
  const view = (): Promise<object> => {
    asked.shift()?.();
    return new Promise((resolve) => looks.push(() => resolve({})));
  };
  const look = (): Promise<void> => new Promise((resolve) => asked.push(resolve));
  const feed = createFeed(app, { view, holds: () => true, every: 3_600_000, soonest: 1, onFault: () => undefined });
  onTestFinished(async () => {
    feed.close();
    await app.close();
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const [first, second] = [look(), look()];
  const { port } = app.server.address() as AddressInfo;
  const page = await fetch(`http://127.0.0.1:${port}/api/v1/feed`);
  await first;
  feed.hint();
  looks[0]?.();
  await second;
  looks[1]?.();
  await page.body?.cancel();
  expect(looks).toHaveLength(2);
});
