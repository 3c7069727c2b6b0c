import type { FaultInput } from '../../simulators/ocs/faults.ts';
import type { FaultRule } from '../../simulators/smsc/faults.ts';
import { pause } from '../../src/launcher/demo/subscriber.ts';
import type { Random } from '../fuzz/random.ts';
import type { Fault } from './fault.ts';
import type { FaultProxy, Trouble } from './proxy.ts';
import type { World } from './world.ts';
import { becomesReady } from './world.ts';

const FULL = 6;

/** Whatever a fault began is over. */
export function calmed(world: World): void {
  world.ocs.faults.clear();
  world.smsc.faults.remove();
  for (const proxy of Object.values(world.proxies)) proxy.calm();
}

const some = (random: Random): number => 1 + random.below(20);

type OcsRule = (random: Random) => FaultInput;

/** Result codes of which each leads somewhere else. */
const CODES = [3002, 3004, 4010, 4011, 4012, 5030, 5031, 5003] as const;

const OCS_RULES: Readonly<Record<string, OcsRule>> = {
  'request lost': (random) => ({ action: 'silence', debit: false, count: some(random) }),
  'answer lost': (random) => ({ action: 'silence', debit: true, count: some(random) }),
  'late answer': (random) => ({ action: 'late', delayMs: 1100 + random.below(1500), count: some(random) }),
  slow: (random) => ({ action: 'delay', delayMs: random.below(2500), count: some(random) }),
  'held on the way': (random) => ({ action: 'hold', delayMs: 1100 + random.below(1500), count: some(random) }),
  'duplicate answer': (random) => ({ action: 'duplicate', count: some(random) }),
  'result code': (random) => ({ action: 'result', resultCode: random.pick(CODES), count: some(random) }),
  'link cut, debited': () => ({ action: 'drop', debit: true, count: 1 }),
  'link cut, not debited': () => ({ action: 'drop', debit: false, count: 1 }),
  'DPR mid-order': () => ({ action: 'dpr', cause: 0, count: 1 }),
  garbage: (random) => ({ action: 'garbage', debit: random.below(2) === 1, count: 1 }),
  'strange Hop-by-Hop': (random) => ({ action: 'strange-id', debit: true, count: some(random) }),
  'less than asked': (random) => ({ action: 'grant', units: 100, count: some(random) }),
  'octet by octet': (random) => ({ action: 'split', count: some(random) }),
};

const OCS_FAULTS: readonly Fault[] = Object.entries(OCS_RULES).map(([name, rule]) => ({
  name: `OCS: ${name}`,
  world: 'solo',
  full: FULL,
  async strike(world, random) {
    world.ocs.faults.add(rule(random));
    await pause(600 + random.below(800));
    calmed(world);
  },
}));

const OCS_AWAY: Fault = {
  name: 'OCS: away for a while',
  world: 'solo',
  full: FULL,
  async strike(world, random) {
    await world.ocs.stopListening();
    await pause(500 + random.below(2000));
    await world.ocs.listen();
    await becomesReady(world);
  },
};

type SmscRule = Omit<FaultRule, 'id' | 'on' | 'status' | 'delayMs' | 'skip'> & {
  readonly status?: number;
  readonly delayMs?: number;
};

const SMSC_RULES: Readonly<Record<string, (random: Random) => SmscRule>> = {
  throttles: (random) => ({ action: 'status', status: 0x58, count: some(random) }),
  'message queue full': (random) => ({ action: 'status', status: 0x14, count: some(random) }),
  'system error': (random) => ({ action: 'status', status: 0x08, count: some(random) }),
  nack: (random) => ({ action: 'nack', status: 0x03, count: 1 + random.below(3) }),
  silent: (random) => ({ action: 'silence', count: some(random) }),
  'slow response': (random) => ({ action: 'delay', delayMs: 300 + random.below(1500), count: some(random) }),
  'response lost': (random) => ({ action: 'lose-response', count: some(random) }),
  'taken, then cut': () => ({ action: 'accept-and-drop', count: 1 }),
  'cut before': () => ({ action: 'drop-connection', count: 1 }),
  'octet by octet': (random) => ({ action: 'split', count: some(random) }),
  joined: (random) => ({ action: 'join', count: some(random) }),
  'response twice': (random) => ({ action: 'duplicate', count: some(random) }),
  garbage: () => ({ action: 'garbage', count: 1 }),
  'wrong sequence': (random) => ({ action: 'wrong-sequence', count: some(random) }),
};

