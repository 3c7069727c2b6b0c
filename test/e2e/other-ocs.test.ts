import { afterEach, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { OtpOcs } from '../simulators/ocs/otp.ts';
import { otpMissing, startOtpOcs } from '../simulators/ocs/otp.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** Another implementation of Diameter holds every CCR against the grammar of RFC 8506, and answers it. */
describe("orders that Erlang/OTP's diameter charges", () => {
  let otp: OtpOcs | undefined;
  let orderd: Orderd | undefined;

  afterEach(async () => {
    await orderd?.stop();
    otp?.remove();
  });

  it.skipIf(otpMissing()).each(['top-level', 'mscc'])('units in %s: no fault in any CCR', async (units) => {
    const ocs = await startOtpOcs();
    otp = ocs;
    orderd = await startOrderd({ ORDERD_DIAMETER__UNITS: units }, () => Promise.resolve(ocs.port));
    await until('the peer', () => Promise.resolve(ocs.lines.includes('peer orderd.lab.example') || undefined));
    const subscriber = orderd.phone('254711000022');
    await subscriber.text('MATCH');
    expect((await subscriber.read()).text).toMatch(/Match Report .* is ordered/);
    await subscriber.text('FILM');
    expect((await subscriber.read()).text).toMatch(/Film of the Week .* is ordered/);
    const seen = (): readonly string[] => ocs.lines.slice(2);
    await until('the commit', () => Promise.resolve(seen().length === 3 || undefined));
    const [, match = ''] = /;([^;]+) 4 0 /.exec(seen()[0] ?? '') ?? [];
    const ground = { env: { ORDERCTL_URL: orderd.nocUrl }, out: () => undefined, err: () => undefined };
    expect(await orderctl(['refund', match, '--why', 'never came'], ground)).toBe(0);
    expect((await subscriber.read()).text).toMatch(/was paid back to you/);
    // EVENT_REQUEST, DIRECT_DEBITING; INITIAL_REQUEST; TERMINATION_REQUEST; EVENT_REQUEST, REFUND_ACCOUNT. None with T.
    const sent = ['4 0 [0] false', '1 0 [] false', '3 1 [] false', '4 0 [1] false'];
    expect(seen().map((line) => line.replace(/^ccr \S+ /, ''))).toEqual(sent);
  });

  it.skipIf(otpMissing())('which names what the grammar does not know: an AVP of 3GPP with the M bit', async () => {
    const ocs = await startOtpOcs();
    otp = ocs;
    orderd = await startOrderd({ ORDERD_DIAMETER__LAYOUT: '3gpp-sms' }, () => Promise.resolve(ocs.port));
    await until('the peer', () => Promise.resolve(ocs.lines.includes('peer orderd.lab.example') || undefined));
    await orderd.phone('254711000024').text('MATCH');
    const fault = await until('a fault', () => Promise.resolve(ocs.lines.find((line) => line.startsWith('fault'))));
    // RFC 6733 7.1.5, DIAMETER_AVP_UNSUPPORTED.
    expect(fault).toMatch(/^fault \{5001,/);
  });
});
