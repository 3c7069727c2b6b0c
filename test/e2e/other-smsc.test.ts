import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { PerlSmsc } from '../simulators/smsc/perl-smsc.ts';
import { perlMissing, startPerlSmsc } from '../simulators/smsc/perl-smsc.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** Another implementation of SMPP is the SMSC: it reads every PDU of ours with its own decoder. */
describe('an order over an SMSC on Net::SMPP', () => {
  let perl: PerlSmsc | undefined;
  let orderd: Orderd | undefined;

  afterEach(async () => {
    await orderd?.stop();
    perl?.kill();
  });

  it.skipIf(perlMissing())('is acknowledged, charged once, told, and its receipt taken; then we unbind', async () => {
    const smsc = await startPerlSmsc('254711000023');
    perl = smsc;
    orderd = await startOrderd({ ORDERD_SMPP__LINKS__0__PORT: String(smsc.port) });
    const heard = (line: RegExp) => () => Promise.resolve(smsc.lines.find((one) => line.test(one)));
    await until('the receipt to be taken', heard(/^deliver_sm_resp receipt/));
    const { ocs } = orderd;
    await orderd.stop();
    orderd = undefined;
    await until('its end', heard(/^closed/));
    expect(ocs.ledger.rows()).toMatchObject([{ msisdn: '254711000023', debited: 500 }]);
    expect(await heard(/^submit_sm /)()).toMatch(
      /: Daily Headlines by Daily Planet Media is ordered: KES 5\.00 a day\. /,
    );
    expect(smsc.lines.map((line) => line.replace(/: .*/, ''))).toEqual([
      'listening',
      'bind_transceiver orderd version 34',
      'deliver_sm_resp mo 0',
      'submit_sm 5000 to 254711000023 coding 0 receipt 1',
      'deliver_sm_resp receipt 0',
      'unbind',
      'closed',
    ]);
  });
});
