import type { MtMessage } from '../../simulators/smsc/inbox.ts';
import type { Smsc } from '../../simulators/smsc/smsc.ts';
import type { Random } from '../fuzz/random.ts';
import type { Word } from './catalogue.ts';
import { keyword } from './catalogue.ts';

/** What one subscriber sets out to do. */
export const PLAYS = {
  order: { words: ['MATCH', 'NEWS', 'FILM', 'FREE'] },
  flash: { words: ['MATCH'] },
  yes: { words: ['GOLD', 'CLUB'] },
  no: { words: ['GOLD'] },
  code: { words: ['QUIZ'] },
  'wrong code': { words: ['QUIZ'] },
  'other handset': { words: ['QUIZ'] },
  'stop before answering': { words: ['GOLD'] },
  'stop at once': { words: ['NEWS'] },
  'sent again': { words: ['MATCH', 'FILM', 'NEWS'] },
  refused: { words: ['LUCK'] },
} as const satisfies Readonly<Record<string, { readonly words: readonly Word[] }>>;
export type Play = keyof typeof PLAYS;

/** Most of them order at once: that is the way through every step. */
const DRAWN: readonly Play[] = [
  ...Array.from({ length: 10 }, (): Play => 'order'),
  ...(Object.keys(PLAYS) as Play[]),
  'yes',
  'code',
  'sent again',
];

export interface SentMo {
  readonly text: string;
  readonly at: number;
  /** ESME_ROK came back. */
  acknowledged: boolean;
}

/** One subscriber: what was sent, what was heard, and how the challenge was answered. */
export interface Subscriber {
  readonly msisdn: string;
  readonly play: Play;
  /** The fault that ruled when it began. */
  readonly fault: string;
  /** Whether nothing was wrong from its begin to its end. */
  calm: boolean;
  readonly sent: SentMo[];
  readonly heard: (Pick<MtMessage, 'text' | 'channel'> & { readonly at: number })[];
  answered: 'right' | 'wrong' | 'no' | 'stop' | undefined;
  readonly codes: string[];
  tries: number;
}

export interface Crowd {
  readonly all: ReadonlyMap<string, Subscriber>;
  /** One more subscriber begins. */
  enter(fault: string, calm: boolean, play?: Play): Subscriber;
  /** MOs that the SMSC still tries to deliver. */
  readonly underway: number;
}

export const CODE = /^Code (\d+) /;
export const ASKS = /Reply YES/;

export function createCrowd(smsc: Smsc, random: Random, world: number): Crowd {
  const all = new Map<string, Subscriber>();
  let count = 0;
  let underway = 0;

  function send(who: Subscriber, text: string, from = who.msisdn): void {
    const mo: SentMo = { text, at: performance.now(), acknowledged: false };
    who.sent.push(mo);
    const sending = smsc.mo({ from, to: '5000', text, queue: true });
    if ('error' in sending) throw new Error(sending.error);
    underway += 1;
    void sending.then(({ status }) => {
      underway -= 1;
      mo.acknowledged = status === 0;
    });
  }

  smsc.messages.arrived.on(({ to, text, channel }) => {
    const who = all.get(to);
    if (who === undefined) return;
    who.heard.push({ text, channel, at: performance.now() });
    react(who, text, send);
  });

  return {
    all,
    get underway() {
      return underway;
    },
    enter(fault, calm, play = random.pick(DRAWN)) {
      const index = count++;
      const msisdn = `2547${world}${String(1_000_000 + index)}`;
      const who: Subscriber = {
        msisdn,
        play,
        fault,
        calm,
        sent: [],
        heard: [],
        answered: undefined,
        codes: [],
        tries: 0,
      };
      all.set(msisdn, who);
      const word = keyword(random.pick<Word>(PLAYS[play].words), index);
      if (play === 'flash') send(who, `${word} VIA FLASH`);
      else send(who, word);
      if (play === 'sent again') for (let again = random.below(4); again >= 0; again--) send(who, word);
      if (play === 'stop at once') send(who, `STOP ${word}`);
      return who;
    },
  };
}

type Send = (who: Subscriber, text: string, from?: string) => void;

/** Answers what is asked, once per text kind; whoever is asked again has been sent the same text twice. */
function react(who: Subscriber, text: string, send: Send): void {
  const [, code] = CODE.exec(text) ?? [];
  if (code !== undefined && !who.codes.includes(code)) {
    who.codes.push(code);
    answerCode(who, code, send);
    return;
  }
  if (ASKS.test(text) && who.answered === undefined) answerYes(who, send);
  else if (triesOn(who) && /not the right answer/.test(text)) wrong(who, send);
}

function triesOn({ play, tries }: Subscriber): boolean {
  return play === 'wrong code' && tries > 0 && tries < 3;
}

function answerCode(who: Subscriber, code: string, send: Send): void {
  if (who.play === 'wrong code') wrong(who, send);
  else if (who.play === 'other handset') {
    who.answered = 'wrong';
    send(who, code, `${who.msisdn.slice(0, -1)}${(Number(who.msisdn.slice(-1)) + 5) % 10}9`);
  } else {
    who.answered = 'right';
    send(who, code);
  }
}

function wrong(who: Subscriber, send: Send): void {
  who.answered = 'wrong';
  who.tries += 1;
  // Ten digits that no code is: codes are drawn anew for each order.
  send(who, String(1_000_000_000 + who.tries));
}

function answerYes(who: Subscriber, send: Send): void {
  if (who.play === 'no') {
    who.answered = 'no';
    send(who, 'NO');
  } else if (who.play === 'stop before answering') {
    who.answered = 'stop';
    send(who, 'STOP ALL');
  } else {
    who.answered = 'right';
    send(who, 'YES');
  }
}
