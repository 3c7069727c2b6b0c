import type { NoticeKind } from '../domain/notice.ts';

const ABOUT_ORDER = ['provider', 'title', 'price', 'period', 'keyword', 'shortCode'] as const;
const ABOUT_NUMBER = ['shortCode'] as const;
const WITH_SERVICES = ['services', 'shortCode'] as const;

/** What flows pass for each text; a template that names anything else is refused when it is read. */
export const NOTICE_ARGS: Readonly<Record<NoticeKind, readonly string[]>> = {
  ordered: ABOUT_ORDER,
  confirm: [...ABOUT_ORDER, 'minutes'],
  code: [...ABOUT_ORDER, 'minutes', 'code'],
  refused: ABOUT_ORDER,
  declined: ABOUT_ORDER,
  'refused-by-you': ABOUT_NUMBER,
  expired: ABOUT_ORDER,
  'wrong-answer': ABOUT_NUMBER,
  which: WITH_SERVICES,
  'no-balance': ABOUT_ORDER,
  'not-allowed': ABOUT_ORDER,
  'not-charged': ABOUT_ORDER,
  waiting: ABOUT_ORDER,
  suspended: ABOUT_ORDER,
  already: ['title', 'keyword', 'shortCode'],
  stopped: WITH_SERVICES,
  'stopped-all': WITH_SERVICES,
  'stop-which': WITH_SERVICES,
  'stop-nothing': ABOUT_NUMBER,
  'stop-requested': WITH_SERVICES,
  refunded: ABOUT_ORDER,
  list: WITH_SERVICES,
  'list-empty': ABOUT_NUMBER,
  status: WITH_SERVICES,
  'status-empty': ABOUT_NUMBER,
  help: WITH_SERVICES,
  'channel-set': ['channel', 'shortCode'],
  'channel-unavailable': ['channel', 'channels', 'shortCode'],
  'email-needed': ABOUT_NUMBER,
  'code-later': ABOUT_NUMBER,
  'code-limit': ABOUT_NUMBER,
  'confirm-with': WITH_SERVICES,
  complaint: ABOUT_NUMBER,
};
