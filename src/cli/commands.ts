import type { Command } from './command.ts';
import { CHECK_CONFIG } from './commands/check-config.ts';
import { DEAD_LETTER_LIST } from './commands/dead-letter-list.ts';
import { EVIDENCE_KEY } from './commands/evidence-key.ts';
import { EVIDENCE_VERIFY } from './commands/evidence-verify.ts';
import { HASH_PASSWORD } from './commands/hash-password.ts';
import { LINKS } from './commands/links.ts';
import { ORDER_RESOLVE } from './commands/order-resolve.ts';
import { ORDER_SHOW } from './commands/order-show.ts';
import { ORDERS } from './commands/orders.ts';
import { PEERS } from './commands/peers.ts';
import { QUEUES } from './commands/queues.ts';
import { RECONCILE } from './commands/reconcile.ts';
import { STATUS } from './commands/status.ts';

/** Every command: one file each, one line here, in the order in which help shows them. */
export const COMMANDS: readonly Command[] = [
  STATUS,
  LINKS,
  PEERS,
  QUEUES,
  ORDERS,
  ORDER_SHOW,
  ORDER_RESOLVE,
  DEAD_LETTER_LIST,
  RECONCILE,
  CHECK_CONFIG,
  HASH_PASSWORD,
  EVIDENCE_VERIFY,
  EVIDENCE_KEY,
];
