/** Ready layouts of what a CCR carries beside the charge itself (3GPP TS 32.299 7.2; TS 32.274 6.2 for SMS). */
import type { Layout } from './layout.ts';

/** Address-Type MSISDN, TS 32.299 7.2.8. */
const MSISDN = 1;
/** SM-Message-Type SUBMISSION, TS 32.299 7.2.170. */
const SUBMISSION = 0;
/** SMS-Node SMS-SC, TS 32.299 7.2.176. */
const SMS_SC = 3;

const recipient: Layout = [
  [
    'Recipient-Address',
    [
      ['Address-Type', MSISDN],
      ['Address-Data', '{msisdn}'],
    ],
  ],
];

export const LAYOUTS = {
  /** RFC 8506 alone. */
  none: [],
  /** The ordered content as a short message to the subscriber. */
  '3gpp-sms': [
    [
      'Service-Information',
      [
        [
          'SMS-Information',
          [
            ['SMS-Node', SMS_SC],
            ['SM-Message-Type', SUBMISSION],
            ['Recipient-Info', recipient],
          ],
        ],
      ],
    ],
  ],
  /** A value-added service, named by the ids that MMS-Information lends to it. */
  '3gpp-vas': [
    [
      'Service-Information',
      [['MMS-Information', [...recipient, ['VASP-ID', 'orderd'], ['VAS-ID', '{serviceIdentifier}']]]],
    ],
  ],
} as const satisfies Record<string, Layout>;

export type LayoutName = keyof typeof LAYOUTS;
