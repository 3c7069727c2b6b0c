/**
 * What a gateway holds while its SMSC keeps the bind but never answers a submit_sm: a line a minute, and the growth of
 * memory from a tenth of the time to its end. `npm run silent-smsc -- --minutes 60`.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { systemClock } from '../../src/clock.ts';
import type { SubmitOutcome } from '../../src/domain/message.ts';
import type { Gateway } from '../../src/smpp/gateway.ts';
import { createGateway } from '../../src/smpp/gateway.ts';
import { heapMiB } from '../fuzz/report.ts';
import { programFlags } from '../program-flags.ts';
import { linkSettings } from '../smpp/support/settings.ts';

const MINUTE = 60_000;
const BIND = 0x09;
const ENQUIRE_LINK = 0x15;

const values = programFlags({
  name: 'silent-smsc',
  help: `npm run silent-smsc -- [--minutes 60] [--rate 50] [--window 100]

Memory of a gateway whose SMSC keeps the bind and answers no submit_sm; texts offered a second, and the link's window.
`,
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    window: { type: 'string', default: '100' },
  },
  least: { minutes: 0, rate: 1, window: 1 },
});
const [minutes, rate, window] = [values.minutes, values.rate, values.window].map(Number) as [number, number, number];

/** MiB. */
interface Sample {
  readonly minute: number;
  readonly rss: number;
  readonly heap: number;
}

const counted: Record<SubmitOutcome['kind'], number> = {
  accepted: 0,
  'no-bind': 0,
  'slow-down': 0,
  temporary: 0,
  permanent: 0,
  unreachable: 0,
  unknown: 0,
};
let asked = 0;

/** Answers a bind and an enquire_link by their own header, and nothing else. */
function silently(socket: Socket): void {
  let rest = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
      const frame = rest.subarray(0, rest.readUInt32BE(0));
      rest = rest.subarray(frame.length);
      const id = frame.readUInt32BE(4);
      if (id === BIND || id === ENQUIRE_LINK) socket.write(answerTo(frame, id));
    }
  });
}

/** sc_interface_version 0x34 goes with the bind's answer. */
function answerTo(frame: Buffer, id: number): Buffer {
  const body = id === BIND ? Buffer.from('SMSC\0\x02\x10\x00\x01\x34', 'latin1') : Buffer.alloc(0);
  const answer = Buffer.concat([frame.subarray(0, 16), body]);
  answer.writeUInt32BE(answer.length, 0);
  answer.writeUInt32BE(id + 0x80000000, 4);
  return answer;
}

async function offer(gateway: Gateway): Promise<void> {
  const id = `bench-${(asked += 1)}`;
  const outcome = await gateway.submit({
    id,
    to: `49170${String(asked % 1_000_000).padStart(7, '0')}`,
    from: '12345',
    text: `Your order ${id} is on its way`,
    channel: 'sms',
    link: 'lab-1',
    validityMs: undefined,
  });
  counted[outcome.kind] += 1;
}

function sample(gateway: Gateway, minute: number): Sample {
  const heap = heapMiB();
  const rss = Math.round((process.memoryUsage.rss() / 1_048_576) * 10) / 10;
  const [link] = gateway.status();
  const pending = asked - Object.values(counted).reduce((sum, count) => sum + count, 0);
  const line = [
    minute,
    rss,
    heap,
    link?.window.inUse ?? 0,
    link?.queued ?? 0,
    pending,
    counted.unknown,
    counted['slow-down'],
    link?.state ?? '-',
  ];
  process.stdout.write(`| ${line.join(' | ')} |\n`);
  return { minute, rss, heap };
}

const server = createServer(silently);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const gateway = createGateway(
  [linkSettings({ port, window, queue: 1000, responseTimeout: 10_000 })],
  { onMo: () => Promise.resolve({ ack: 'stored' }), onReceipt: () => Promise.resolve() },
  { clock: systemClock, random: (n) => randomBytes(n), note: () => undefined },
);
gateway.start();
process.stdout.write(
  '| minute | RSS MiB | heap MiB | unanswered | queued | pending | unknown | slowed down | link |\n',
);
process.stdout.write('|---|---|---|---|---|---|---|---|---|\n');

const samples: Sample[] = [];
const offering = setInterval(() => void offer(gateway), 1000 / rate);
for (let minute = 1; minute <= minutes; minute += 1) {
  await new Promise((resolve) => setTimeout(resolve, MINUTE));
  samples.push(sample(gateway, minute));
}
clearInterval(offering);

const early = samples[Math.floor(samples.length / 10)];
const last = samples.at(-1);
if (early !== undefined && last !== undefined) {
  const [rss, heap] = [last.rss - early.rss, last.heap - early.heap].map((grown) => grown.toFixed(1));
  process.stdout.write(`growth from minute ${early.minute} to ${last.minute}: RSS ${rss} MiB, heap ${heap} MiB\n`);
}
await gateway.stop(0);
server.close();
const left = asked - Object.values(counted).reduce((sum, count) => sum + count, 0);
process.stdout.write(`${asked} submits, ${left} without an outcome after the end\n`);
process.exitCode = left === 0 ? 0 : 1;
