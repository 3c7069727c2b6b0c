// Messages from handsets: a text becomes one or more deliver_sm.
import { addressFields } from '../smpp/address.ts';
import type { Body, Carrier } from '../smpp/compose.ts';
import { compose } from '../smpp/compose.ts';
import type { Shift } from '../smpp/national.ts';
import type { PduParts } from '../smpp/pdu.ts';
import { hex, statusName } from '../smpp/status.ts';
import type { Tlv } from '../smpp/tlv.ts';
import type { Core } from './core.ts';
import { receiverOf } from './core.ts';
import type { Outcome } from './delivery.ts';
import { deliver } from './delivery.ts';

export interface MoRequest {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Omitted: the first account that has a receiving bind. */
  readonly account?: string | undefined;
  readonly dataCoding?: number | undefined;
  readonly carrier?: Carrier | undefined;
  /** National language tables for GSM7. */
  readonly shift?: Shift | undefined;
  /** Part numbers in the order to send them, such as [3, 1, 2] or [1, 2, 2]; omitted: each once. */
  readonly order?: readonly number[] | undefined;
  /** Keeps the message until the account binds, where a missing bind would else be an error. */
  readonly queue?: boolean | undefined;
}

export interface MoResult {
  readonly id: string;
  /** The first answer that was not ESME_ROK among the parts, else 0; null when no answer ever came. */
  readonly status: number | null;
  readonly statusName: string | null;
  readonly bind: string;
  readonly redeliveries: number;
  readonly parts: number;
}

export interface MoFault {
  readonly error: string;
  readonly reason: 'bad-request' | 'no-bind';
}

const digits = (address: string): string => address.replace(/^\+/, '');

function moParts(request: MoRequest, body: Body, ownId: readonly Tlv[]): PduParts {
  return {
    fields: {
      ...addressFields(digits(request.from), digits(request.to)),
      esm_class: body.esmClass,
      data_coding: body.dataCoding,
      short_message: body.shortMessage,
    },
    tlvs: [...body.tlvs, ...ownId],
  };
}

function summary(id: string, outcomes: readonly Outcome[]): MoResult {
  const worst = outcomes.find(({ status }) => status !== 0) ?? outcomes[0];
  const status = worst?.status ?? null;
  return {
    id,
    status,
    statusName: status === null ? null : statusName(status),
    bind: worst?.bind ?? '',
    redeliveries: outcomes.reduce((sum, outcome) => sum + outcome.redeliveries, 0),
    parts: outcomes.length,
  };
}

/** Sends the parts in order; each is redelivered by itself. */
export interface MoSender {
  (request: MoRequest): Promise<MoResult> | MoFault;
}

function accountFor(core: Core, request: MoRequest): string | undefined {
  const names =
    request.account === undefined ? core.options.accounts.map(({ systemId }) => systemId) : [request.account];
  return names.find((name) => receiverOf(core, name) !== undefined) ?? (request.queue === true ? names[0] : undefined);
}

interface Part {
  readonly body: Body;
  readonly part: number;
}

/** The parts to send, in the order asked for; or why that cannot be. */
function chosenParts(bodies: readonly Body[], order: readonly number[] | undefined): Part[] | string {
  const chosen: Part[] = [];
  for (const part of order ?? bodies.map((_, index) => index + 1)) {
    const body = bodies[part - 1];
    if (body === undefined) return `order names part ${part}, but the text has ${bodies.length}`;
    chosen.push({ body, part });
  }
  return chosen;
}

const badRequest = (error: string): MoFault => ({ reason: 'bad-request', error });

/** Notes the message with the handset that sent it, now and when it is answered. */
async function follow(
  core: Core,
  request: MoRequest,
  result: { id: string; sent: readonly Promise<Outcome>[] },
): Promise<MoResult> {
  const { from, to, text } = request;
  const mo = { id: result.id, at: new Date().toISOString(), from: digits(from), to: digits(to), text };
  core.sent.note(mo);
  const outcomes = await Promise.all(result.sent);
  for (const { status } of outcomes) if (status !== undefined) core.metrics.mo(status);
  const { status, statusName, ...rest } = summary(result.id, outcomes);
  core.sent.note({ ...mo, status, statusName });
  return { status, statusName, ...rest };
}

export function moSender(core: Core): MoSender {
  let last = Math.floor(Date.now() / 10) % 0x7fffffff;
  const ownId = (id: string, part: number): Tlv[] => {
    const tag = core.options.moIdTag;
    return tag === undefined ? [] : [{ tag, value: Buffer.from(`${id}.${part}\0`, 'latin1') }];
  };
  return (request) => {
    const account = accountFor(core, request);
    if (account === undefined) return { reason: 'no-bind', error: 'no bind that receives; is the ESME running?' };
    last += 1;
    const [id, ref] = [`mo-${hex(last, 8).slice(2)}`, last & 0xffff];
    const bodies = compose({ ...request, carrier: request.carrier ?? 'udh8', ref }, core.options.charset0);
    if (typeof bodies === 'string') return badRequest(bodies);
    const chosen = chosenParts(bodies, request.order);
    if (typeof chosen === 'string') return badRequest(chosen);
    const sent = chosen.map(({ body, part }) =>
      deliver(core, {
        account,
        subject: { to: request.to, from: request.from, text: request.text },
        parts: (session) => moParts(request, body, session.takesTlvs ? ownId(id, part) : []),
      }),
    );
    return follow(core, request, { id, sent });
  };
}
