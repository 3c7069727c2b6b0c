import type { BindMode } from './session/bind.ts';
import { STATUS } from './pdu.ts';
import type { LinkSettings } from './settings.ts';
import { isPasswordRefusal } from './status-classes.ts';

/** The sessions that a link is made of: a transceiver, or a transmitter and a receiver. */
export type BindShape = 'trx' | 'tx+rx';

export const MODES: Readonly<Record<BindShape, readonly BindMode[]>> = { trx: ['trx'], 'tx+rx': ['tx', 'rx'] };

const OTHER: Readonly<Record<BindShape, BindShape>> = { trx: 'tx+rx', 'tx+rx': 'trx' };

/** What `bind: auto` has seen of its SMSC, as one value. */
export interface AutoBind {
  readonly shape: BindShape;
  /** In which the link was wholly bound once: then the SMSC speaks it, and failures have other causes. */
  readonly worked: Readonly<Record<BindShape, boolean>>;
  /** Fruitless binds of each session since the shape was taken. */
  readonly failed: Readonly<Record<BindMode, number>>;
}

/** A bind that was sent and did not succeed. */
export interface FruitlessBind {
  readonly mode: BindMode;
  /** Undefined when the peer closed or kept silent. */
  readonly refusal: number | undefined;
  /** Another session of the link is bound, so the password is good. */
  readonly otherBound: boolean;
}

/** Fruitless binds of one session before the other shape is tried. */
const TRIES = 3;

const NONE: AutoBind['failed'] = { trx: 0, tx: 0, rx: 0 };

/** A 3.3 link gets no bind_transceiver, whatever happens. */
export function isFree({ bind, interfaceVersion }: LinkSettings): boolean {
  return bind === 'auto' && interfaceVersion !== 0x33;
}

export function firstBind(settings: LinkSettings): AutoBind {
  const pair = settings.bind === 'tx+rx' || (settings.bind === 'auto' && !isFree(settings));
  return { shape: pair ? 'tx+rx' : 'trx', worked: { trx: false, 'tx+rx': false }, failed: NONE };
}

export function whollyBound(auto: AutoBind): AutoBind {
  return { ...auto, worked: { ...auto.worked, [auto.shape]: true } };
}

/**
 * bind_transceiver came with 3.4: an older peer answers "unknown command", or just closes. So does a load balancer whose
 * SMSC is away: a pair that was taken by mistake, and is refused by half where one bind is allowed, is given up again.
 */
export function afterFruitless(auto: AutoBind, bind: FruitlessBind): AutoBind {
  if (auto.shape === 'trx' && isUnknownCommand(bind.refusal)) return inOtherShape(auto);
  if (!tells(auto.shape, bind)) return auto;
  const failed = { ...auto.failed, [bind.mode]: auto.failed[bind.mode] + 1 };
  const enough = failed[bind.mode] >= TRIES && !auto.worked[auto.shape];
  return enough ? inOtherShape(auto) : { ...auto, failed };
}

function inOtherShape(auto: AutoBind): AutoBind {
  return { ...auto, shape: OTHER[auto.shape], failed: NONE };
}

function isUnknownCommand(refusal: number | undefined): boolean {
  return refusal === STATUS.invalidCommandId || refusal === STATUS.invalidCommandLength;
}

/**
 * Who refuses a transceiver by another status knows the command, except by ESME_RINVBNDSTS or ESME_RBINDFAIL, which some say to an
 * account that may not bind so; a wrong password is as wrong in the other shape.
 */
function tells(shape: BindShape, { refusal, otherBound }: FruitlessBind): boolean {
  if (refusal === undefined || refusal === STATUS.wrongBindState || refusal === STATUS.bindFailed) return true;
  return shape === 'tx+rx' && (otherBound || !isPasswordRefusal(refusal, false));
}
