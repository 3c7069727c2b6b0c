/**
 * What a link makes of an SMSC that answers ESME_RTHROTTLED to all that exceeds its rate: `npm run goodput`. The SMSC
 * simulator runs in a process of its own; the gateway always has more to send than is allowed. Goodput is what was
 * accepted over what was allowed in the measured time; the SMSC's first second of credit is left out.
 */
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/clock.ts';
import { startChild } from '../../src/launcher/child.ts';
import type { Child } from '../../src/launcher/child.ts';
import { nodeArgs } from '../../src/launcher/paths.ts';
import type { Gateway } from '../../src/smpp/gateway.ts';
import { createGateway } from '../../src/smpp/gateway.ts';
import { programFlags } from '../program-flags.ts';
import { linkSettings } from '../smpp/support/settings.ts';

const values = programFlags({
  name: 'goodput',
  help: `npm run goodput -- [--seconds 20] [--rates 10,50,200,1000]

Goodput of a link whose SMSC allows so many texts a second and throttles the rest.
`,
  options: { seconds: { type: 'string', default: '20' }, rates: { type: 'string', default: '10,50,200,1000' } },
  least: { seconds: 1, rates: 1 },
});

const seconds = Number(values.seconds);

/** The first seconds, in which the SMSC's credit of one second is used up and the pace is found. */
const WARM_UP = 5;
/** Texts offered at any time: always more than the window holds. */
const OFFERED = 200;
const LEAST = 0.8;

/** What the SMSC allows over the time: always the same, or half of it in every second stretch. */
interface Row {
  readonly kind: string;
  readonly stretchMs: number;
  readonly shares: readonly number[];
}

interface Measured {
  readonly accepted: number;
  readonly throttled: number;
  readonly allowed: number;
  readonly seconds: number;
}

const ROWS: readonly Row[] = [
  { kind: 'one rate', stretchMs: 20_000, shares: [1] },
  // At each fall half of what is sent hears 0x58; at each rise the link must find out by itself.
  { kind: 'halved every other 10 s', stretchMs: 10_000, shares: [1, 0.5] },
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

/** Plays the stretches of a row, and tells what the SMSC allowed in all. */
async function playStretches(url: string, rate: number, row: Row): Promise<number> {
  let allowed = 0;
  for (let played = 0; played < seconds * 1000; played += row.stretchMs) {
    const share = row.shares[(played / row.stretchMs) % row.shares.length] ?? 1;
    if (row.shares.length > 1) await limit(url, rate * share);
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, row.stretchMs));
    allowed += (rate * share * (performance.now() - start)) / 1000;
  }
  return allowed;
}

async function measure(rate: number, row: Row): Promise<Measured> {
  const counted = { accepted: 0, throttled: 0 };
  const smsc: Child = await startChild({
    name: 'the SMSC simulator',
    args: [
      ...nodeArgs('simulators/smsc/main'),
      ...['--smpp-port', '0', '--http-port', '0', '--rate', String(rate), '--json'],
    ],
    readyEvent: 'ready',
    logFile: '/dev/null',
  });
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
  const allowed = await playStretches(`http://127.0.0.1:${String(smsc.ready['http'])}`, rate, row);
  const measured = {
    accepted: counted.accepted - before.accepted,
    throttled: counted.throttled - before.throttled,
    allowed,
    seconds: (performance.now() - start) / 1000,
  };
  offer.stop();
  await gateway.stop(0);
  await smsc.stop(5000);
  return measured;
}

async function limit(url: string, rate: number): Promise<void> {
  const body = JSON.stringify({ rate: Math.round(rate) });
  await fetch(`${url}/limits`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
}

process.stdout.write('| allowed a second | over the time | accepted a second | throttled a second | goodput |\n');
process.stdout.write('|---|---|---|---|---|\n');
let worst = 1;
for (const row of ROWS)
  for (const rate of values.rates.split(',').map(Number)) {
    const measured = await measure(rate, row);
    const goodput = measured.accepted / measured.allowed;
    worst = Math.min(worst, goodput);
    const [accepted, throttled] = [measured.accepted, measured.throttled].map((n) => (n / measured.seconds).toFixed(1));
    process.stdout.write(`| ${[rate, row.kind, accepted, throttled, goodput.toFixed(3)].join(' | ')} |\n`);
  }
process.stdout.write(`worst ${worst.toFixed(3)}, wanted ${LEAST}\n`);
process.exit(worst >= LEAST ? 0 : 1);
