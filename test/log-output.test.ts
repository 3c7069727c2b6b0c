import { describe, expect, it } from 'vitest';
import type { Descriptor } from '../src/log-output.ts';
import { LogOutput } from '../src/log-output.ts';

/** A descriptor that takes so many octets at a time, and refuses while it is told to. */
function descriptor(
  most = 10,
): Descriptor & { refusal: string | undefined; tries: number; readonly text: () => string } {
  const taken: Buffer[] = [];
  const take = (octets: Buffer): number => {
    to.tries += 1;
    if (to.refusal !== undefined) throw Object.assign(new Error(to.refusal), { code: to.refusal });
    taken.push(Buffer.from(octets.subarray(0, most)));
    return Math.min(most, octets.length);
  };
  const to = {
    refusal: undefined as string | undefined,
    tries: 0,
    text: () => Buffer.concat(taken).toString(),
    writeSync: take,
    write: (octets: Buffer, done: (error: NodeJS.ErrnoException | null, count: number) => void): void =>
      void setImmediate(() => {
        try {
          done(null, take(octets));
        } catch (error) {
          done(error as NodeJS.ErrnoException, 0);
        }
      }),
  };
  return to;
}

const flushed = (output: LogOutput): Promise<void> => new Promise((resolve) => output.flush(resolve));

/** An output whose disk was full when its first line came, and has room again. */
async function fullDisk(): Promise<{ to: ReturnType<typeof descriptor>; output: LogOutput }> {
  const to = descriptor();
  const output = new LogOutput(to);
  to.refusal = 'ENOSPC';
  output.write('kept\n');
  await flushed(output);
  to.refusal = undefined;
  return { to, output };
}

describe('the output of the log', () => {
  it('writes every line in order, however little is taken at once', async () => {
    const to = descriptor();
    const output = new LogOutput(to);
    for (const line of ['the first\n', 'the second, ü\n']) output.write(line);
    const first = flushed(output);
    output.write('the third\n');
    await first;
    expect(to.text()).toBe('the first\nthe second, ü\nthe third\n');
    await flushed(output);
  });

  it('writes by itself what nobody flushes, a block at once and the rest a little later', async () => {
    const to = descriptor(100_000);
    const output = new LogOutput(to);
    const long = `${'x'.repeat(9000)}\n`;
    output.write(long);
    output.write('rest\n');
    while (to.text() !== `${long}rest\n`) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(to.tries).toBe(2);
  });

  it('keeps what a full disk refuses until there is room, and nobody waits for that', async () => {
    const { to, output } = await fullDisk();
    output.write('new\n');
    await flushed(output);
    expect(to.text()).toBe('kept\nnew\n');
  });

  it('tries again by itself', async () => {
    const { to } = await fullDisk();
    while (to.text() !== 'kept\n') await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('does not fill the memory with what a full disk refuses', async () => {
    const to = descriptor(100_000_000);
    const output = new LogOutput(to);
    to.refusal = 'ENOSPC';
    for (let i = 0; i < 40; i++) output.write('x'.repeat(1024 * 1024));
    await flushed(output);
    for (let i = 0; i < 40; i++) output.write('x'.repeat(1024 * 1024));
    to.refusal = undefined;
    await flushed(output);
    expect(to.text().length).toBeLessThan(20 * 1024 * 1024);
  });

  it('writes no more once nobody reads', async () => {
    const to = descriptor();
    const output = new LogOutput(to);
    to.refusal = 'EPIPE';
    output.write('lost\n');
    await flushed(output);
    output.write('lost too\n');
    await flushed(output);
    output.flushSync();
    expect(to.tries).toBe(1);
  });

  it.each(['ENOSPC', 'EAGAIN'])('says its last words where it can, and ends where it cannot: %s', (refusal) => {
    const to = descriptor();
    const output = new LogOutput(to);
    output.write('one\n');
    output.write('two, longer\n');
    output.flushSync();
    expect(to.text()).toBe('one\ntwo, longer\n');
    to.refusal = refusal;
    output.write('three\n');
    output.flushSync();
    expect(to.text()).toBe('one\ntwo, longer\n');
  });
});
