import { connect, type Socket } from 'node:net';
import { definitionNamed } from '../../../simulators/diameter/dictionary.ts';
import { createFramer } from '../../../simulators/diameter/framing.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../simulators/diameter/message.ts';
import type { Avp } from '../../../simulators/diameter/avp.ts';
import { avp } from '../../../simulators/diameter/values.ts';

export const R = 0x80;
export const P = 0x40;
export const T = 0x10;

export interface Client {
  readonly socket: Socket;
  /** Messages that came and were not taken yet, in order. */
  readonly inbox: Message[];
  send(message: Message): void;
  raw(bytes: Uint8Array): void;
  /** The next message; rejects when the connection closes first. */
  next(): Promise<Message>;
  ask(message: Message): Promise<Message>;
  closed(): Promise<void>;
  end(): void;
}

/** A Diameter client that does only what it is told. */
export async function openClient(port: number, host = '127.0.0.1'): Promise<Client> {
  const socket = connect(port, host);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return clientOn(socket);
}

export function clientOn(socket: Socket): Client {
  const framer = createFramer();
  const inbox: Message[] = [];
  const waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  let open = true;
  socket.on('data', (bytes: Buffer) => {
    for (const frame of framer.push(bytes).frames) {
      const message = decodeMessage(frame);
      if ('kind' in message) throw new Error('the simulator sent a broken message');
      const first = waiting.shift();
      if (first === undefined) inbox.push(message);
      else first.resolve(message);
    }
  });
  socket.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    socket.on('close', () => {
      open = false;
      for (const one of waiting.splice(0)) one.reject(new Error('closed'));
      resolve();
    });
  });
  const next = (): Promise<Message> => {
    const first = inbox.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (!open) return Promise.reject(new Error('closed'));
    return new Promise((resolve, reject) => void waiting.push({ resolve, reject }));
  };
  return {
    socket,
    inbox,
    next,
    send: (message) => void socket.write(encodeMessage(message)),
    raw: (bytes) => void socket.write(bytes),
    ask: (message) => {
      socket.write(encodeMessage(message));
      return next();
    },
    closed: () => gone,
    end: () => void socket.destroy(),
  };
}

let ids = 0;
export const nextId = (): number => (ids += 1);

export function request(command: number, application: number, avps: readonly Avp[], flags = R): Message {
  const id = nextId();
  return { version: 1, flags, command, application, hopByHop: id, endToEnd: 0x1000_0000 + id, avps };
}

export const FROM = [avp('Origin-Host', 'orderd.lab.example'), avp('Origin-Realm', 'lab.example')];

export const cer = (...more: readonly Avp[]): Message =>
  request(257, 0, [
    ...FROM,
    avp('Host-IP-Address', '127.0.0.1'),
    avp('Vendor-Id', 0),
    avp('Product-Name', 'test'),
    ...(more.length === 0 ? [avp('Auth-Application-Id', 4)] : more),
  ]);

export interface CcrParts {
  readonly sessionId: string;
  readonly number?: number;
  /** 1 initial, 2 update, 3 termination, 4 event. */
  readonly type?: 1 | 2 | 3 | 4;
  readonly action?: number;
  readonly msisdn?: string;
  readonly units?: readonly Avp[];
  readonly flags?: number;
  readonly origin?: string;
  readonly without?: readonly string[];
  readonly more?: readonly Avp[];
}

/** Digits and exponent in the currency's major unit: 50.00 KES is money(5000, -2). */
export const money = (digits: number | bigint, exponent: number, currency = 404): Avp =>
  avp('CC-Money', [
    avp('Unit-Value', [avp('Value-Digits', digits), avp('Exponent', exponent)]),
    avp('Currency-Code', currency),
  ]);

export const asked = (...units: readonly Avp[]): Avp => avp('Requested-Service-Unit', units);
export const used = (...units: readonly Avp[]): Avp => avp('Used-Service-Unit', units);

export const MSISDN = '254700000001';

const DEFAULTS = { type: 4, number: 0, action: 0, msisdn: MSISDN, origin: 'orderd.lab.example', flags: R | P } as const;

export function ccr(parts: CcrParts): Message {
  const all = { ...DEFAULTS, units: [asked(money(5000, -2))], without: [], more: [], ...parts };
  const id = avp('Subscription-Id', [avp('Subscription-Id-Type', 0), avp('Subscription-Id-Data', all.msisdn)]);
  const avps = [
    avp('Session-Id', all.sessionId),
    avp('Origin-Host', all.origin),
    avp('Origin-Realm', 'lab.example'),
    avp('Destination-Realm', 'lab.example'),
    avp('Auth-Application-Id', 4),
    avp('Service-Context-Id', '32274@3gpp.org'),
    avp('CC-Request-Type', all.type),
    avp('CC-Request-Number', all.number),
    avp('Event-Timestamp', Date.UTC(2026, 0, 2, 3, 4, 5)),
    id,
    ...(all.type === 4 ? [avp('Requested-Action', all.action)] : []),
    ...all.units,
  ];
  const left = all.without.map((name) => definitionNamed(name)?.code);
  return request(272, 4, [...avps.filter((one) => !left.includes(one.code)), ...all.more], all.flags);
}
