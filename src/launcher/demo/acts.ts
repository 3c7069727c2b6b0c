import type { Stage } from './stage.ts';
import { call, until } from './subscriber.ts';

export interface Act {
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
}

const codeIn = (text: string): string => /\b\d{6}\b/.exec(text)?.[0] ?? '';

const wrongCode = (right: string): string => (right === '111111' ? '222222' : '111111');

async function settleJobs(stage: Stage): Promise<number> {
  const answer = await call('GET', `${stage.lab.nocUrl()}/api/v1/queues`);
  const { settle } = (answer as { readonly queues: Readonly<Record<string, Readonly<Record<string, number>>>> }).queues;
  return (settle?.['delayed'] ?? 0) + (settle?.['waiting'] ?? 0) + (settle?.['active'] ?? 0);
}

export const ACTS: readonly Act[] = [
  {
    title: 'A trusted provider: ordered at once, one debit',
    play: async (stage) => {
      const anna = stage.phone('101');
      await stage.says(anna, 'NEWS');
      await stage.hears(anna, /ordered/i);
      await stage.order(anna, 'placed');
      await stage.debits(anna, 1);
    },
  },
  {
    title: 'A known provider: asked first, ordered on YES',
    play: async (stage) => {
      const ben = stage.phone('102');
      await stage.says(ben, 'GOLD');
      await stage.hears(ben, /\bYES\b/);
      await stage.debits(ben, 0);
      await stage.says(ben, 'YES');
      await stage.hears(ben, /ordered/i);
      await stage.order(ben, 'placed');
      await stage.debits(ben, 1);
    },
  },
  {
    title: 'A watched provider: a wrong code orders nothing, the right one does',
    play: async (stage) => {
      const cleo = stage.phone('103');
      await stage.says(cleo, 'QUIZ');
      const code = codeIn(await stage.hears(cleo, /\d{6}/));
      await stage.says(cleo, wrongCode(code));
      await stage.hears(cleo, /not/i);
      await stage.debits(cleo, 0);
      await stage.says(cleo, code);
      await stage.hears(cleo, /ordered/i);
      await stage.order(cleo, 'placed');
      await stage.debits(cleo, 1);
    },
  },
  {
    title: 'The right code, too late: nothing is charged',
    play: async (stage) => {
      const dan = stage.phone('104');
      await stage.says(dan, 'FLASHSALE');
      const code = codeIn(await stage.hears(dan, /\d{6}/));
      stage.tell('Dan waits until the offer has closed');
      await stage.order(dan, 'expired');
      await stage.says(dan, code);
      await stage.hears(dan, /expired/i);
      await stage.debits(dan, 0);
    },
  },
  {
    title: 'A barred provider: refused',
    play: async (stage) => {
      const eve = stage.phone('105');
      await stage.says(eve, 'LUCK');
      await stage.hears(eve, /not|refus|unavailable/i);
      await stage.order(eve, 'refused');
      await stage.debits(eve, 0);
    },
  },
  {
    title: 'Balance too low: told so, nothing placed',
    play: async (stage) => {
      const fay = stage.phone('106');
      await call('PUT', `${stage.lab.ocsUrl}/accounts/${fay.msisdn}`, { balance: 100 });
      await stage.says(fay, 'NEWS');
      await stage.hears(fay, /balance|airtime|credit/i);
      await stage.order(fay, 'uncharged');
      await stage.debits(fay, 0);
    },
  },
  {
    title: 'The OCS is away: the order waits in the queue, and is placed once when it returns',
    play: async (stage) => {
      const gus = stage.phone('107');
      await call('POST', `${stage.lab.ocsUrl}/listening`, { on: false });
      await until('the peer to be down', async () => ((await peerOpen(stage)) ? undefined : true));
      await stage.says(gus, 'NEWS');
      await stage.hears(gus, /longer/i);
      const waiting = await until('the order in the queue', async () => (await settleJobs(stage)) || undefined);
      stage.check(waiting === 1, 'one order waits in the settle queue');
      await stage.debits(gus, 0);
      await call('POST', `${stage.lab.ocsUrl}/listening`, { on: true });
      await stage.hears(gus, /ordered/i);
      await stage.order(gus, 'placed');
      await stage.debits(gus, 1);
    },
  },
  {
    title: 'A word that orders nothing: help',
    play: async (stage) => {
      const hal = stage.phone('108');
      await stage.says(hal, 'BANANA');
      await stage.hears(hal, /NEWS/);
      await stage.debits(hal, 0);
    },
  },
  {
    title: 'STOP ends the subscription',
    play: async (stage) => {
      const anna = stage.phone('101');
      await stage.says(anna, 'STOP NEWS');
      await stage.hears(anna, /stopped|ended/i);
      await stage.says(anna, 'LIST');
      await stage.hears(anna, /no|nothing/i);
      await stage.debits(anna, 1);
    },
  },
];

async function peerOpen(stage: Stage): Promise<boolean> {
  const answer = await call('GET', `${stage.lab.nocUrl()}/api/v1/status`);
  const { peers } = answer as { readonly peers: readonly { readonly open: boolean }[] };
  return peers.some(({ open }) => open);
}
