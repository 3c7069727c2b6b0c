import type { CrossFault } from './cross-fault.ts';
import { atMost } from './cross-fault.ts';
import type { ConfigInput } from './schema.ts';

/** Nobody is charged for a week or a month unannounced where the rules ask for a reminder. A day's charge is its own notice. */
export function reminderFaults({ subscriptions, policy: { profile } }: ConfigInput): readonly CrossFault[] {
  const { remindAtLeast = 0 } = profile;
  return (['week', 'month'] as const).flatMap((period) =>
    subscriptions.reminder[period] >= remindAtLeast
      ? []
      : [
          {
            path: ['subscriptions', 'reminder', period],
            text: 'must not be shorter than policy.profile.remindAtLeast',
          },
        ],
  );
}

const DAY_MS = 86_400_000;

/** At its longest. */
const PERIOD_DAYS = { once: 0, day: 1, week: 7, month: 31 } as const;

/** What a provider is told when a subscription ends stands in the order that was placed for it last. */
export function retentionFaults({ catalogue, subscriptions, policy: { profile } }: ConfigInput): readonly CrossFault[] {
  const unpaid = subscriptions.retries.at(-1) ?? 0;
  const needs = catalogue.services.map(({ period, provision }) =>
    provision === undefined || period === 'once' ? 0 : PERIOD_DAYS[period] * DAY_MS + unpaid,
  );
  const longest = Math.max(0, ...needs);
  if (profile.retention.orders >= longest) return [];
  const index = needs.indexOf(longest);
  const text =
    `must be at least a ${catalogue.services[index]?.period ?? ''} and the last of subscriptions.retries, ` +
    `${Math.ceil(longest / DAY_MS)}d: by its last order the provider of catalogue.services[${index}] (period) ` +
    'is told that a subscription has ended';
  return [{ path: ['policy', 'profile', 'retention', 'orders'], text }];
}

/** No challenge is open longer than the profile's rules allow (E16). */
export function windowFaults({ challenge, policy: { profile } }: ConfigInput): readonly CrossFault[] {
  const { windowAtMost, ussdWindowAtMost = windowAtMost } = profile;
  return [
    ...(['window', 'emailWindow', 'ussdWindow'] as const).flatMap((key) =>
      atMost(challenge[key], windowAtMost, ['challenge', key], 'policy.profile.windowAtMost'),
    ),
    ...(ussdWindowAtMost < windowAtMost
      ? atMost(challenge.ussdWindow, ussdWindowAtMost, ['challenge', 'ussdWindow'], 'policy.profile.ussdWindowAtMost')
      : []),
  ];
}
