// The SMSC calls an ESME that does not keep a bind open (SMPP 3.4 section 2.2.1).
import { once } from 'node:events';
import { connect } from 'node:net';
import { encode } from '../smpp/codec.ts';
import { pdu } from '../smpp/pdu.ts';
import type { Core } from './core.ts';
import type { Session } from './session.ts';

export interface OutbindRequest {
  readonly host: string;
  readonly port: number;
  /** Empty for the SMSC's own name. */
  readonly systemId?: string | undefined;
  readonly password: string;
}

/** Resolves with the session once the ESME has bound on it, or with undefined after `waitMs`; rejects when nobody listens. */
export async function callEsme(
  core: Core,
  { host, port, systemId = core.options.systemId, password }: OutbindRequest,
  waitMs: number,
): Promise<Session | undefined> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  const session = core.accept(socket);
  session.write(encode(pdu('outbind', 1, { fields: { system_id: systemId, password } })));
  return new Promise((resolve) => {
    const done = (found?: Session): void => {
      clearTimeout(timer);
      stops.forEach((stop) => stop());
      resolve(found);
    };
    const timer = setTimeout(done, waitMs);
    const stops = [
      core.bound.on((bound) => {
        if (bound === session) done(session);
      }),
      core.closed.on((closed) => {
        if (closed === session) done();
      }),
    ];
  });
}
