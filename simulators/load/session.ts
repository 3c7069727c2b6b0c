/** One bind of the peer to the load's SMSC: frames in, patched templates out, one write per turn. */
import type { Socket } from 'node:net';
import { frameWalker, SMPP_FRAMES } from './frames.ts';
import { Outgoing } from './outgoing.ts';
import { bareResponse, bindResponse, COMMAND, STATUS } from './pdus.ts';

export interface SessionOwner {
  bound(session: Session): void;
  submit(session: Session, bytes: Buffer, offset: number, end: number): void;
  /** A deliver_sm_resp, or a generic_nack in its place. */
  delivered(session: Session, sequence: number, status: number): void;
  /** All that a chunk held was handled. */
  turn(): void;
  closed(session: Session, why: string): void;
}

export class Session {
  readonly out: Outgoing;
  /** Takes deliver_sm: bound as receiver or transceiver. */
  receives = false;
  readonly #owner: SessionOwner;

  constructor(socket: Socket, owner: SessionOwner) {
    this.#owner = owner;
    this.out = new Outgoing(socket);
    const walk = frameWalker(SMPP_FRAMES, (bytes, offset, end) => this.#frame(bytes, offset, end));
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      walk(chunk);
      owner.turn();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => owner.closed(this, 'the peer closed its bind'));
  }

  #frame(bytes: Buffer, offset: number, end: number): void {
    const command = bytes.readUInt32BE(offset + 4);
    const sequence = bytes.readUInt32BE(offset + 12);
    if (command === COMMAND.submitSm) this.#owner.submit(this, bytes, offset, end);
    else if (command === COMMAND.deliverSmResp || command === COMMAND.genericNack)
      this.#owner.delivered(this, sequence, bytes.readUInt32BE(offset + 8));
    else this.#manage(command, sequence);
  }

  /** Binds, keepalives and the end; every password is right. */
  #manage(command: number, sequence: number): void {
    switch (command) {
      case COMMAND.bindReceiver:
      case COMMAND.bindTransceiver:
      case COMMAND.bindTransmitter:
        this.receives = command !== COMMAND.bindTransmitter;
        this.out.put(bindResponse(command, sequence));
        this.#owner.bound(this);
        return;
      case COMMAND.enquireLink:
        this.out.put(bareResponse(COMMAND.enquireLinkResp, STATUS.ok, sequence));
        return;
      case COMMAND.unbind:
        this.out.put(bareResponse(COMMAND.unbindResp, STATUS.ok, sequence));
        return;
      default:
        if (command < COMMAND.genericNack)
          this.out.put(bareResponse(COMMAND.genericNack, STATUS.invalidCommand, sequence));
    }
  }
}
