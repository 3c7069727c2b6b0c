import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

/** Command ids by name, written out here so that nothing of the code under test stands behind the script. */
export const ID = {
  genericNack: 0x80000000,
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  bindTransceiver: 0x09,
  submitSm: 0x04,
  deliverSm: 0x05,
  deliverSmResp: 0x80000005,
  dataSmResp: 0x80000103,
  unbind: 0x06,
  unbindResp: 0x80000006,
  enquireLink: 0x15,
  enquireLinkResp: 0x80000015,
} as const;

const RESPONSE = 0x80000000;

export interface HeardPdu {
  readonly id: number;
  readonly status: number;
  readonly sequence: number;
  readonly frame: Buffer;
}

/** One accepted connection: what came over it, in order, and hex to play into it. */
export class Peer {
  readonly socket: Socket;
  readonly heard: HeardPdu[] = [];
  closed = false;
  #rest = Buffer.alloc(0);
  #waiting: { readonly id: number; readonly resolve: (pdu: HeardPdu) => void }[] = [];
  #whenClosed: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      for (const resolve of this.#whenClosed.splice(0)) resolve();
    });
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The next PDU of that command that nobody expected yet; others stay where they are. */
  expect(id: number): Promise<HeardPdu> {
    const at = this.heard.findIndex((pdu) => pdu.id === id);
    const found = at < 0 ? undefined : this.heard.splice(at, 1)[0];
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => this.#waiting.push({ id, resolve }));
  }

  ended(): Promise<void> {
    return this.closed ? Promise.resolve() : new Promise((resolve) => this.#whenClosed.push(resolve));
  }

  /** A response with `status` and `body` to `pdu`. */
  answer(pdu: HeardPdu, status = 0, body: Buffer = Buffer.alloc(0)): void {
    this.send(header(pdu.id + RESPONSE, status, pdu.sequence, body));
  }

  /** Answers the bind as a 3.4 peer. */
  async acceptBind(id: number = ID.bindTransceiver, version: number | 'none' = 0x34): Promise<HeardPdu> {
    const bind = await this.expect(id);
    const tlv = version === 'none' ? [] : [0x02, 0x10, 0x00, 0x01, version];
    this.answer(bind, 0, Buffer.from([...Buffer.from('SMSC\0'), ...tlv]));
    return bind;
  }

  /** Accepts the next submit_sm under an id. */
  async acceptSubmit(messageId: string): Promise<HeardPdu> {
    const submit = await this.expect(ID.submitSm);
    this.answer(submit, 0, Buffer.from(`${messageId}\0`));
    return submit;
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 16 && this.#rest.length >= this.#rest.readUInt32BE(0)) {
      const frame = this.#rest.subarray(0, this.#rest.readUInt32BE(0));
      this.#rest = this.#rest.subarray(frame.length);
      this.#deliver({
        id: frame.readUInt32BE(4),
        status: frame.readUInt32BE(8),
        sequence: frame.readUInt32BE(12),
        frame,
      });
    }
  }

  #deliver(pdu: HeardPdu): void {
    const at = this.#waiting.findIndex((each) => each.id === pdu.id);
    const waiting = at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
    if (waiting === undefined) this.heard.push(pdu);
    else waiting.resolve(pdu);
  }
}

export function header(id: number, status: number, sequence: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const frame = Buffer.alloc(16 + body.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(id, 4);
  frame.writeUInt32BE(status, 8);
  frame.writeUInt32BE(sequence, 12);
  body.copy(frame, 16);
  return frame;
}

/** A server that does nothing by itself: tests take its connections and play the SMSC. */
export class ScriptedSmsc {
  readonly peers: Peer[] = [];
  readonly #server: Server;
  readonly #unseen: Peer[] = [];
  #waiting: ((peer: Peer) => void)[] = [];

  private constructor() {
    this.#server = createServer((socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#unseen.push(peer);
      else waiting(peer);
    });
  }

  static async listen(): Promise<ScriptedSmsc> {
    const smsc = new ScriptedSmsc();
    await new Promise<void>((resolve) => smsc.#server.listen(0, '127.0.0.1', resolve));
    return smsc;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  connection(): Promise<Peer> {
    const peer = this.#unseen.shift();
    return peer === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(peer);
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
