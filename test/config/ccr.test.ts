import { describe, expect, it } from 'vitest';
import { compileCcr } from '../../src/diameter/ccr.ts';
import { LAYOUTS } from '../../src/diameter/layouts.ts';
import { BASE, configOf, faultsIn, spoil } from './base.ts';

/** BASE with more lines under `diameter:`; the first of them is line 11. */
const diameter = (...lines: readonly string[]): string =>
  spoil('diameter:\n', ['diameter:', ...lines.map((line) => `  ${line}`), ''].join('\n'));

const CAMPAIGN = '{ name: Example-Campaign, code: 1001, vendor: 32473, type: OctetString, mandatory: true }';
const GROUP = '{ name: Example-Group, code: 1002, vendor: 32473, type: Grouped }';

describe('what a CCR carries, in the config', () => {
  it('is the number as E.164 and no layout when nothing is said', async () => {
    const { node } = await configOf(BASE);
    expect(node).toMatchObject({ subscriptionIds: [{ type: 0, data: '{msisdn}' }], layout: 'none', avps: [] });
  });

  it('is a ready layout by its name', async () => {
    expect((await configOf(diameter('layout: 3gpp-vas'))).node.layout).toBe('3gpp-vas');
  });

  it("is a layout of one's own, in its order and with repeated AVPs", async () => {
    const { node } = await configOf(
      diameter(
        'layout:',
        '  - Service-Information:',
        '      - MMS-Information:',
        '          - Recipient-Address: [Address-Type: 1, Address-Data: "{msisdn}"]',
        '          - Recipient-Address: [Address-Type: 6, Address-Data: orderd]',
        "          - VAS-ID: '{serviceIdentifier}'",
        '  - 318:10415: hex:0a0b',
      ),
    );
    expect(node.layout).toEqual([
      [
        'Service-Information',
        [
          [
            'MMS-Information',
            [
              ['Recipient-Address', [['Address-Type', 1], ['Address-Data', '{msisdn}']]],
              ['Recipient-Address', [['Address-Type', 6], ['Address-Data', 'orderd']]],
              ['VAS-ID', '{serviceIdentifier}'],
            ],
          ],
        ],
      ],
      ['318:10415', 'hex:0a0b'],
    ]); // prettier-ignore
    expect(compileCcr(node).faults).toEqual([]);
  });

  it('can say what the ready ones say', async () => {
    const yaml = "[{ MMS-Information: [{ Recipient-Address: [Address-Type: 1, Address-Data: '{msisdn}'] }, VASP-ID: orderd, VAS-ID: '{serviceIdentifier}'] }]"; // prettier-ignore
    expect((await configOf(diameter(`layout: [Service-Information: ${yaml}]`))).node.layout).toEqual(
      LAYOUTS['3gpp-vas'],
    );
  });

  it('may name AVPs that the dictionary lacks', async () => {
    const { node } = await configOf(
      diameter('layout: [Example-Group: [Example-Campaign: "{orderId}"]]', 'avps:', `  - ${CAMPAIGN}`, `  - ${GROUP}`),
    );
    expect(node.avps).toEqual([
      { name: 'Example-Campaign', code: 1001, vendor: 32473, type: 'OctetString', mandatory: true },
      { name: 'Example-Group', code: 1002, vendor: 32473, type: 'Grouped', mandatory: false },
    ]);
    expect(compileCcr(node).faults).toEqual([]);
  });

  it('names the subscriber as the OCS wants it (RFC 8506 8.47)', async () => {
    const lines = ['e164', 'imsi', 'sip-uri', 'nai', 'private'].map((type) => `  - { type: ${type}, data: x }`);
    const { node } = await configOf(diameter('subscriptionIds:', ...lines));
    expect(node.subscriptionIds?.map(({ type }) => type)).toEqual([0, 1, 2, 3, 4]);
  });

  it('goes to peers in proportion to their weight', async () => {
    const { node } = await configOf(
      spoil('127.0.0.1 }', '127.0.0.1, weight: 3 }\n    - { name: spare, host: 127.0.0.1 }'),
    );
    expect(node.peers.map(({ weight }) => weight)).toEqual([3, 1]);
  });
});

