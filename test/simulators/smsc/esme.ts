// A bare ESME for tests: it sends what it is told and keeps what comes, answering nothing by itself.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { decode, encode } from '../../../simulators/smpp/codec.ts';
import type { Command } from '../../../simulators/smpp/commands.ts';
import { frameReader } from '../../../simulators/smpp/frame.ts';
import type { Pdu, PduParts } from '../../../simulators/smpp/pdu.ts';
import { pdu } from '../../../simulators/smpp/pdu.ts';

export interface Esme {
  readonly socket: Socket;
  /** Chunks as the socket gave them. */
  readonly chunks: Buffer[];
  readonly received: Pdu[];
  send(command: Command, parts?: PduParts, sequence?: number): number;
  /** The next PDU of this command that was not taken before; waits for it. */
  next(command: Command): Promise<Pdu>;
  closed(): Promise<void>;
  end(): void;
}

export async function esme(port: number): Promise<Esme> {
  const socket = connect(port, '127.0.0.1');
  const read = frameReader();
  const chunks: Buffer[] = [];
  const received: Pdu[] = [];
  const untaken: Pdu[] = [];
  let waiting: { command: Command; resolve: (of: Pdu) => void }[] = [];
  let last = 0;
  const closing = once(socket, 'close');
  const take = (of: Pdu): void => {
    received.push(of);
    const waiter = waiting.find(({ command }) => command === of.command);
    waiting = waiting.filter((other) => other !== waiter);
    if (waiter === undefined) untaken.push(of);
    else waiter.resolve(of);
  };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    for (const frame of read(chunk).frames) {
      const decoded = decode(frame);
      if (decoded.kind === 'pdu') take(decoded.pdu);
    }
  });
  await once(socket, 'connect');
  return {
    socket,
    chunks,
    received,
    send(command, parts = {}, sequence = (last += 1)) {
      socket.write(encode(pdu(command, sequence, parts)));
      return sequence;
    },
    next(command) {
      const at = untaken.findIndex((of) => of.command === command);
      const [found] = at < 0 ? [] : untaken.splice(at, 1);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiting.push({ command, resolve }));
    },
    async closed() {
      await closing;
    },
    end: () => socket.destroy(),
  };
}

export const BIND = { system_id: 'orderd', password: 'secret', interface_version: 0x34 };

/** An ESME bound as transceiver with the default account. */
export async function boundEsme(port: number, fields: Record<string, string | number> = {}): Promise<Esme> {
  const client = await esme(port);
  client.send('bind_transceiver', { fields: { ...BIND, ...fields } });
  await client.next('bind_transceiver_resp');
  return client;
}

export const submitFields = (to: string, text: Uint8Array, more: Record<string, number> = {}) => ({
  source_addr_ton: 3,
  source_addr: '5000',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: to,
  short_message: text,
  ...more,
});
