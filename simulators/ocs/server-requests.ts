/** Requests of the OCS's own: RAR and ASR for a session (RFC 8506 section 5.5, RFC 6733 section 8.5), DPR for a peer. */
import { APPLICATION, COMMAND } from '../diameter/dictionary.ts';
import type { Avp } from '../diameter/avp.ts';
import type { Message } from '../diameter/message.ts';
import { avp, numberOf } from '../diameter/values.ts';
import type { Identity } from './answer.ts';
import { dprAvps } from './base.ts';
import type { OpenSession } from './charge-session.ts';
import type { Peer } from './peer.ts';

/** Where a session's requests go: its client, by name. */
export interface Destination {
  readonly originHost: string;
  readonly originRealm: string;
}

export interface SessionRequest {
  readonly sessionId: string;
  /** Needed where the session is not open here: an event's, or one made up. */
  readonly to?: Destination;
  /** Besides, or instead of its own of the same name. */
  readonly avps?: readonly Avp[];
}

export type Answered =
  /** Result-Code of the answer; none where it has none. */
  | { readonly kind: 'answered'; readonly result: number | undefined; readonly answer: Message }
  /** The connection went before an answer came. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'nobody'; readonly reason: string };

interface Around {
  readonly identity: Identity;
  readonly peers: ReadonlySet<Peer>;
  readonly session: (sessionId: string) => OpenSession | undefined;
}

const openPeers = ({ peers }: Around): readonly Peer[] => [...peers].filter((peer) => peer.state === 'open');

/** The client's own connection, or any other: it may be a relay that knows the way. */
function peerFor(around: Around, host: string): Peer | undefined {
  const open = openPeers(around);
  return open.find((peer) => peer.identity?.originHost === host) ?? open[0];
}

function ask(peer: Peer, command: number, application: number, avps: readonly Avp[]): Promise<Answered> {
  const answered = new Promise<Answered>((resolve) => {
    peer.request({ command, application, avps, proxiable: application !== APPLICATION.base }, (answer) => {
      resolve({ kind: 'answered', result: numberOf(answer.avps, 'Result-Code'), answer });
    });
  });
  return Promise.race([answered, peer.whenGone().then((): Answered => ({ kind: 'gone' }))]);
}

function sessionAvps(around: Around, request: SessionRequest, to: Destination, own: readonly Avp[]): readonly Avp[] {
  const extra = request.avps ?? [];
  const usual = [
    avp('Session-Id', request.sessionId),
    avp('Origin-Host', around.identity.originHost),
    avp('Origin-Realm', around.identity.originRealm),
    avp('Destination-Realm', to.originRealm),
    avp('Destination-Host', to.originHost),
    avp('Auth-Application-Id', APPLICATION.creditControl),
    ...own,
  ];
  const replaced = (one: Avp): boolean => extra.some((other) => other.code === one.code && other.vendor === one.vendor);
  return [...usual.filter((one) => !replaced(one)), ...extra];
}

function sessionRequest(
  around: Around,
  request: SessionRequest,
  command: number,
  own: readonly Avp[],
): Promise<Answered> {
  const to = request.to ?? around.session(request.sessionId);
  if (to === undefined) return nobody(`session ${request.sessionId} is not open: say whom to ask`);
  const peer = peerFor(around, to.originHost);
  if (peer === undefined) return nobody('no peer is open');
  return ask(peer, command, APPLICATION.creditControl, sessionAvps(around, request, to, own));
}

const nobody = (reason: string): Promise<Answered> => Promise.resolve({ kind: 'nobody', reason });

/** RAR: the client shall answer 2002 and send a CCR-U. Re-Auth-Request-Type 0, AUTHORIZE_ONLY. */
export function reauthorize(around: Around, request: SessionRequest): Promise<Answered> {
  return sessionRequest(around, request, COMMAND.RA, [avp('Re-Auth-Request-Type', 0)]);
}

/** ASR: the client shall answer and end the session with a CCR-T. */
export function abort(around: Around, request: SessionRequest): Promise<Answered> {
  return sessionRequest(around, request, COMMAND.AS, []);
}

/** DPR with a Disconnect-Cause (0 REBOOTING, 1 BUSY, 2 DO_NOT_WANT_TO_TALK_TO_YOU); the connection closes after the DPA. */
export async function disconnect(around: Around, originHost: string, cause: number): Promise<Answered> {
  const peer = openPeers(around).find((one) => one.identity?.originHost === originHost);
  if (peer === undefined) return nobody(`no open peer is called ${originHost}`);
  const outcome = await ask(peer, COMMAND.DP, APPLICATION.base, dprAvps(around.identity, cause));
  peer.end();
  return outcome;
}
