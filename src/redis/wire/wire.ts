import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { reasonOf } from '../../lib/reason.ts';
import type { Answer, Call, Reply, Words } from './resp.ts';
import { replyReader } from './reply-reader.ts';
import { commandText, RedisRefusal } from './resp.ts';
import type { RedisTarget } from '../settings.ts';

/** One connection for steps: everything that is asked in one event-loop turn, or while a write is under way, leaves in one write. */
export interface Wire {
  /** Rejects with the refusal of Redis, after `commandTimeout`, or when the connection goes; it may have been done then. */
  readonly call: Call;
  close(): void;
}

interface Asked {
  readonly at: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** How often overdue commands are looked for, as a part of `commandTimeout`. */
const LOOKS = 4;

const OVERDUE = 'Redis did not answer in time';

/** Resolves when the login is through; rejects when it is not. */
export async function openWire(target: RedisTarget, commandTimeout: number, onClosed: () => void): Promise<Wire> {
  const wire = new SocketWire(target, commandTimeout, onClosed);
  await wire.login(target);
  return wire;
}

class SocketWire implements Wire {
  readonly #socket: Socket;
  /** Asked and not answered, oldest first; answers come in this order. */
  readonly #asked: (Asked | undefined)[] = [];
  #first = 0;
  #unsent = '';
  /** Until the kernel has what was written; what is asked meanwhile goes together after it. */
  #writing = false;
  /** When Redis last said anything. */
  #heardAt = 0;
  readonly #looks: NodeJS.Timeout;
  readonly #onClosed: () => void;
  #closed = false;

  constructor(target: RedisTarget, commandTimeout: number, onClosed: () => void) {
    this.#onClosed = onClosed;
    this.#socket = openSocket(target);
    this.#socket.setNoDelay(true);
    const read = replyReader((answer) => this.#answered(answer));
    this.#socket.on('data', (chunk: Buffer) => {
      this.#heardAt = performance.now();
      try {
        read(chunk);
      } catch (error) {
        this.#end(reasonOf(error));
      }
    });
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('the connection to Redis is closed'));
    // After the socket was read: where our own loop stood still, the replies are there and only unread.
    const look = (): void => void setImmediate(() => this.#lookForOverdue(commandTimeout));
    this.#looks = setInterval(look, commandTimeout / LOOKS);
    this.#looks.unref();
  }

  async login({ username, password, db = 0 }: RedisTarget): Promise<void> {
    if (password !== undefined) await this.call(['AUTH', ...(username === undefined ? [] : [username]), password]);
    if (db !== 0) await this.call(['SELECT', db]);
    await this.call(['PING']);
  }

  call(...lists: readonly Words[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('the connection to Redis is closed'));
        return;
      }
      if (this.#unsent === '' && !this.#writing) setImmediate(() => this.#flush());
      this.#unsent += commandText(...lists);
      this.#asked.push({ at: performance.now(), resolve, reject });
    });
  }

  close(): void {
    this.#end('the connection to Redis is closed');
  }

  #flush(): void {
    if (this.#closed || this.#unsent === '') return;
    const text = this.#unsent;
    this.#unsent = '';
    this.#writing = true;
    this.#socket.write(text, () => {
      this.#writing = false;
      this.#flush();
    });
  }

  #answered(answer: Answer): void {
    const asked = this.#asked[this.#first];
    this.#asked[this.#first++] = undefined;
    if (this.#first > 1024 && this.#first * 2 > this.#asked.length) {
      this.#asked.splice(0, this.#first);
      this.#first = 0;
    }
    if (answer instanceof RedisRefusal) asked?.reject(answer);
    else asked?.resolve(answer);
  }

  /** What is overdue rejects; the connection is given up only when Redis says nothing at all: a slow one catches up. */
  #lookForOverdue(commandTimeout: number): void {
    const since = performance.now() - commandTimeout;
    const oldest = this.#asked[this.#first];
    if (oldest === undefined || oldest.at > since) return;
    if (this.#heardAt <= since) this.#end(OVERDUE);
    // Their answers still come in their turn, and then nobody waits for them.
    for (let at = this.#first; (this.#asked[at]?.at ?? Infinity) <= since; at++)
      this.#asked[at]?.reject(new Error(OVERDUE));
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#looks);
    this.#socket.destroy();
    for (const asked of this.#asked.splice(0)) asked?.reject(new Error(reason));
    this.#onClosed();
  }
}

function openSocket({ host, port = 6379, path, tls }: RedisTarget): Socket {
  if (path !== undefined) return connectTcp({ path });
  const at = host ?? '127.0.0.1';
  return tls === undefined ? connectTcp({ host: at, port }) : connectTls({ host: at, port, ...tls });
}
