import { write, writeSync } from 'node:fs';

/** Where lines go; the two flushes are there when it buffers. */
export interface LogDestination {
  readonly write: (line: string) => unknown;
  readonly flush?: (done: () => void) => void;
  readonly flushSync?: () => void;
}

/** Lines leave by the block: octets that are worth a write, and milliseconds that a line waits for others at most. */
const BLOCK = 8192;
const WAIT = 100;

/** Milliseconds until what the system refused is tried again. */
const AGAIN = 1000;

/** What may wait, in characters: on top of it lines are lost, for a full disk must not fill the memory as well. */
const MOST = 8 * 1024 * 1024;

/** Tries for the last words of a process whose reader is behind, each `WAIT` apart. */
const TRIES = 20;

/** As node:fs writes to one file descriptor. */
export interface Descriptor {
  readonly write: (octets: Buffer, done: (error: NodeJS.ErrnoException | null, count: number) => void) => void;
  readonly writeSync: (octets: Buffer) => number;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * A log without a disk must not end a daemon, nor keep it: where a write fails the lines wait for the next, and nobody waits for
 * them. A pipe that nobody reads any more gets nothing more. pino's own destination (sonic-boom 4.2) does both: it throws at the
 * first failed write, and its flushSync, which pino calls at the end, tries a full disk again for ever.
 */
export class LogOutput implements LogDestination {
  readonly #to: Descriptor;
  #lines: string[] = [];
  /** Of the lines, characters. */
  #size = 0;
  /** Left of the block that is being written. */
  #block = NOTHING;
  #state: 'ready' | 'writing' | 'refused' | 'over' = 'ready';
  #timer: NodeJS.Timeout | undefined;
  #whenFlushed: (() => void)[] = [];

  constructor(to: Descriptor) {
    this.#to = to;
  }

  readonly write = (line: string): void => {
    if (this.#state === 'over' || this.#size > MOST) return;
    this.#lines.push(line);
    this.#size += line.length;
    if (this.#state === 'ready' && this.#size >= BLOCK) this.#go();
    else this.#goIn(WAIT);
  };

  /** Calls back as soon as all is written, or a write has failed. */
  readonly flush = (done: () => void): void => {
    this.#whenFlushed.push(done);
    if (this.#state === 'writing') return;
    if (this.#state === 'over') this.#flushed();
    else this.#go();
  };

  /** What a write that is under way has of the lines is with the system. */
  readonly flushSync = (): void => {
    if (this.#state === 'over') return;
    const block = this.#state === 'writing' ? NOTHING : this.#block;
    let left: Buffer = Buffer.concat([block, this.#taken()]);
    this.#block = NOTHING;
    for (let tries = 0; left.length > 0 && tries < TRIES; tries++) left = this.#writtenNow(left);
  };

  #writtenNow(octets: Buffer): Buffer {
    try {
      return octets.subarray(this.#to.writeSync(octets));
    } catch (error) {
      // There is no other place to say it.
      if (codeOf(error) !== 'EAGAIN') return NOTHING;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT);
      return octets;
    }
  }

  #taken(): Buffer {
    const octets = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    this.#size = 0;
    return octets;
  }

  #goIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#state !== 'writing') this.#go();
    }, ms).unref();
  }

  #go(): void {
    if (this.#block.length === 0) this.#block = this.#taken();
    if (this.#block.length === 0) {
      this.#flushed();
      return;
    }
    this.#state = 'writing';
    this.#to.write(this.#block, (error, count) => {
      if (error === null) this.#wrote(count);
      else this.#failed(error);
    });
  }

  #wrote(count: number): void {
    this.#state = 'ready';
    this.#block = this.#block.subarray(count);
    if (this.#block.length > 0 || this.#size >= BLOCK || this.#whenFlushed.length > 0) this.#go();
  }

  #failed(error: NodeJS.ErrnoException): void {
    const isBehind = error.code === 'EAGAIN';
    this.#state = error.code === 'EPIPE' ? 'over' : 'refused';
    if (this.#state === 'over') this.#taken();
    else this.#goIn(isBehind ? WAIT : AGAIN);
    if (!isBehind) this.#flushed();
  }

  #flushed(): void {
    for (const done of this.#whenFlushed.splice(0)) done();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** What was noted last goes with the process, however it exits. */
export function standardOutput(): LogDestination {
  const output = new LogOutput({
    write: (octets, done) => write(1, octets, (error, count) => done(error, count)),
    writeSync: (octets) => writeSync(1, octets),
  });
  process.on('exit', output.flushSync);
  return output;
}
