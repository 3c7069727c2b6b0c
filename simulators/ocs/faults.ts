/** Fault rules: what the OCS shall do wrong, to whom, how often. One schema for HTTP, scripts and tests. */
import { z } from 'zod';
import { avpSchema } from './json-avp.ts';
import type { CreditRequest } from './request.ts';

/** Fields an action cannot do without, and whether it may say `debit`. */
const ACTIONS = {
  /** Never answered. debit true: booked first, as when the answer is lost; false (default): as when the request is. */
  silence: { needs: [], debit: true },
  /** The connection is destroyed instead of answering; debit as in silence. */
  drop: { needs: [], debit: true },
  /** Answered with resultCode or experimental. debit true: booked all the same; false (default): nothing moves. */
  result: { needs: [], debit: true },
  /** Taken in at once, decided (debited) and answered after delayMs; a repeat meanwhile waits with it. */
  delay: { needs: ['delayMs'], debit: false },
  /** Debited at once, answered after delayMs. */
  late: { needs: ['delayMs'], debit: false },
  /** Held on the way for delayMs, so that a repeat sent meanwhile arrives first. */
  hold: { needs: ['delayMs'], debit: false },
  /** The answer is sent twice. */
  duplicate: { needs: [], debit: false },
  /** The answer goes out one octet at a time. */
  split: { needs: [], debit: false },
  /** Instead of the answer, octets that are no Diameter message; debit as in silence. */
  garbage: { needs: [], debit: true },
  /** An answer whose first AVP says length 0; debit as in silence. */
  'broken-avp': { needs: [], debit: true },
  /** An answer with a Hop-by-Hop id that nobody asked with; debit as in silence. */
  'strange-id': { needs: [], debit: true },
  /** DPR with `cause` is sent first, then the answer. */
  dpr: { needs: [], debit: false },
  /** The answer carries an AVP that no dictionary knows, with the M bit where `mandatory`. */
  'unknown-avp': { needs: [], debit: false },
  /** The answer carries `avps` besides its own (replacing its own of the same name). */
  avps: { needs: ['avps'], debit: false },
  /** Grants, and debits or holds, `units` (counted units, or minor units of money) instead of what was asked. */
  grant: { needs: ['units'], debit: false },
  /** The answer comes from `originHost`, as behind a relay or proxy. */
  'origin-host': { needs: ['originHost'], debit: false },
} as const satisfies Record<string, { needs: readonly string[]; debit: boolean }>;

export type FaultAction = keyof typeof ACTIONS;

const actionNames = Object.keys(ACTIONS) as [FaultAction, ...FaultAction[]];
const code = z.int().min(0).max(0xffff_ffff);
const fields = z.strictObject({
  action: z.enum(actionNames),
  /** The request that the rule is about. */
  command: z.enum(['CCR', 'CER', 'DWR', 'DPR']).default('CCR'),
  matchMsisdn: z.string().optional(),
  /** Origin-Host of the request. */
  matchPeer: z.string().optional(),
  matchRequestType: z.enum(['INITIAL', 'UPDATE', 'TERMINATION', 'EVENT']).optional(),
  matchAction: z.enum(['DIRECT_DEBITING', 'REFUND_ACCOUNT', 'CHECK_BALANCE', 'PRICE_ENQUIRY']).optional(),
  /** The T bit. */
  matchRetransmit: z.boolean().optional(),
  /** Applies that often, then is gone; without it until deleted. */
  count: z.int().min(1).optional(),
  /** Lets that many matching requests through first. */
  skip: z.int().min(0).default(0),
  /** Share of matching requests that it hits, by the seeded generator. */
  chance: z.number().min(0).max(1).default(1),
  debit: z.boolean().optional(),
  delayMs: z.int().min(0).max(86_400_000).optional(),
  resultCode: code.optional(),
  experimental: z.strictObject({ vendorId: code, resultCode: code }).optional(),
  /** Disconnect-Cause: 0 REBOOTING, 1 BUSY, 2 DO_NOT_WANT_TO_TALK_TO_YOU. */
  cause: z.int().min(0).max(2).default(1),
  mandatory: z.boolean().default(false),
  originHost: z.string().min(1).optional(),
  units: z.int().min(0).optional(),
  avps: z.array(avpSchema).min(1).optional(),
});

