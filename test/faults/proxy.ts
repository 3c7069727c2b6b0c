import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Server, Socket } from 'node:net';
import type { Random } from '../fuzz/random.ts';

/** What happens to octets on their way; both ways alike. */
export interface Trouble {
  /** Milliseconds that each chunk is late. */
  readonly latency?: number;
  /** Octet by octet. */
  readonly split?: boolean;
  /** Milliseconds that chunks are gathered, to leave as one. */
  readonly join?: number;
  /** Octets per second. */
  readonly rate?: number;
  /** Nothing arrives, nothing is refused: octets wait until calm, or are lost with the connection. */
  readonly hole?: boolean;
}

/** A TCP proxy in this process between a daemon and one of its networks. */
export interface FaultProxy {
  readonly port: number;
  trouble(trouble: Trouble): void;
  /** Chunks that wait in a black hole. */
  held(): number;
  calm(): void;
  /** Resets every connection. */
  cut(): void;
  /** What is connected now carries nothing any more, without an end or a reset; what connects from now on is well. */
  strand(): void;
  /** The daemon reads an end; what it sends still goes through for a second. */
  halfClose(): void;
  /** The next chunk that goes to the daemon is replaced by noise. */
  corrupt(): void;
  /** Connections are taken and dropped at once. */
  refuse(on: boolean): void;
  close(): Promise<void>;
}

/** Both ends of one connection. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function startProxy(target: () => NetConnectOpts, random: Random): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  const state: State = { trouble: {}, noise: 0, refused: false, wake: [], random };
  const server = createServer((near) => accept(near, target, pairs, state));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const destroyAll = (): void => pairs.forEach(({ near, far }) => [near, far].forEach((end) => end.destroy()));
  return {
    port: (server.address() as AddressInfo).port,
    trouble: (trouble) => become(state, trouble),
    held: () => state.wake.length,
    calm() {
      state.noise = 0;
      state.refused = false;
      become(state, {});
    },
    cut: () =>
      pairs.forEach(({ near, far }) => {
        near.resetAndDestroy();
        // A unix socket knows no reset.
        far.destroy();
      }),
    strand: () => pairs.forEach(({ near, far }) => [near, far].forEach((end) => end.pause())),
    halfClose() {
      for (const { near, far } of pairs) {
        near.end();
        setTimeout(() => far.destroy(), 1000).unref();
      }
    },
    corrupt: () => void (state.noise += 1),
    refuse: (on) => void (state.refused = on),
    async close() {
      destroyAll();
      await new Promise<void>((resolve) => closeServer(server, resolve));
    },
  };
}

function closeServer(server: Server, done: () => void): void {
  server.close(done);
}

interface State {
  trouble: Trouble;
  noise: number;
  refused: boolean;
  wake: (() => void)[];
  readonly random: Random;
}

function become(state: State, trouble: Trouble): void {
  state.trouble = trouble;
  if (trouble.hole !== true) for (const wake of state.wake.splice(0)) wake();
}

function accept(near: Socket, target: () => NetConnectOpts, pairs: Set<Pair>, state: State): void {
  near.on('error', () => undefined);
  if (state.refused) {
    near.destroy();
    return;
  }
  const far = connect(target());
  const pair = { near, far };
  pairs.add(pair);
  far.on('error', () => undefined);
  near.setNoDelay(true);
  far.setNoDelay(true);
  const gone = (): void => {
    pairs.delete(pair);
    near.destroy();
    far.destroy();
  };
  near.once('close', gone);
  far.once('close', gone);
  carry(near, far, state, false);
  carry(far, near, state, true);
}

/** One direction, in order, whatever its chunks meet. */
function carry(from: Socket, to: Socket, state: State, inward: boolean): void {
  let last: Promise<void> = Promise.resolve();
  const gathered: Buffer[] = [];
  const flush = (): void => {
    const chunk = Buffer.concat(gathered.splice(0));
    last = last.then(() => pass(to, spoilt(chunk, state, inward), state));
  };
  from.on('data', (chunk: Buffer) => {
    const { latency, join } = state.trouble;
    if (join !== undefined) {
      if (gathered.push(chunk) === 1) setTimeout(flush, join);
      return;
    }
    if (gathered.length > 0) flush();
    const due = latency === undefined ? undefined : after(latency);
    last = last.then(() => due).then(() => pass(to, spoilt(chunk, state, inward), state));
  });
  from.on('end', () => {
    flush();
    last = last.then(() => void to.end());
  });
}

function spoilt(chunk: Buffer, state: State, inward: boolean): Buffer {
  if (!inward || state.noise === 0 || chunk.length === 0) return chunk;
  state.noise -= 1;
  return state.random.octets(chunk.length);
}

async function pass(to: Socket, chunk: Buffer, state: State): Promise<void> {
  if (state.trouble.hole === true) await new Promise<void>((resolve) => state.wake.push(resolve));
  let at = 0;
  // Once it is calm the rest goes at once.
  for (let size = sizeIn(state); size !== undefined && at < chunk.length; size = sizeIn(state)) {
    if (to.writable) to.write(chunk.subarray(at, at + size));
    at += size;
    await after(size === 1 ? 0 : RATE_STEP);
  }
  if (at < chunk.length && to.writable) to.write(chunk.subarray(at));
}

/** Milliseconds between two pieces on a slow line. */
const RATE_STEP = 20;

/** Octets that go at once; undefined: all. */
function sizeIn({ trouble: { split, rate } }: State): number | undefined {
  if (split === true) return 1;
  return rate === undefined ? undefined : Math.max(2, Math.ceil((rate * RATE_STEP) / 1000));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));
}