const SMSC_FAULTS: readonly Fault[] = Object.entries(SMSC_RULES).map(([name, rule]) => ({
  name: `SMSC: ${name}`,
  world: 'solo',
  full: FULL,
  async strike(world, random) {
    world.smsc.faults.add({ on: 'submit_sm', status: 0, delayMs: 0, skip: 0, ...rule(random) });
    await pause(600 + random.below(800));
    calmed(world);
    await becomesReady(world);
  },
}));

const SMSC_REFUSES: Fault = {
  name: 'SMSC: drops TCP and refuses the bind',
  world: 'solo',
  full: FULL,
  async strike(world, random) {
    world.smsc.faults.add({ on: 'bind_transceiver', action: 'status', status: 0x0d, delayMs: 0, skip: 0, count: 3 });
    world.proxies.smpp.cut();
    await pause(500 + random.below(1000));
    calmed(world);
    await becomesReady(world);
  },
};

const TROUBLES: Readonly<Record<string, (random: Random) => Trouble>> = {
  latency: (random) => ({ latency: 20 + random.below(200) }),
  'octet by octet': () => ({ split: true }),
  joined: (random) => ({ join: 20 + random.below(100) }),
  'slow line': () => ({ rate: 30_000 }),
  'black hole': () => ({ hole: true }),
};

type NetworkName = keyof World['proxies'];
const NETWORKS: Readonly<Record<NetworkName, string>> = { smpp: 'SMPP', diameter: 'Diameter', redis: 'Redis' };

/** Noise in Redis's replies would be a broken server, not a broken line: TCP's checksum stands before it. */
const refuse = (proxy: FaultProxy): void => {
  proxy.refuse(true);
  proxy.cut();
};

const BLOWS: Readonly<
  Record<string, { readonly blow: (proxy: FaultProxy) => void; readonly on: readonly NetworkName[] }>
> = {
  cut: { blow: (proxy) => proxy.cut(), on: ['smpp', 'diameter', 'redis'] },
  'half-closed': { blow: (proxy) => proxy.halfClose(), on: ['smpp', 'diameter', 'redis'] },
  noise: { blow: (proxy) => proxy.corrupt(), on: ['smpp', 'diameter'] },
  'refused for a while': { blow: refuse, on: ['smpp', 'diameter', 'redis'] },
};

function onLine(network: NetworkName, name: string, begin: (proxy: FaultProxy, random: Random) => void): Fault {
  return {
    name: `${NETWORKS[network]} line: ${name}`,
    world: 'solo',
    full: FULL,
    async strike(world, random) {
      begin(world.proxies[network], random);
      await pause(500 + random.below(1500));
      calmed(world);
      await becomesReady(world);
    },
  };
}

const LINE_FAULTS: readonly Fault[] = (Object.keys(NETWORKS) as NetworkName[]).flatMap((network) => [
  ...Object.entries(TROUBLES).map(([name, trouble]) =>
    onLine(network, name, (proxy, random) => proxy.trouble(trouble(random))),
  ),
  ...Object.entries(BLOWS)
    .filter(([, { on }]) => on.includes(network))
    .map(([name, { blow }]) => onLine(network, name, blow)),
]);

export const NETWORK_FAULTS: readonly Fault[] = [...OCS_FAULTS, OCS_AWAY, ...SMSC_FAULTS, SMSC_REFUSES, ...LINE_FAULTS];
