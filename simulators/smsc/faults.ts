// Fault rules: which PDUs are answered wrongly, late, never, or not at all.
import type { Command } from '../smpp/commands.ts';
import type { Manner } from './outlet.ts';

/** What a rule does to the answer of the request it matches. */
interface Effect {
  /** Whether the SMSC does what the request asks (keeps the message, takes the bind). */
  readonly accepts: boolean;
  readonly answers: boolean;
  readonly drops: boolean;
  readonly manner: Manner;
}

const effect = (part: Partial<Effect>): Effect => ({
  accepts: true,
  answers: true,
  drops: false,
  manner: 'whole',
  ...part,
});

export const ACTIONS = {
  /** Refused with `status`. */
  status: effect({ accepts: false }),
  /** generic_nack with `status` in place of the response. */
  nack: effect({ accepts: false, answers: false }),
  /** Nothing done, nothing answered. */
  silence: effect({ accepts: false, answers: false }),
  /** Done, answered after `delayMs`. */
  delay: effect({}),
  /** Done, but the response is lost. */
  'lose-response': effect({ answers: false }),
  /** Connection cut before anything is done. */
  'drop-connection': effect({ accepts: false, answers: false, drops: true }),
  /** Done, then the connection is cut with the response unsent. */
  'accept-and-drop': effect({ answers: false, drops: true }),
  /** Done; the response leaves octet by octet. */
  split: effect({ manner: 'split' }),
  /** Done; the response leaves in one write with the next PDU. */
  join: effect({ manner: 'join' }),
  /** Done; the response is sent twice. */
  duplicate: effect({ manner: 'duplicate' }),
  /** Done; octets that are no PDU are sent in place of the response. */
  garbage: effect({ manner: 'garbage' }),
  /** Done; the response carries a sequence number nobody asked for. */
  'wrong-sequence': effect({}),
} as const satisfies Record<string, Effect>;

export type Action = keyof typeof ACTIONS;
export const effectOf = (action: Action): Effect => ACTIONS[action];

export interface FaultRule {
  readonly id: number;
  readonly on: Command;
  readonly action: Action;
  /** command_status for 'status' and 'nack'. */
  readonly status: number;
  readonly delayMs: number;
  /** Matches left; undefined means for ever. */
  readonly count?: number | undefined;
  /** Matches let pass first. */
  readonly skip: number;
  /** Regular expressions on destination, source and text of the message; the account is compared whole. */
  readonly matchTo?: string | undefined;
  readonly matchFrom?: string | undefined;
  readonly matchText?: string | undefined;
  readonly account?: string | undefined;
}

/** What is known of the PDU that a rule may match. */
export interface Subject {
  readonly on: Command;
  readonly account?: string | undefined;
  readonly to?: string;
  readonly from?: string;
  readonly text?: string;
}

export interface FaultBook {
  add(rule: Omit<FaultRule, 'id'>): FaultRule;
  /** Removes one rule, or all; says how many. */
  remove(id?: number): number;
  list(): readonly FaultRule[];
  /** The first rule that matches, its count and skip spent; undefined when the PDU goes its usual way. */
  match(subject: Subject): FaultRule | undefined;
}

const fits = (pattern: string | undefined, text: string | undefined): boolean =>
  pattern === undefined || new RegExp(pattern, 'u').test(text ?? '');

function matches(rule: FaultRule, subject: Subject): boolean {
  if (rule.on !== subject.on) return false;
  if (rule.account !== undefined && rule.account !== subject.account) return false;
  return fits(rule.matchTo, subject.to) && fits(rule.matchFrom, subject.from) && fits(rule.matchText, subject.text);
}

export function faultBook(): FaultBook {
  let rules: FaultRule[] = [];
  let lastId = 0;
  const replace = (rule: FaultRule): void => {
    rules = rules.map((other) => (other.id === rule.id ? rule : other));
  };
  const spend = (rule: FaultRule): void => {
    if (rule.count === undefined) return;
    replace({ ...rule, count: rule.count - 1 });
    rules = rules.filter((other) => other.count === undefined || other.count > 0);
  };
  return {
    add(rule) {
      lastId += 1;
      const added = { ...rule, id: lastId };
      rules = [...rules, added];
      return added;
    },
    remove(id) {
      const before = rules.length;
      rules = id === undefined ? [] : rules.filter((rule) => rule.id !== id);
      return before - rules.length;
    },
    list: () => rules,
    match(subject) {
      const rule = rules.find((candidate) => matches(candidate, subject));
      if (rule === undefined) return undefined;
      if (rule.skip > 0) {
        replace({ ...rule, skip: rule.skip - 1 });
        return undefined;
      }
      spend(rule);
      return rule;
    },
  };
}
