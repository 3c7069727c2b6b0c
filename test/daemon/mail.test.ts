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
