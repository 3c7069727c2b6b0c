/**
 * A classic pcap file (microseconds, LINKTYPE_ETHERNET; draft-ietf-opsawg-pcap section 4) fabricated from the bytes that a
 * simulator's sockets carried: TCP handshake, segments of at most 1460 octets with right sequence numbers and checksums,
 * FIN on close. The server port written is the well-known one (2775, 3868), so Wireshark dissects it without settings.
 *
 * Every call appends synchronously (one write(2) for all frames of one PDU): a kill -9 of the process loses nothing that
 * was handed over, a power cut loses what the operating system had not yet flushed.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { ACK, ethernetFrame, FIN, MSS, PSH, SYN, type Endpoint } from './frame.ts';

export interface Conversation {
  fromClient(bytes: Uint8Array): void;
  fromServer(bytes: Uint8Array): void;
  /** Writes FIN both ways; later calls write nothing. */
  close(): void;
}

export interface Pcap {
  /** One TCP connection. `clientPort` should be unique in the file; without it the next free one is taken. */
  conversation(serverPort: number, clientPort?: number): Conversation;
  /** Rejects with the first write error (disk full, say), after which nothing more was written. */
  close(): Promise<void>;
}

/** Microseconds since 1970. */
type MicroClock = () => number;

const systemMicros: MicroClock = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

const FIRST_CLIENT_PORT = 40_000;
/** Well under the 65535 window, so that Wireshark never sees a full window in a one-sided conversation. */
const ACK_AFTER = 32_768;

function fileHeader(): Uint8Array {
  const header = new Uint8Array(24);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 65_535, true); // snap length
  view.setUint32(20, 1, true); // Ethernet
  return header;
}

function record(frame: Uint8Array, micros: number): Uint8Array {
  const bytes = new Uint8Array(16 + frame.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(micros / 1_000_000), true);
  view.setUint32(4, micros % 1_000_000, true);
  view.setUint32(8, frame.length, true);
  view.setUint32(12, frame.length, true);
  bytes.set(frame, 16);
  return bytes;
}

/** The one open file: appends, and stops at the first error instead of taking the simulator down with it. */
class CaptureFile {
  readonly #now: MicroClock;
  #fd: number | undefined;
  #failure: Error | undefined;
  #last = 0;
  #ipId = 0;

  constructor(file: string, now: MicroClock) {
    this.#now = now;
    this.#fd = openSync(file, 'w');
    this.#append([fileHeader()]);
  }

  nextIpId(): number {
    return (this.#ipId = (this.#ipId + 1) & 0xffff);
  }

  append(frames: readonly Uint8Array[]): void {
    this.#last = Math.max(this.#last, this.#now()); // a clock that steps back must not disorder the file
    this.#append(frames.map((frame) => record(frame, this.#last)));
  }

  close(): Error | undefined {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    return this.#failure;
  }

  #append(parts: readonly Uint8Array[]): void {
    if (this.#fd === undefined || this.#failure !== undefined) return;
    const bytes = Buffer.concat(parts);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      this.#failure = error as Error;
    }
  }
}

interface Side {
  readonly endpoint: Endpoint;
  /** Next sequence number this side will send. */
  next: number;
  /** Octets this side sent which the other has not acknowledged yet. */
  unacked: number;
}

function side(last: number, port: number, isn: number): Side {
  const endpoint = { mac: Uint8Array.of(2, 0, 0, 0, 0, last), ip: Uint8Array.of(192, 0, 2, last), port };
  return { endpoint, next: isn, unacked: 0 };
}

/** Frame `from` sends now; moves its sequence number on. SYN and FIN take one number each (RFC 9293 section 3.4). */
function send(file: CaptureFile, from: Side, to: Side, what: { flags: number; payload?: Uint8Array }): Uint8Array {
  const payload = what.payload ?? new Uint8Array(0);
  const ack = (what.flags & ACK) === 0 ? 0 : to.next;
  const frame = ethernetFrame({
    from: from.endpoint,
    to: to.endpoint,
    seq: from.next,
    ack,
    flags: what.flags,
    ipId: file.nextIpId(),
    payload,
  });
  const octets = payload.length + ((what.flags & (SYN | FIN)) === 0 ? 0 : 1);
  from.next = (from.next + octets) >>> 0;
  from.unacked += octets;
  if (ack !== 0) to.unacked = 0;
  return frame;
}

function segments(file: CaptureFile, from: Side, to: Side, bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += MSS) {
    const payload = bytes.subarray(at, at + MSS);
    const flags = at + MSS < bytes.length ? ACK : ACK | PSH;
    frames.push(send(file, from, to, { flags, payload }));
    if (from.unacked >= ACK_AFTER) frames.push(send(file, to, from, { flags: ACK }));
  }
  return frames;
}

function startConversation(file: CaptureFile, client: Side, server: Side): Conversation {
  let open = true;
  file.append([
    send(file, client, server, { flags: SYN }),
    send(file, server, client, { flags: SYN | ACK }),
    send(file, client, server, { flags: ACK }),
  ]);
  const carry = (from: Side, to: Side, bytes: Uint8Array): void => {
    if (open && bytes.length > 0) file.append(segments(file, from, to, bytes));
  };
  return {
    fromClient: (bytes) => carry(client, server, bytes),
    fromServer: (bytes) => carry(server, client, bytes),
    close: () => {
      if (!open) return;
      open = false;
      file.append([
        send(file, client, server, { flags: FIN | ACK }),
        send(file, server, client, { flags: FIN | ACK }),
        send(file, client, server, { flags: ACK }),
      ]);
    },
  };
}

/**
 * Opens (and empties) `file`. Throws what open(2) throws: the caller named the file, so it should hear of a wrong name at once.
 * `now` gives microseconds since 1970.
 */
export function openPcap(file: string, now: MicroClock = systemMicros): Pcap {
  const capture = new CaptureFile(file, now);
  let nextPort = FIRST_CLIENT_PORT;
  const freePort = (): number => {
    const port = nextPort;
    nextPort = port === 65_535 ? FIRST_CLIENT_PORT : port + 1;
    return port;
  };
  return {
    conversation: (serverPort, clientPort = freePort()) =>
      startConversation(capture, side(1, clientPort, 1000), side(2, serverPort, 5000)),
    close: () => {
      const failure = capture.close();
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
  };
}
