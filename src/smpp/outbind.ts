import { createHash, timingSafeEqual } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { decodePdu } from './codec/codec.ts';
import type { SmppEnv } from './env.ts';
import { createFramer } from './framing.ts';
import { checkFrame } from './guard.ts';
import { cstring } from './pdu.ts';
import type { LinkSettings, OutbindSettings } from './settings.ts';

/** An outbind is 16 octets of header and two C-strings of at most 16 and 9 (SMPP 3.4 4.1.7): far below this. */
const LONGEST = 64;
/** Connections that have not said who they are yet. */
const MOST_STRANGERS = 8;

/**
 * Waits for an SMSC that calls us when it has something to deliver (SMPP 3.4 2.2.1): its outbind must name it and its
 * password, then the connection is `taken` for a bind_receiver. All else is closed, and never answered.
 */
export class OutbindListener {
  readonly #settings: LinkSettings;
  readonly #outbind: OutbindSettings;
  readonly #env: SmppEnv;
  readonly #taken: (socket: Socket) => void;
  readonly #strangers = new Set<Socket>();
  readonly #server: Server;

  constructor(settings: LinkSettings, outbind: OutbindSettings, env: SmppEnv, taken: (socket: Socket) => void) {
    this.#settings = settings;
    this.#outbind = outbind;
    this.#env = env;
    this.#taken = taken;
    this.#server = serverFor(settings, (socket) => this.#meet(socket));
    this.#server.on('error', (error: NodeJS.ErrnoException) =>
      this.#note('link.outbind-deaf', error.code ?? error.message),
    );
  }

  start(): void {
    const { host, port } = this.#outbind;
    this.#server.listen({ host, port });
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#strangers) socket.destroy();
  }

  #meet(socket: Socket): void {
    const cancel = this.#env.clock.after(this.#settings.connectTimeout, () => turnAway('no outbind came'));
    const framer = createFramer(LONGEST);
    let first = Buffer.alloc(0);
    const forget = (): void => {
      cancel();
      socket.removeAllListeners();
      this.#strangers.delete(socket);
    };
    const turnAway = (why: string): void => {
      forget();
      socket.on('error', () => undefined);
      socket.destroy();
      this.#note('link.outbind-refused', why);
    };
    this.#strangers.add(socket);
    socket.on('error', () => turnAway('the connection broke'));
    socket.on('close', () => turnAway('it closed'));
    socket.on('data', (chunk: Buffer) => {
      first = Buffer.concat([first, chunk]);
      const { frames, fault } = framer.push(chunk);
      const [frame] = frames;
      if (frame === undefined && fault === undefined) return;
      const why = frame === undefined ? 'it speaks no SMPP' : this.#whyNot(frame);
      if (why !== undefined) {
        turnAway(why);
        return;
      }
      forget();
      socket.pause();
      const rest = first.subarray(frame?.length);
      if (rest.length > 0) socket.unshift(rest);
      this.#env.note('link.outbind', { link: this.#settings.name });
      this.#taken(socket);
    });
    if (this.#strangers.size > MOST_STRANGERS) turnAway('too many at once');
  }

  #whyNot(frame: Buffer): string | undefined {
    const checked = checkFrame(frame);
    if (!checked.ok || checked.value.name !== 'outbind') return 'its first PDU is no outbind';
    const pdu = decodePdu(frame, checked.value);
    const named = same(cstring(pdu, 'system_id'), this.#outbind.systemId);
    const proved = same(cstring(pdu, 'password'), this.#outbind.password);
    return named && proved ? undefined : 'its system_id or password is wrong';
  }

  #note(event: 'link.outbind-refused' | 'link.outbind-deaf', why: string): void {
    this.#env.note(event, { link: this.#settings.name, why });
  }
}

/** With TLS the SMSC must prove itself by a certificate as well. */
function serverFor({ tls }: LinkSettings, meet: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(meet);
  const { ca, cert, key } = tls;
  return createTlsServer({ ca, cert, key, minVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: true }, meet);
}

/** In a time that tells nothing of where two texts differ. */
function same(left: string, right: string): boolean {
  const [one, other] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
