import type { DenialReason } from '../../domain/charge.ts';
import type { NoticeKind } from '../../domain/notice.ts';

/** What a denied charge is called when the subscriber reads of it. */
export const DENIED: Readonly<Record<DenialReason, NoticeKind>> = {
  balance: 'no-balance',
  'not-allowed': 'not-allowed',
  'unknown-user': 'not-allowed',
  rating: 'not-charged',
  failed: 'not-charged',
};
