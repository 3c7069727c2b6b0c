// The simulator's byte log: every PDU as a JSON line, and every octet in a pcap.
import { createWriteStream, openSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Conversation, Pcap } from '../pcap/pcap.ts';
import { openPcap } from '../pcap/pcap.ts';
import { decodeSpans } from '../smpp/codec.ts';
import { commandOf, isResponse } from '../smpp/commands.ts';
import { hex, statusName } from '../smpp/status.ts';

/** 'in' is from the ESME to the SMSC. */
export type Direction = 'in' | 'out';

export interface Party {
  readonly bind: string;
  readonly account: string | undefined;
}

export interface Journal {
  pdu(direction: Direction, bytes: Buffer, party: Party): void;
  conversation(clientPort: number): Conversation;
  close(): Promise<void>;
}

/** The well-known port, so that a dissector needs no settings. */
const SMPP_PORT = 2775;
const SILENT: Conversation = { fromClient: () => undefined, fromServer: () => undefined, close: () => undefined };

const plain = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);

/** One PDU as people and programs read it; the fields in the standard's names, octets as hex. */
export function describePdu(bytes: Buffer): Record<string, unknown> {
  const decoded = decodeSpans(bytes);
  const [id, status] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
  const command = commandOf(id);
  const body = decoded.spans.slice(4);
  return {
    command: command ?? hex(id, 8),
    ...(command !== undefined && isResponse(command) ? { status, statusName: statusName(status) } : {}),
    sequence: bytes.readUInt32BE(12),
    fields: Object.fromEntries(body.filter((s) => s.tag === undefined).map((s) => [s.name, plain(s.value)])),
    tlvs: Object.fromEntries(body.filter((s) => s.tag !== undefined).map((s) => [s.name, plain(s.value)])),
    ...(decoded.kind === 'fault' ? { fault: decoded.reason } : {}),
    hex: bytes.toString('hex'),
  };
}

/** Throws at once when a file cannot be opened. */
export function openJournal(files: { logFile?: string | undefined; pcapFile?: string | undefined }): Journal {
  const log = files.logFile === undefined ? undefined : createWriteStream('', { fd: openSync(files.logFile, 'a') });
  const pcap: Pcap | undefined = files.pcapFile === undefined ? undefined : openPcap(files.pcapFile);
  return {
    pdu(direction, bytes, party) {
      if (log === undefined) return;
      const line = { at: new Date().toISOString(), direction, ...party, ...describePdu(bytes) };
      log.write(`${JSON.stringify(line)}\n`);
    },
    conversation: (clientPort) => pcap?.conversation(SMPP_PORT, clientPort) ?? SILENT,
    async close() {
      await pcap?.close();
      if (log === undefined) return;
      log.end();
      await finished(log);
    },
  };
}
