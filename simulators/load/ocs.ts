/** The fast OCS: grants every charge with one pre-encoded answer, patched (RFC 6733, RFC 8506 section 3.2). */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { APPLICATION } from '../diameter/dictionary.ts';
import { encodeAvps } from '../diameter/avp.ts';
import { avp } from '../diameter/values.ts';
import { DIAMETER_FRAMES, frameWalker } from './frames.ts';
import { Outgoing } from './outgoing.ts';

export interface OcsSettings {
  readonly host: string;
  readonly port: number;
  /** Of a hundred sessions, so many hear nothing to their first request. */
  readonly silentPercent: number;
  /** Milliseconds until an answer. */
  readonly delay: number;
}

export interface OcsCounts {
  requests: number;
  answered: number;
  silent: number;
  /** Requests with T, and those whose session had been answered before. */
  resent: number;
  repeats: number;
}

const COMMAND = { cer: 257, ccr: 272, dwr: 280, dpr: 282 } as const;
const CODE = { sessionId: 263, requestType: 416, requestNumber: 415, requestedUnit: 437, grantedUnit: 431 } as const;
const REQUEST = 0x80;
const T_BIT = 0x10;
const HEAD = 20;

const ORIGIN = [avp('Origin-Host', 'ocs.load.example'), avp('Origin-Realm', 'load.example')];
const SUCCESS = avp('Result-Code', 2001);

const CREDIT = encodeAvps([SUCCESS, ...ORIGIN, avp('Auth-Application-Id', APPLICATION.creditControl)]);
const CAPABILITIES = encodeAvps([
  SUCCESS,
  ...ORIGIN,
  avp('Host-IP-Address', '127.0.0.1'),
  avp('Vendor-Id', 0),
  avp('Product-Name', 'orderd load'),
  avp('Auth-Application-Id', APPLICATION.creditControl),
]);
const PLAIN = encodeAvps([SUCCESS, ...ORIGIN]);

/** Where the AVPs stand that an answer takes over; -1 where there is none. */
interface Found {
  session: number;
  type: number;
  number: number;
  unit: number;
}

const padded = (length: number): number => (length + 3) & ~3;
const lengthAt = (bytes: Buffer, at: number): number => padded(bytes.readUInt32BE(at + 4) & 0xff_ffff);

function look(bytes: Buffer, offset: number, end: number): Found {
  const found: Found = { session: -1, type: -1, number: -1, unit: -1 };
  for (let at = offset + HEAD; at + 8 <= end;) {
    const code = bytes.readUInt32BE(at);
    if (code === CODE.sessionId) found.session = at;
    else if (code === CODE.requestType) found.type = at;
    else if (code === CODE.requestNumber) found.number = at;
    else if (code === CODE.requestedUnit) found.unit = at;
    at += Math.max(8, lengthAt(bytes, at));
  }
  return found;
}

export class LoadOcs {
  readonly counts: OcsCounts = { requests: 0, answered: 0, silent: 0, resent: 0, repeats: 0 };
  readonly #settings: OcsSettings;
  readonly #server;
  readonly #sockets = new Set<Socket>();
  readonly #answered = new Set<string>();
  #owedSilences = 0;

  constructor(settings: OcsSettings) {
    this.#settings = settings;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<number> {
    const { host, port } = this.#settings;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sessions that heard an answer. */
  get sessions(): number {
    return this.#answered.size;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const out = new Outgoing(socket);
    const walk = frameWalker(DIAMETER_FRAMES, (bytes, offset, end) => this.#answer(out, bytes, offset, end));
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      walk(chunk);
      out.flush();
    });
  }

  #answer(out: Outgoing, bytes: Buffer, offset: number, end: number): void {
    if ((bytes.readUInt8(offset + 4) & REQUEST) === 0) return;
    switch (bytes.readUInt32BE(offset + 4) & 0xff_ffff) {
      case COMMAND.ccr:
        this.#charge(out, bytes, offset, end);
        return;
      case COMMAND.cer:
        this.#put(out, bytes, offset, [CAPABILITIES]);
        return;
      case COMMAND.dwr:
      case COMMAND.dpr:
        this.#put(out, bytes, offset, [PLAIN]);
    }
  }

  #charge(out: Outgoing, bytes: Buffer, offset: number, end: number): void {
    const found = look(bytes, offset, end);
    this.counts.requests++;
    const resent = (bytes.readUInt8(offset + 4) & T_BIT) !== 0;
    if (resent) this.counts.resent++;
    if (!resent && this.#isSilent()) return;
    this.#remember(bytes, found);
    const parts = partsOf(bytes, found);
    if (this.#settings.delay === 0) {
      this.#put(out, bytes, offset, parts);
      return;
    }
    const head = Buffer.from(bytes.subarray(offset, offset + HEAD));
    const kept = [Buffer.concat(parts)];
    setTimeout(() => {
      this.#put(out, head, 0, kept);
      out.flush();
    }, this.#settings.delay);
  }

  #isSilent(): boolean {
    this.#owedSilences += this.#settings.silentPercent;
    if (this.#owedSilences < 100) return false;
    this.#owedSilences -= 100;
    this.counts.silent++;
    return true;
  }

  #remember(bytes: Buffer, { session }: Found): void {
    this.counts.answered++;
    const id = session < 0 ? '' : bytes.toString('latin1', session + 8, session + lengthAt(bytes, session));
    const before = this.#answered.size;
    if (this.#answered.add(id).size === before) this.counts.repeats++;
  }

  /** The request's header with R and T cleared, then `parts`. */
  #put(out: Outgoing, bytes: Buffer, offset: number, parts: readonly Buffer[]): void {
    const size = parts.reduce((sum, { length }) => sum + length, HEAD);
    const at = out.claim(size);
    bytes.copy(out.buffer, at, offset, offset + HEAD);
    out.buffer.writeUInt32BE((1 << 24) | size, at);
    out.buffer[at + 4] = (bytes[offset + 4] ?? 0) & 0x40;
    let to = at + HEAD;
    for (const part of parts) to += part.copy(out.buffer, to);
  }
}

/** Session-Id first, then what every answer says, then the request's own type and number, and the units as granted. */
function partsOf(bytes: Buffer, found: Found): readonly Buffer[] {
  const whole = (at: number): readonly Buffer[] => (at < 0 ? [] : [bytes.subarray(at, at + lengthAt(bytes, at))]);
  const unit = whole(found.unit).map((octets) => {
    const granted = Buffer.from(octets);
    granted.writeUInt32BE(CODE.grantedUnit, 0);
    return granted;
  });
  return [...whole(found.session), CREDIT, ...whole(found.type), ...whole(found.number), ...unit];
}
