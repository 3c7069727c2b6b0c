import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../fuzz/random.ts';
import { eventually } from '../queue/support.ts';
import type { FaultProxy } from './proxy.ts';
import { startProxy } from './proxy.ts';

let proxy: FaultProxy;
let near: Socket;
let far: Socket;
let stop: () => void;

/** An echo behind the proxy, and what comes back of it. */
beforeEach(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  proxy = await startProxy(() => ({ host: '127.0.0.1', port }), seeded(1));
  const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve));
  near = connect(proxy.port, '127.0.0.1');
  near.on('error', () => undefined);
  far = await arrived;
  far.on('error', () => undefined);
  far.on('data', (chunk) => far.write(chunk));
  stop = () => {
    near.destroy();
    server.close();
  };
});
afterEach(async () => {
  stop();
  await proxy.close();
});

async function echoed(text: string): Promise<readonly string[]> {
  const chunks: string[] = [];
  await new Promise<void>((resolve) => {
    near.on('data', (chunk) => {
      chunks.push(chunk.toString());
      if (chunks.join('').length >= text.length) resolve();
    });
    near.write(text);
  });
  return chunks;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

describe('the fault proxy', () => {
  it.each([{}, { latency: 30 }, { split: true }, { join: 30 }, { rate: 500 }])(
    '%j: all octets arrive in order',
    async (trouble) => {
      proxy.trouble(trouble);
      expect((await echoed('the quick brown fox')).join('')).toBe('the quick brown fox');
    },
  );

  it('a black hole holds everything until it is calm', async () => {
    const events: string[] = [];
    far.once('data', (chunk: Buffer) => events.push(chunk.toString()));
    proxy.trouble({ hole: true });
    const waiting = echoed('held');
    await eventually(() => proxy.held() === 1);
    events.push('calm');
    proxy.calm();
    expect((await waiting).join('')).toBe('held');
    expect(events).toEqual(['calm', 'held']);
  });

  it('noise is as long as what it replaces, and not it', async () => {
    proxy.corrupt();
    const text = (await echoed('0123456789')).join('');
    expect(text).not.toBe('0123456789');
  });

  it('cuts both ends', async () => {
    const both = Promise.all([closed(near), closed(far)]);
    proxy.cut();
    await both;
  });

  it('half-closes: the near end reads an end', async () => {
    const ended = new Promise<void>((resolve) => near.once('end', () => resolve()));
    near.resume();
    proxy.halfClose();
    await ended;
  });

  it('refuses new connections while told to', async () => {
    proxy.refuse(true);
    const other = connect(proxy.port, '127.0.0.1');
    other.on('error', () => undefined);
    await closed(other);
    proxy.calm();
    const third = connect(proxy.port, '127.0.0.1');
    await new Promise<void>((resolve) => third.once('connect', () => resolve()));
    third.destroy();
  });
});
