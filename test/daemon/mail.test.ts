import { afterEach, expect, it } from 'vitest';
import { mailChannel } from '../../src/daemon/mail.ts';
import type { Mt } from '../../src/domain/message.ts';
import { createQuotas } from '../flow/fakes/quotas.ts';
import { World } from '../flow/world.ts';
import { startMailServer } from '../mail/server.ts';

const MT: Mt = {
  id: '03-abc-code',
  to: '254711000001',
  from: '5000',
  text: 'Code 123456 orders Daily News.',
  channel: 'email',
  address: 'me@example.org',
  link: 'lab',
  owedAt: 1000,
  validityMs: undefined,
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

it('a new code counts as an email of its own, a text that is tried again does not (E20)', async () => {
  const server = await startMailServer();
  const w = new World();
  const settings = {
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    from: 'orders@example.net',
    connections: 1,
    queue: 10,
    perSecond: 100,
    connectTimeout: 5000,
    responseTimeout: 5000,
    perAddressAndDay: 2,
  } as const;
  const mail = mailChannel({ mail: settings }, { stores: { quotas: createQuotas(w.memory) }, hashing: w.keys });
  open.push(server, mail!);
  const kinds: string[] = [];
  for (const owedAt of [1000, 1000, 2000, 2000, 3000]) kinds.push((await mail!.submit({ ...MT, owedAt })).kind);
  expect(kinds).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'unreachable']);
});

it('an address is the same in capitals, and its quota is that of a day', async () => {
  const taken: unknown[] = [];
  const quotas = { take: (...of: readonly unknown[]) => Promise.resolve(void taken.push(of)) };
  const settings = { from: 'orders@example.net', perAddressAndDay: 2 } as never;
  const mail = mailChannel({ mail: settings }, { stores: { quotas: quotas as never }, hashing: new World().keys });
  for (const address of ['me@example.org', 'Me@Example.ORG']) await mail!.submit({ ...MT, address });
  expect(taken[1]).toEqual(taken[0]);
  expect(taken[0]).toEqual([expect.stringMatching(/^mail:/), expect.any(String), { limit: 2, window: 86_400_000 }]);
  mail!.close();
});
