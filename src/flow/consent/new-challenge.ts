import type { Service } from '../../domain/catalogue.ts';
import type { Challenge } from '../../domain/challenge.ts';
import { hex } from '../../domain/ids.ts';
import type { OwedMt } from '../../domain/notice.ts';
import { leftArgs } from '../../domain/notice.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Incoming } from '../incoming.ts';
import { owedAbout } from '../incoming.ts';
import { timesOf } from '../say/moved-challenge.ts';
import type { Ports } from '../ports/ports.ts';

/** E16: the window is its channel's, and a code lives inside it. What the subscriber must answer is frozen here. */
export function newChallenge(p: Ports, { now }: Incoming, service: Service, frozen: FrozenOrder): Challenge {
  const { windows, codeLife, digits } = p.settings().challenge;
  const windowEndsAt = now + (service.challengeWindow ?? windows[frozen.channel]);
  const life = service.codeLife ?? codeLife;
  const otp = frozen.decision.interaction === 'otp';
  return {
    kind: otp ? 'otp' : 'confirm',
    codeEndsAt: otp ? Math.min(windowEndsAt, now + life) : windowEndsAt,
    windowEndsAt,
    codes: 1,
    ...(otp ? { digits, codeLife: life } : {}),
    ...(!otp && p.policy().profile.plainYes === false ? { needsKeyword: true } : {}),
    ...freshCode(p, now),
  };
}

/** E15: a new code is a new challenge id. Undefined when its window leaves it no time. */
export function nextCode(p: Ports, challenge: Challenge, now: number): Challenge | undefined {
  const { windowEndsAt, codeLife = p.settings().challenge.codeLife, codes = 1 } = challenge;
  if (now >= windowEndsAt) return undefined;
  const codeEndsAt = Math.min(windowEndsAt, now + codeLife);
  return { ...challenge, ...freshCode(p, now), codeEndsAt, codes: codes + 1 };
}

function freshCode(p: Ports, now: number) {
  const { maxTries } = p.settings().challenge;
  return { id: hex(p.random(16)), keyId: p.hashing.currentCodeKey, maxTries, issuedAt: now };
}

/**
 * Counted from the challenge's beginning: the milliseconds since would make five minutes four. A USSD dialogue may end before its
 * window does, which what stands in for it then uses: the screen tells of the dialogue.
 */
function timesTold(p: Ports, { channel }: FrozenOrder, challenge: Challenge): ReturnType<typeof timesOf> {
  const from = challenge.issuedAt ?? p.clock.now();
  const times = timesOf(challenge, from);
  const { ussdAnswer } = p.settings().challenge;
  if (channel !== 'ussd' || ussdAnswer === undefined) return times;
  return { ...times, args: leftArgs(Math.min(challenge.codeEndsAt - from, ussdAnswer)) };
}

export function challengeText(p: Ports, frozen: FrozenOrder, challenge: Challenge): OwedMt {
  const { notAfter, args } = timesTold(p, frozen, challenge);
  const { id: challengeId, keyId, digits } = challenge;
  if (challenge.kind === 'otp') return { ...owedAbout(p, frozen, 'code', args), challengeId, keyId, digits, notAfter };
  const keyed = challenge.needsKeyword === true ? 'yes' : 'no';
  return { ...owedAbout(p, frozen, 'confirm', { ...args, keyed }), notAfter };
}
