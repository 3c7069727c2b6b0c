/** How an answer leaves: as it should, or as a fault rule spoils it. */
import { V_BIT, M_BIT, type Avp } from '../diameter/avp.ts';
import { COMMAND, APPLICATION } from '../diameter/dictionary.ts';
import { encodeMessage, type Message } from '../diameter/message.ts';
import { avp } from '../diameter/values.ts';
import { dprAvps } from './base.ts';
import type { Identity } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Fault, FaultAction } from './faults.ts';
import type { Peer } from './peer.ts';

export interface Sending {
  readonly peer: Peer;
  readonly answer: Message;
  readonly clock: Clock;
  readonly identity: Identity;
}

/** A vendor and code that nobody assigned. */
const UNKNOWN = { vendor: 99_999, code: 7777 } as const;

function unknownAvp(mandatory: boolean): Avp {
  return { ...UNKNOWN, flags: V_BIT | (mandatory ? M_BIT : 0), data: Buffer.from('not known') };
}

const withAvps = (answer: Message, extra: readonly Avp[]): Message => {
  const replaced = (old: Avp): boolean => extra.some((one) => one.code === old.code && one.vendor === old.vendor);
  return { ...answer, avps: [...answer.avps.filter((old) => !replaced(old)), ...extra] };
};

/** The first AVP after the header says length 0, which a careless parser loops over for ever. */
function zeroLengthAvp(answer: Message): Buffer {
  const bytes = encodeMessage(answer);
  bytes.writeUIntBE(0, 25, 3);
  return bytes;
}

/** Three octets too few for a header, then noise: no length in it can be believed. */
const GARBAGE = Buffer.from('ffffffff000000000badc0dedeadbeef', 'hex');

type Way = (sending: Sending, fault: Fault) => void;
const asItIs: Way = ({ peer, answer }) => peer.send(answer);
const nothing: Way = () => undefined;

const WAYS: Readonly<Record<FaultAction, Way>> = {
  silence: nothing,
  drop: ({ peer }) => peer.destroy(),
  result: asItIs,
  delay: asItIs,
  hold: asItIs,
  grant: asItIs,
  late: ({ peer, answer, clock }, fault) => void clock.after(fault.delayMs ?? 0, () => peer.send(answer)),
  duplicate: ({ peer, answer }) => {
    peer.send(answer);
    peer.send(answer);
  },
  split: ({ peer, answer }) => peer.sendBytes(encodeMessage(answer), true),
  garbage: ({ peer }) => peer.sendBytes(GARBAGE),
  'broken-avp': ({ peer, answer }) => peer.sendBytes(zeroLengthAvp(answer)),
  'strange-id': ({ peer, answer }) => peer.send({ ...answer, hopByHop: ~answer.hopByHop >>> 0 }),
  dpr: ({ peer, answer, identity }, fault) => {
    const avps = dprAvps(identity, fault.cause);
    peer.request({ command: COMMAND.DP, application: APPLICATION.base, avps }, () => peer.end());
    peer.send(answer);
  },
  'unknown-avp': ({ peer, answer }, fault) => peer.send(withAvps(answer, [unknownAvp(fault.mandatory)])),
  avps: ({ peer, answer }, fault) => peer.send(withAvps(answer, fault.avps ?? [])),
  'origin-host': ({ peer, answer }, fault) => peer.send(withAvps(answer, [avp('Origin-Host', fault.originHost ?? '')])),
};

export function deliver(sending: Sending, fault: Fault | undefined): void {
  if (fault === undefined) sending.peer.send(sending.answer);
  else WAYS[fault.action](sending, fault);
}
