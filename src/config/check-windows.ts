import type { CrossFault } from './cross-fault.ts';
import { atMost } from './cross-fault.ts';
import type { ConfigInput } from './schema.ts';

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
