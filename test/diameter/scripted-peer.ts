/** A peer that does what the test says: it listens, keeps every message that came, and answers by a script. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { numberOf, textOf } from '../../src/diameter/avp.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { createFramer } from '../../src/diameter/framing.ts';
import { COMMAND, type Field, type Header, type Incoming } from '../../src/diameter/message.ts';

/** Bytes to send back, or undefined for silence. */
type Reply = (message: Incoming, peer: ScriptedPeer) => Uint8Array | undefined;

const COMMANDS: Readonly<Record<number, string>> = {
  257: 'CE',
  258: 'RA',
  272: 'CC',
  274: 'AS',
  280: 'DW',
  282: 'DP',
};

export const nameOf = ({ command, request }: Header): string =>
  (COMMANDS[command] ?? String(command)) + (request ? 'R' : 'A');

export interface ScriptedPeer {
  readonly port: number;
  readonly originHost: string;
  /** Everything that came, in order. */
  readonly received: Incoming[];
  readonly sockets: Set<Socket>;
  /** Replaces the answer to one kind of message. */
  on(name: string, reply: Reply): void;
  send(bytes: Uint8Array): void;
  /** The messages of one kind. */
  all(name: string): readonly Incoming[];
  until(name: string, count?: number): Promise<Incoming>;
  drop(): void;
  close(): Promise<void>;
}

export function answerTo(
  request: Incoming,
  resultCode: number,
  originHost: string,
  extra: readonly Field[] = [],
): Uint8Array {
  const session = textOf(request.avps, 'Session-Id');
  return encodeMessage({
    header: { ...request.header, request: false, error: Math.floor(resultCode / 1000) === 3, retransmit: false },
    fields: [
      ...(session === undefined ? [] : [['Session-Id', session] as const]),
      ['Result-Code', resultCode],
      ['Origin-Host', originHost],
      ['Origin-Realm', 'ocs.test'],
      ...extra,
    ],
  });
}

/** The fields that repeat the request's kind in a CCA. */
export function ccaFields(request: Incoming): readonly Field[] {
  return [
    ['Auth-Application-Id', 4],
    ['CC-Request-Type', 4],
    ['CC-Request-Number', numberOf(request.avps, 'CC-Request-Number') ?? 0],
  ];
}

export function requestFrom(command: number, originHost: string, fields: readonly Field[] = []): Uint8Array {
  const application = command === COMMAND.reAuth || command === COMMAND.abortSession ? 4 : 0;
  const kind = { request: true, proxiable: application === 4, error: false, retransmit: false };
  return encodeMessage({
    header: { ...kind, command, application, hopByHop: 0x5eed, endToEnd: 0xfeed },
    fields: [['Origin-Host', originHost], ['Origin-Realm', 'ocs.test'], ...fields],
  });
}

/** Waits for something that sockets bring about; the test's own limit is the hang guard. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

export interface Listening {
  readonly host?: string;
  readonly tls?: TlsOptions;
  /** The socket stays without a word, TLS and CEA included. */
  readonly mute?: boolean;
}

export async function scriptedPeer(originHost = 'ocs1.ocs.test', how: Listening = {}): Promise<ScriptedPeer> {
  const received: Incoming[] = [];
  const sockets = new Set<Socket>();
  const replies = new Map<string, Reply>([
    [
      'CER',
      (m) =>
        answerTo(m, 2001, originHost, [
          ['Host-IP-Address', '127.0.0.1'],
          ['Vendor-Id', 0],
          ['Product-Name', 'scripted'],
          ['Auth-Application-Id', 4],
        ]),
    ],
    ['DWR', (m) => answerTo(m, 2001, originHost)],
    ['DPR', (m) => answerTo(m, 2001, originHost)],
    ['CCR', (m) => answerTo(m, 2001, originHost, ccaFields(m))],
  ]);
  const serve = (socket: Socket): void => {
    const framer = createFramer();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (how.mute === true) return;
    socket.on('data', (chunk) => {
      for (const frame of framer.push(chunk).frames) {
        const message = decodeMessage(frame);
        if (!message.ok) throw new Error(`the client sent ${message.fault.path}: ${message.fault.shape}`);
        received.push(message.value);
        const bytes = replies.get(nameOf(message.value.header))?.(message.value, peer);
        if (bytes !== undefined) socket.write(bytes);
      }
    });
  };
  const server: Server = how.tls === undefined ? createServer(serve) : createTlsServer(how.tls, serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, how.host ?? '127.0.0.1', resolve);
  });
  const all = (name: string): readonly Incoming[] => received.filter((message) => nameOf(message.header) === name);
  const peer: ScriptedPeer = {
    port: (server.address() as AddressInfo).port,
    originHost,
    received,
    sockets,
    on: (name, reply) => void replies.set(name, reply),
    send: (bytes) => sockets.forEach((socket) => socket.write(bytes)),
    all,
    async until(name, count = 1) {
      await until(() => all(name).length >= count);
      return all(name)[count - 1]!;
    },
    drop: () => sockets.forEach((socket) => socket.destroy()),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
  return peer;
}

/** What scripts answer. */
export const silent = (): undefined => undefined;
export const granted = (m: Incoming, peer: ScriptedPeer): Uint8Array =>
  answerTo(m, 2001, peer.originHost, ccaFields(m));
export const refused =
  (code: number) =>
  (m: Incoming, peer: ScriptedPeer): Uint8Array =>
    answerTo(m, code, peer.originHost);

/** RFC 6733 7.2: an answer-message of an agent on the way; no CCA, for CC-Request-Type and -Number are not in it. */
export const errorMessage = (code: number) => (m: Incoming) =>
  encodeMessage({
    header: { ...m.header, request: false, error: true, retransmit: false },
    fields: [
      ['Session-Id', textOf(m.avps, 'Session-Id') ?? ''],
      ['Origin-Host', 'relay.test'],
      ['Origin-Realm', 'ocs.test'],
      ['Result-Code', code],
    ],
  });
