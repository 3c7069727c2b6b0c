// What the parts of the SMSC share.
import type { Socket } from 'node:net';
import type { FaultBook } from './faults.ts';
import type { Fates, Power } from './fates.ts';
import type { Inbox } from './inbox.ts';
import type { Allowance } from './limits.ts';
import type { WaitingRoom } from './waiting-room.ts';
import type { Metrics } from './metrics.ts';
import type { SentBook } from './sent.ts';
import type { SmscOptions } from './options.ts';
import type { Session } from './session.ts';
import type { UssdGateway } from './ussd.ts';
import type { Topic } from './topic.ts';
import type { Traffic } from './traffic.ts';
import { canReceive } from './session-fsm.ts';
import type { MessageBook } from './message-book.ts';

export interface Core {
  readonly options: SmscOptions;
  readonly sessions: Set<Session>;
  readonly faults: FaultBook;
  readonly fates: Fates;
  readonly power: Power;
  /** Submits that each account has left this second. */
  readonly allowance: Allowance;
  readonly inbox: Inbox;
  readonly metrics: Metrics;
  readonly book: MessageBook;
  readonly traffic: Traffic;
  readonly ussd: UssdGateway;
  readonly sent: SentBook;
  /** Messages on their way that are not there yet. */
  readonly waiting: WaitingRoom;
  /** Takes a connection as one more session, whoever opened it. */
  readonly accept: (socket: Socket) => Session;
  /** Told at each accepted bind. */
  readonly bound: Topic<Session>;
  /** Told at each connection that ended. */
  readonly closed: Topic<Session>;
  /** Aborted when the SMSC closes. */
  readonly stopping: AbortSignal;
}

/** The bind of the account that receives and has the least in flight. */
export function receiverOf(core: Core, account: string): Session | undefined {
  return [...core.sessions]
    .filter((session) => session.account === account && canReceive(session.state))
    .sort((a, b) => a.inFlight - b.inFlight)[0];
}

/** Resolves at the account's next receiving bind, or undefined when `ms` passed or the SMSC stops. */
export function waitForReceiver(core: Core, account: string, ms: number): Promise<Session | undefined> {
  return new Promise((resolve) => {
    const done = (session?: Session): void => {
      clearTimeout(timer);
      stop();
      core.stopping.removeEventListener('abort', give);
      resolve(session);
    };
    const give = (): void => done();
    const timer = setTimeout(give, ms);
    const stop = core.bound.on((session) => {
      if (session.account === account && canReceive(session.state)) done(session);
    });
    core.stopping.addEventListener('abort', give);
    if (core.stopping.aborted) done();
  });
}
