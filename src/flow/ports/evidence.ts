import type { ChargeVerdict } from '../../domain/charge.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import type { Resolution } from './steps.ts';

/** An order with what only its evidence asks for. */
export interface OrderProof {
  readonly order: Order;
  readonly refundVerdict: ChargeVerdict | undefined;
  readonly resolution: Resolution | undefined;
  /** Why it is disputed. */
  readonly reason: string | undefined;
  /** Result-Code of a reservation's last interrogation. */
  readonly closed: number | undefined;
}

/** A text with what became of it. */
export interface TextProof {
  readonly mt: OwedMt;
  readonly smsc: string | undefined;
  /** Message id of each part, and its last known state. */
  readonly parts: Readonly<Record<string, string>>;
  readonly reason: string | undefined;
}

/** Where evidence looks up what an outbox entry is about. Rejects when the store cannot be reached. */
export interface EvidenceSource {
  /** undefined when its retention is over, or it was erased. */
  order(orderId: string): Promise<OrderProof | undefined>;
  text(mtId: string): Promise<TextProof | undefined>;
}