export const faultSchema = fields.superRefine((rule, context) => {
  const { needs, debit } = ACTIONS[rule.action];
  for (const field of needs) {
    if (rule[field] === undefined)
      context.addIssue({ code: 'custom', path: [field], message: `action ${rule.action} needs ${field}` });
  }
  if (rule.debit !== undefined && !debit) {
    context.addIssue({ code: 'custom', path: ['debit'], message: `action ${rule.action} always debits as asked` });
  }
  if (rule.action === 'result' && (rule.resultCode === undefined) === (rule.experimental === undefined)) {
    context.addIssue({
      code: 'custom',
      path: ['resultCode'],
      message: 'action result needs resultCode or experimental',
    });
  }
});

export type FaultInput = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;

/** The rule as it was given, while it stands. */
export type StandingFault = FaultInput & {
  readonly id: number;
  /** How often it struck. */
  readonly hits: number;
};

export interface Subject {
  readonly command: Fault['command'];
  readonly originHost: string;
  /** Only of a CCR that could be read. */
  readonly credit?: CreditRequest;
}

/** Whether credit control runs under this fault. */
export function books(rule: Fault): boolean {
  return ACTIONS[rule.action].debit ? rule.debit === true : true;
}

export interface Faults {
  /** Throws a ZodError that names the field at fault. */
  add(rule: FaultInput): StandingFault;
  list(): readonly StandingFault[];
  remove(id: number): boolean;
  clear(): void;
  /** Whether a rule ever made the OCS answer as that Origin-Host: a peer may have learnt it. */
  answeredAs(host: string): boolean;
  /** The first rule that strikes `subject`, counted. */
  strike(subject: Subject): Fault | undefined;
}

/** Every condition that the rule states holds for the subject. */
function matches(rule: Fault, subject: Subject): boolean {
  const { credit } = subject;
  const conditions: readonly (readonly [unknown, unknown])[] = [
    [rule.command, subject.command],
    [rule.matchPeer, subject.originHost],
    [rule.matchMsisdn, credit?.msisdn],
    [rule.matchRequestType, credit?.requestType],
    [rule.matchAction, credit?.action],
    [rule.matchRetransmit, credit?.retransmit],
  ];
  return conditions.every(([wanted, found]) => wanted === undefined || wanted === found);
}

interface Standing {
  readonly id: number;
  readonly given: FaultInput;
  readonly rule: Fault;
  hits: number;
  skipped: number;
}

/** `random` gives numbers in [0, 1), for `chance`. */
export function createFaults(random: () => number): Faults {
  let standing: Standing[] = [];
  let lastId = 0;
  const aliases = new Set<string>();
  const view = (one: Standing): StandingFault => ({ ...one.given, id: one.id, hits: one.hits });

  function strikes(one: Standing): boolean {
    if (one.skipped < one.rule.skip) {
      one.skipped += 1;
      return false;
    }
    return one.rule.chance === 1 || random() < one.rule.chance;
  }

  return {
    add: (rule) => {
      const parsed = faultSchema.parse(rule);
      const one: Standing = { id: (lastId += 1), given: rule, rule: parsed, hits: 0, skipped: 0 };
      standing.push(one);
      if (parsed.originHost !== undefined) aliases.add(parsed.originHost.toLowerCase());
      return view(one);
    },
    answeredAs: (host) => aliases.has(host.toLowerCase()),
    list: () => standing.map(view),
    remove: (id) => {
      const before = standing.length;
      standing = standing.filter((one) => one.id !== id);
      return standing.length < before;
    },
    clear: () => void (standing = []),
    strike: (subject) => {
      const hit = standing.find((one) => matches(one.rule, subject) && strikes(one));
      if (hit === undefined) return undefined;
      hit.hits += 1;
      if (hit.hits === hit.rule.count) standing = standing.filter((one) => one !== hit);
      return hit.rule;
    },
  };
}
