/**
 * What a link makes of an SMSC that answers ESME_RTHROTTLED to all that exceeds its rate: `npm run goodput`. The SMSC
 * simulator runs in a process of its own; the gateway always has more to send than is allowed. Goodput is what was
 * accepted over what was allowed in the measured time; the SMSC's first second of credit is left out.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { startChild } from '../../src/launcher/child.ts';
import type { Child } from '../../src/launcher/child.ts';
import { nodeArgs } from '../../src/launcher/paths.ts';
import type { Gateway } from '../../src/smpp/gateway.ts';
import { createGateway } from '../../src/smpp/gateway.ts';
import { linkSettings } from '../smpp/support/settings.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rates: { type: 'string', default: '10,50,200,1000' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write('npm run goodput -- [--seconds 20] [--rates 10,50,200,1000]\n');
  process.exit(0);
}

/** The first seconds, in which the SMSC's credit of one second is used up and the pace is found. */
const WARM_UP = 5;
/** Texts offered at any time: always more than the window holds. */
const OFFERED = 200;
const LEAST = 0.8;

interface Row {
  readonly rate: number;
  readonly kind: string;
  /** Of what the SMSC allows. */
  readonly share: number;
  readonly rule: object | undefined;
}

interface Measured {
  readonly accepted: number;
  readonly throttled: number;
  readonly seconds: number;
}

const ROWS: readonly Omit<Row, 'rate'>[] = [
  { kind: '0x58 above the rate', share: 1, rule: undefined },
  // Every text whose number ends in an even digit hears 0x58 the first time: half of what is sent, whatever the pace.
  { kind: '0x58 above the rate, and to 50 % of the rest', share: 0.5, rule: { matchTo: '[02468]$' } },
];

/** Keeps texts offered until `over`, and counts what becomes of them. */
function offering(gateway: Gateway): { readonly stop: () => void } {
  let [over, count] = [false, 0];
  const one = async (): Promise<void> => {
    while (!over) {
      count += 1;
      const outcome = await gateway.submit({
        id: `goodput-${count}`,
        to: `4917012${String(count).padStart(5, '0')}`,
        from: '12345',
        text: 'Your order is on its way',
        channel: 'sms',
        link: 'lab-1',
        validityMs: undefined,
      });
      // A text that is told to come later does so without holding up the others.
      if (outcome.kind !== 'accepted') await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  for (let each = 0; each < OFFERED; each += 1) void one();
  return { stop: () => void (over = true) };
}

async function measure(rate: number, rule: object | undefined, seconds: number): Promise<Measured> {
  const counted = { accepted: 0, throttled: 0 };
  const smsc: Child = await startChild({
    name: 'the SMSC simulator',
    args: [
      ...nodeArgs('simulators/smsc/main'),
      '--smpp-port',
      '0',
      '--http-port',
      '0',
      '--rate',
      String(rate),
      '--json',
    ],
    readyEvent: 'ready',
    logFile: '/dev/null',
  });
  if (rule !== undefined) await post(`http://127.0.0.1:${String(smsc.ready['http'])}/faults`, rule);
  const gateway = createGateway(
    [linkSettings({ port: Number(smsc.ready['smpp']), window: 50, queue: 1000 })],
    { onMo: () => Promise.resolve({ ack: 'stored' }), onReceipt: () => Promise.resolve() },
    {
      clock: systemClock,
      random: (n) => randomBytes(n),
      note: (event) => {
        if (event === 'mt.accepted') counted.accepted += 1;
        if (event === 'mt.throttled') counted.throttled += 1;
      },
    },
  );
  gateway.start();
  const offer = offering(gateway);
  await new Promise((resolve) => setTimeout(resolve, WARM_UP * 1000));
  const [before, start] = [{ ...counted }, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const took = (performance.now() - start) / 1000;
  const measured = {
    accepted: counted.accepted - before.accepted,
    throttled: counted.throttled - before.throttled,
    seconds: took,
  };
  offer.stop();
  await gateway.stop(0);
  await smsc.stop(5000);
  return measured;
}

async function post(url: string, rule: object): Promise<void> {
  const body = JSON.stringify({ on: 'submit_sm', action: 'status', status: 'ESME_RTHROTTLED', ...rule });
  await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

process.stdout.write(
  '| allowed a second | SMSC answers | accepted a second | throttled a second | goodput |\n|---|---|---|---|---|\n',
);
let worst = 1;
for (const row of ROWS)
  for (const rate of values.rates.split(',').map(Number)) {
    const { accepted, throttled, seconds } = await measure(rate, row.rule, Number(values.seconds));
    const goodput = accepted / (rate * row.share * seconds);
    worst = Math.min(worst, goodput);
    const cells = [
      rate,
      row.kind,
      (accepted / seconds).toFixed(1),
      (throttled / seconds).toFixed(1),
      goodput.toFixed(3),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
process.stdout.write(`worst ${worst.toFixed(3)}, wanted ${LEAST}\n`);
process.exit(0);