const FAULTS: readonly (readonly [string, readonly string[], string])[] = [
  [
    'an AVP that nobody knows',
    ['layout: [VAS-ID: a, VAS-IDD: b]'],
    'config.yaml:11:32 diameter.layout[1].VAS-IDD: no such AVP in the dictionary; code:vendor names any',
  ],
  [
    'a text where a number belongs, deep inside',
    ['layout:', '  - Service-Information:', '      - SMS-Information:', '          - SMS-Node: centre'],
    'config.yaml:14:25 diameter.layout[0].Service-Information[0].SMS-Information[0].SMS-Node: Integer32 wants a whole number',
  ],
  [
    'a number beyond the type',
    ['layout: [SMS-Node: 2147483648]'],
    'config.yaml:11:22 diameter.layout[0].SMS-Node: beyond the range of Integer32',
  ],
  [
    'a number that lost digits while it was read',
    ['layout: [CC-Service-Specific-Units: 9007199254740993]'],
    'config.yaml:11:39 diameter.layout[0].CC-Service-Specific-Units: is a number of 16 characters; expected a text, a number (in quotes from 2^53 on), or a list of AVPs',
  ],
  [
    'a placeholder that there is not',
    ["layout: [VAS-ID: '{imsi}']"],
    'config.yaml:11:20 diameter.layout[0].VAS-ID: no placeholder {imsi}; there is msisdn, orderId, sessionId, serviceIdentifier, action, minor, currency',
  ],
  [
    'a group without members of its own',
    ['layout: [Service-Information: x]'],
    'config.yaml:11:33 diameter.layout[0].Service-Information: a group: wants a list',
  ],
  [
    'members in what is no group',
    ['layout: [VAS-ID: [VASP-ID: x]]'],
    'config.yaml:11:20 diameter.layout[0].VAS-ID: OctetString, not a group',
  ],
  [
    'two AVPs in one entry',
    ['layout:', '  - VAS-ID: a', '    VASP-ID: b'],
    'config.yaml:12:7 diameter.layout[0]: is a map of 2 keys; expected one AVP with its value',
  ],
  [
    'an AVP without a value',
    ['layout: [VAS-ID: ]'],
    'config.yaml:11:20 diameter.layout[0].VAS-ID: is empty; expected a text, a number (in quotes from 2^53 on), or a list of AVPs',
  ],
  [
    'a layout that is not ready',
    ['layout: 3gpp-mms'],
    'config.yaml:11:11 diameter.layout: is a text of 8 characters; expected one of none, 3gpp-sms, 3gpp-vas, or a list of 1 to 100 AVPs',
  ],
  [
    'an unknown placeholder in a Subscription-Id',
    ["subscriptionIds: [{ type: e164, data: '{msisdn}' }, { type: imsi, data: '{imsi}' }]"],
    'config.yaml:11:75 diameter.subscriptionIds[1].data: no placeholder {imsi}; there is msisdn, orderId, sessionId, serviceIdentifier, action, minor, currency',
  ],
  [
    'an AVP whose name the dictionary has',
    ['avps: [{ name: Session-Id, code: 1009, vendor: 32473, type: OctetString }]'],
    'config.yaml:11:10 diameter.avps[0]: 1009 of vendor 32473 or its name is taken by Session-Id',
  ],
  [
    'one code for two AVPs',
    [
      'avps:',
      '  - { name: Example-Left, code: 1010, vendor: 32473, type: Time }',
      '  - { name: Example-Right, code: 1010, vendor: 32473, type: Time }',
    ],
    'config.yaml:13:7 diameter.avps[1]: 1010 of vendor 32473 or its name is taken by Example-Left',
  ],
  [
    'an AVP of a type that there is not',
    ['avps: [{ name: Example-Text, code: 1011, vendor: 32473, type: UTF8String }]'],
    'config.yaml:11:65 diameter.avps[0].type: is a text of 10 characters; expected one of OctetString, Integer32, Unsigned32, Integer64, Unsigned64, Time, IPAddress, Grouped',
  ],
];

describe('a CCR that cannot be written is told before anything starts', () => {
  it.each(FAULTS)('%s', async (_, lines, fault) => {
    expect(await faultsIn(diameter(...lines))).toEqual([fault]);
  });

  it('tells every fault at once, as many as the client would find', async () => {
    const faults = await faultsIn(
      diameter(
        "subscriptionIds: [{ type: e164, data: '{nobody}' }]",
        'layout: [VAS-IDD: x, Service-Information: [SMS-Node: 1, SMS-Node: far, MMS-Information: [VAS-ID: "{no}"]]]',
      ),
    );
    const { node } = await configOf(BASE);
    const layout = [
      ['VAS-IDD', 'x'],
      ['Service-Information', [['SMS-Node', 1], ['SMS-Node', 'far'], ['MMS-Information', [['VAS-ID', '{no}']]]]],
    ] as const; // prettier-ignore
    const found = compileCcr({ ...node, layout, subscriptionIds: [{ type: 0, data: '{nobody}' }] }).faults;
    const textOf = (fault: string): string => fault.replace(/^.*?: /, '');
    expect(faults.map(textOf)).toEqual(found.map(textOf));
    expect(faults).toHaveLength(4);
    expect(faults[2]).toContain(' diameter.layout[1].Service-Information[1].SMS-Node: ');
  });
});
