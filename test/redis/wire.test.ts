import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../src/redis/wire/resp.ts';
import { replyReader } from '../../src/redis/wire/reply-reader.ts';
import { commandText, RedisRefusal } from '../../src/redis/wire/resp.ts';
import type { Wire } from '../../src/redis/wire/wire.ts';
import { openWire } from '../../src/redis/wire/wire.ts';
import { eventually } from '../queue/support.ts';
import { useBench, useServer } from './support.ts';

function readAll(...chunks: readonly Buffer[]): readonly Answer[] {
  const answers: Answer[] = [];
  const read = replyReader((answer) => answers.push(answer));
  for (const chunk of chunks) read(chunk);
  return answers;
}

describe('RESP2', () => {
  it('counts octets, not characters', () => {
    const long = 'x'.repeat(5000);
    expect(commandText(['SET', 'k', long])).toBe(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5000\r\n${long}\r\n`);
    expect(commandText([])).toBe('*0\r\n');
    expect(commandText(['SET'], [], ['k', 7])).toBe(commandText(['SET', 'k', 7]));
    expect(commandText(['SET', 'k', 'ä€', 7])).toBe('*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nä€\r\n$1\r\n7\r\n');
  });

  it('reads every kind of reply, wherever the stream was cut', () => {
    const stream = Buffer.from(
      '+OK\r\n:-12\r\n$5\r\nä€\r\n$-1\r\n*3\r\n:1\r\n*-1\r\n*2\r\n$0\r\n\r\n+x\r\n-ERR no\r\n*0\r\n',
    );
    const expected = ['OK', -12, 'ä€', null, [1, null, ['', 'x']], new RedisRefusal('ERR no'), []];
    for (let cut = 1; cut < stream.length; cut++)
      expect(readAll(stream.subarray(0, cut), stream.subarray(cut))).toEqual(expected);
    expect(readAll(...[...stream].map((octet) => Buffer.of(octet)))).toEqual(expected);
  });

  it('reads texts that it has met before, or others of the same hash, as they were sent', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '7', 'é', '€', '\u{1f600}'), maxLength: 18 });
    // 'Aa' and 'BB' have one hash by 31, and so has whatever is made of them.
    const alike = fc.array(fc.constantFrom('Aa', 'BB'), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(word, alike), { minLength: 1, maxLength: 60 }), (texts) => {
        expect(readAll(Buffer.from(commandText(texts)))).toEqual([texts]);
      }),
    );
    const broken = Buffer.from('$4\r\nab\xff\xfe\r\n', 'latin1');
    expect(readAll(broken, broken)).toEqual(['ab\ufffd\ufffd', 'ab\ufffd\ufffd']);
  });

  it('refuses what is no RESP2', () => {
    expect(() => readAll(Buffer.from('HTTP/1.1 400\r\n'))).toThrow(/no RESP2/);
    expect(() => readAll(Buffer.from('*2\r\n:1\r\n-ERR no\r\n'))).toThrow(/holds an error/);
  });
});

const server = useServer();
const bench = useBench(server);

async function withWire(timeout: number, use: (wire: Wire) => Promise<void>): Promise<number> {
  let closed = 0;
  const wire = await openWire({ path: server.socket }, timeout, () => closed++);
  await use(wire);
  wire.close();
  return closed;
}

/** Reads commands and answers one when it is told to, and has got it. */
async function slowRedis(): Promise<{ readonly answer: (text: string) => Promise<void>; readonly port: number }> {
  let asked = 0;
  let answered = 0;
  let end: Socket | undefined;
  const slow = createServer((socket) => {
    end = socket;
    socket.on('data', (chunk: Buffer) => (asked += chunk.toString().split('PING').length - 1));
  });
  await new Promise<void>((listening) => slow.listen(0, '127.0.0.1', listening));
  slow.unref();
  return {
    port: (slow.address() as AddressInfo).port,
    async answer(text) {
      await eventually(() => asked > answered);
      answered += 1;
      end?.write(`+${text}\r\n`);
    },
  };
}

afterEach(() => void vi.useRealTimers());

describe('the wire', () => {
  it('answers each command with its own reply, and says once that it is closed', async () => {
    const closed = await withWire(2000, async (wire) => {
      const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 40 });
      const echoed = fc.asyncProperty(texts, async (sent) => {
        const echoes = await Promise.all(sent.map((text) => wire.call(['ECHO', text])));
        expect(echoes).toEqual(sent);
      });
      await fc.assert(echoed, { numRuns: 30 });
    });
    expect(closed).toBe(1);
  });

  it('rejects only what Redis refused', async () => {
    await withWire(2000, async (wire) => {
      const [wrong, right] = await Promise.allSettled([wire.call(['INCR']), wire.call(['PING'])]);
      expect(wrong.status === 'rejected' ? String(wrong.reason) : '').toMatch(/wrong number/);
      expect(right).toEqual({ status: 'fulfilled', value: 'PONG' });
    });
  });

  it('rejects what gets no answer in time, and everything behind it', async () => {
    await withWire(100, async (wire) => {
      const both = [wire.call(['BLPOP', `${bench.prefix}nothing`, 0]), wire.call(['PING'])];
      const settled = await Promise.allSettled(both);
      expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await expect(wire.call(['PING'])).rejects.toThrow(/closed/);
    });
  });

  it('takes what came while our own loop stood still', async () => {
    await withWire(200, async (wire) => {
      const calls = [wire.call(['PING']), wire.call(['PING'])];
      await new Promise((sent) => setImmediate(sent));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
      expect(await Promise.all(calls)).toEqual(['PONG', 'PONG']);
    });
  });

  it('outlives a Redis that is late with everything: only what is overdue rejects', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { answer, port } = await slowRedis();
    let closed = 0;
    const opening = openWire({ host: '127.0.0.1', port }, 1000, () => closed++);
    await answer('login');
    const wire = await opening;
    const [first, second] = [wire.call(['PING']), wire.call(['PING'])];
    const overdue = expect(second).rejects.toThrow('Redis did not answer in time');
    vi.advanceTimersByTime(600);
    await answer('first');
    expect(await first).toBe('first');
    vi.advanceTimersByTime(600);
    await overdue;
    // The late answer is nobody's, and the next one is not mistaken for it.
    const third = wire.call(['PING']);
    await answer('second');
    await answer('third');
    expect([await third, closed]).toEqual(['third', 0]);
    wire.close();
  });

  it('that is cut rejects what it was asked; the store asks another way and opens it again', async () => {
    const { handle, redis } = bench;
    const blocked = handle.call(['BLPOP', `${bench.prefix}nothing`, 0]);
    await Promise.all([
      expect(blocked).rejects.toThrow(/closed|EPIPE|ECONNRESET/),
      redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    ]);
    await eventually(async () => (await handle.call(['PING'])) === 'PONG');
  });
});
