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
