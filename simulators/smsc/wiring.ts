// Puts the parts of the SMSC together, and says which of them answers which command.
import type { Socket } from 'node:net';
import type { Pdu } from '../smpp/pdu.ts';
import { answer } from './answer.ts';
import { handleBind } from './bind.ts';
import type { Core } from './core.ts';
import { fates, power } from './fates.ts';
import { faultBook } from './faults.ts';
import { inbox } from './inbox.ts';
import type { Journal } from './journal.ts';
import { openJournal } from './journal.ts';
import { buckets } from './limits.ts';
import { messageBook } from './message-book.ts';
import { metrics } from './metrics.ts';
import type { SmscOptions } from './options.ts';
import { handleQuery } from './query.ts';
import { sentBook } from './sent.ts';
import type { SessionHooks } from './session.ts';
import { Session } from './session.ts';
import { isBound } from './session-fsm.ts';
import { handleMulti } from './multi.ts';
import { handleSubmit } from './submit.ts';
import { topic } from './topic.ts';
import { traffic } from './traffic.ts';
import { UssdGateway } from './ussd.ts';
import { handleCancel, handleReplace } from './waiting.ts';

export interface Wiring {
  readonly core: Core;
  readonly journal: Journal;
  readonly stop: AbortController;
}

type Handler = (core: Core, session: Session, request: Pdu, frame: Buffer) => void;

const acknowledge: Handler = (core, session, request) => {
  const rule = core.faults.match({ on: request.command, account: session.account });
  answer(core, { session, request, rule, accept: () => ({ parts: {} }) });
};

const HANDLERS: Partial<Record<Pdu['command'], Handler>> = {
  bind_receiver: handleBind,
  bind_transmitter: handleBind,
  bind_transceiver: handleBind,
  submit_sm: handleSubmit,
  submit_multi: handleMulti,
  data_sm: handleSubmit,
  query_sm: handleQuery,
  enquire_link: acknowledge,
  unbind: acknowledge,
  cancel_sm: handleCancel,
  replace_sm: handleReplace,
};

function hooksOf(core: Core): SessionHooks {
  return {
    request: (session, pdu, frame) => HANDLERS[pdu.command]?.(core, session, pdu, frame),
    bound: (session) => core.bound.tell(session),
    closed: (session) => {
      core.sessions.delete(session);
      core.closed.tell(session);
    },
  };
}

function acceptor(core: Core, journal: Journal): (socket: Socket) => Session {
  let connections = 0;
  const around = { options: core.options, hooks: hooksOf(core), journal };
  return (socket) => {
    connections += 1;
    const session = new Session(`bind-${connections}`, socket, around);
    core.sessions.add(session);
    return session;
  };
}

export function wire(options: SmscOptions): Wiring {
  const stop = new AbortController();
  const sessions = new Set<Session>();
  const files = openJournal(options);
  const counts = metrics(() => [...sessions].filter(({ state }) => isBound(state)).length);
  const core: Core = {
    options,
    sessions,
    faults: faultBook(),
    fates: fates(),
    power: power(),
    allowance: buckets(options.submitRate),
    inbox: inbox(Date.now),
    metrics: counts,
    book: messageBook(),
    traffic: traffic(),
    ussd: new UssdGateway({ options, sessions }),
    sent: sentBook(),
    waiting: new Map(),
    accept: (socket) => accept(socket),
    bound: topic(),
    closed: topic(),
    stopping: stop.signal,
  };
  const journal: Journal = {
    ...files,
    pdu(direction, bytes, party) {
      counts.pdu(direction, bytes);
      core.traffic.add(direction, bytes, party.bind);
      files.pdu(direction, bytes, party);
    },
  };
  const accept = acceptor(core, journal);
  return { core, journal, stop };
}
