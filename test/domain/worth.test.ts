import { describe, expect, it } from 'vitest';
import { UTC } from '../../src/domain/calendar.ts';
import type { NoticeArgs, NoticeKind } from '../../src/domain/notice.ts';
import { worthAnew } from '../../src/domain/worth.ts';
import { owed } from '../redis/fixtures.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 1, 27, 18);
/** Over since an hour. */
const notAfter = now - HOUR;
const worth = (kind: NoticeKind, args: NoticeArgs = {}, zone = UTC): number =>
  worthAnew(owed('00-a', kind, { notAfter, args }), { now, maxAge: DAY, zone });

describe('a text that a person says again', () => {
  it.each(['ordered', 'refunded', 'stopped', 'help'] as const)(
    '%s is true for good: worth as long as a new one',
    (kind) => expect(worth(kind)).toBe(now + DAY),
  );

  it.each(['confirm', 'code', 'waiting', 'status', 'list', 'spend-prompt'] as const)(
    '%s was true of its time: worth no longer than it was',
    (kind) => expect(worth(kind)).toBe(notAfter),
  );

  it.each(['next', 'until'])(
    'one that names a day (%s) is worth until that is over, where the subscriber lives',
    (name) => {
      expect(worth('reminder', { [name]: '2026-02-28' })).toBe(now + DAY);
      expect(worth('reminder', { [name]: '2026-02-27' })).toBe(Date.UTC(2026, 1, 28));
      expect(worth('reminder', { [name]: '2026-02-27' }, () => 3 * HOUR)).toBe(Date.UTC(2026, 1, 27, 21));
      expect(worth('reminder', { [name]: '2026-02-26' })).toBe(notAfter);
    },
  );

  it('is never worth less than before', () => {
    const mt = owed('00-a', 'ordered', { notAfter: now + 2 * DAY });
    expect(worthAnew(mt, { now, maxAge: DAY, zone: UTC })).toBe(now + 2 * DAY);
  });
});
