import type { Command } from './command.ts';
import { AUDIT } from './commands/audit.ts';
import { CHECK_CONFIG } from './commands/check-config.ts';
import { CREDIT_WHAT_IF } from './commands/credit-what-if.ts';
import { DEAD_LETTER_LIST } from './commands/dead-letter-list.ts';
import { ERASE } from './commands/erase.ts';
import { EVIDENCE_EXPORT } from './commands/evidence-export.ts';
import { EVIDENCE_KEY } from './commands/evidence-key.ts';
import { EVIDENCE_SHOW } from './commands/evidence-show.ts';
import { EVIDENCE_VERIFY } from './commands/evidence-verify.ts';
import { DEAD_LETTER_VERBS } from './commands/dead-letter-verbs.ts';
import { EXPORT } from './commands/export.ts';
import { HASH_PASSWORD } from './commands/hash-password.ts';
import { LINK_VERBS } from './commands/link-verbs.ts';
import { LINKS } from './commands/links.ts';
import { ORDER_RESOLVE } from './commands/order-resolve.ts';
import { ORDER_SHOW } from './commands/order-show.ts';
import { ORDER_TRACE } from './commands/order-trace.ts';
import { ORDERS } from './commands/orders.ts';
import { OUTBOX_COMMANDS } from './commands/outbox.ts';
import { PEERS } from './commands/peers.ts';
import { PROVIDER_COMMANDS } from './commands/providers.ts';
import { QUEUES } from './commands/queues.ts';
import { RECONCILE } from './commands/reconcile.ts';
import { COMPLAIN } from './commands/complain.ts';
import { HOLD_VERBS } from './commands/holds.ts';
import { REFUND } from './commands/refund.ts';
import { SUBSCRIBER } from './commands/subscriber.ts';
import { STATUS } from './commands/status.ts';

/** Every command: one file each, one line here, in the order in which help shows them. */
export const COMMANDS: readonly Command[] = [
  STATUS,
  LINKS,
  ...LINK_VERBS,
  PEERS,
  QUEUES,
  ...OUTBOX_COMMANDS,
  ORDERS,
  ORDER_SHOW,
  ORDER_TRACE,
  ORDER_RESOLVE,
  REFUND,
  COMPLAIN,
  ...HOLD_VERBS,
  SUBSCRIBER,
  DEAD_LETTER_LIST,
  ...DEAD_LETTER_VERBS,
  ...PROVIDER_COMMANDS,
  RECONCILE,
  AUDIT,
  CREDIT_WHAT_IF,
  CHECK_CONFIG,
  HASH_PASSWORD,
  EVIDENCE_SHOW,
  EVIDENCE_EXPORT,
  EVIDENCE_VERIFY,
  EVIDENCE_KEY,
  ERASE,
  EXPORT,
];
