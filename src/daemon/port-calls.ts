import { reasonOf } from '../lib/reason.ts';

/** Where messages go and come from: a worker from its parent, or the parent from its worker. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** What one side does for the other, by name. */
export type Served = Readonly<Record<string, (argument: never) => unknown>>;

export interface PortCalls {
  /** Resolves with what the other side answers; rejects with what it threw, or with what `fail` was told. */
  call(name: string, argument?: unknown): Promise<unknown>;
  /** Nobody answers any more. */
  fail(error: Error): void;
}

type Message =
  | { readonly call: string; readonly id: number; readonly argument: unknown }
  | { readonly done: number; readonly value: unknown }
  | { readonly failed: number; readonly reason: string };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls between two threads, both ways over one port. */
export function callsOver(port: Port, served: Served): PortCalls {
  const waiting = new Map<number, Waiting>();
  let [last, over] = [0, undefined as Error | undefined];
  const settle = (id: number, done: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one !== undefined) done(one);
  };
  port.on('message', (raw) => {
    const message = raw as Message;
    if ('call' in message) void answer(port, served, message);
    else if ('done' in message) settle(message.done, (one) => one.resolve(message.value));
    else settle(message.failed, (one) => one.reject(new Error(message.reason)));
  });
  return {
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        if (over !== undefined) {
          reject(over);
          return;
        }
        const id = (last += 1);
        waiting.set(id, { resolve, reject });
        port.postMessage({ call: name, id, argument } satisfies Message);
      }),
    fail(error) {
      over = error;
      for (const id of [...waiting.keys()]) settle(id, (one) => one.reject(error));
    },
  };
}

async function answer(port: Port, served: Served, asked: Extract<Message, { readonly call: string }>): Promise<void> {
  const { call, id, argument } = asked;
  try {
    const serve = served[call];
    if (serve === undefined) throw new RangeError(`nothing is called ${call}`);
    const value = await serve(argument as never);
    port.postMessage({ done: id, value } satisfies Message);
  } catch (error) {
    port.postMessage({ failed: id, reason: reasonOf(error) } satisfies Message);
  }
}
