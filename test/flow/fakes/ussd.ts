import type { Dialogue } from '../../../src/domain/dialogue.ts';
import type { Menu, MenuAct, MenuItem, MenuLabel, MenuText } from '../../../src/domain/menu.ts';
import { MENU_LABELS } from '../../../src/domain/menu.ts';
import type { Mt, SubmitOutcome } from '../../../src/domain/message.ts';
import type { UssdTurn } from '../../../src/domain/ussd.ts';
import type { Dialogues, UssdLine } from '../../../src/flow/ports/ussd.ts';
import type { Memory } from './memory.ts';

/** Dialogues as every process finds them, and when somebody must look again. */
export class DialogueMemory {
  readonly byMsisdn = new Map<string, Dialogue>();
  readonly wakes = new Map<string, number>();
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  port(): Dialogues {
    return {
      read: async (msisdn) => {
        await this.#memory.reach();
        return this.byMsisdn.get(msisdn);
      },
      find: async (id) => {
        await this.#memory.reach();
        return [...this.byMsisdn.values()].find((one) => one.id === id);
      },
      move: async (before, next, wakeAt) => {
        await this.#memory.reach();
        if (nameOf(this.byMsisdn.get(next.msisdn)) !== nameOf(before)) return false;
        this.byMsisdn.set(next.msisdn, next);
        if (before !== undefined) this.wakes.delete(before.id);
        if (wakeAt === undefined) this.wakes.delete(next.id);
        else this.wakes.set(next.id, wakeAt);
        return true;
      },
    };
  }
}

function nameOf(dialogue: Dialogue | undefined): string {
  return dialogue === undefined ? 'none' : `${dialogue.id} ${dialogue.version}`;
}

/** A gateway: what was said to it, and what it does with the next operations; whatever comes after them is accepted. */
export class UssdGateway {
  readonly said: Mt[] = [];
  readonly #outcomes: SubmitOutcome[] = [];
  pushes = true;
  #count = 0;

  plays(...outcomes: readonly SubmitOutcome[]): void {
    this.#outcomes.push(...outcomes);
  }

  /** Wide enough for the texts of PLAIN_WORDS, which name all their values. */
  line(): UssdLine {
    return {
      fits: (_link, text) => text.length <= 600,
      opening: (_shortCode, preferred) =>
        this.pushes
          ? {
              link: preferred,
              smsc: 'smsc-1',
              countryCode: '254',
              session: { tag: 0x1383, value: `${(0x40 + ++this.#count).toString(16)}02`, number: 0x40 + this.#count },
              timers: TIMERS,
            }
          : undefined,
      submit: (mt) => {
        const outcome = this.#outcomes.shift() ?? { kind: 'accepted', smsc: 'smsc-1', messageIds: ['u'] };
        if (outcome.kind === 'accepted') this.said.push(mt);
        return Promise.resolve(outcome);
      },
    };
  }
}

export const TIMERS = { userTimeout: 90_000, answerWithin: 8_000 } as const;

const say =
  (words: string): MenuText =>
  (_language, args) =>
    words.replace(/\{(\w+)\}/g, (_whole, name: string) => String(args[name] ?? ''));
const go = (screen: string): MenuAct => ({ kind: 'go', screen });
const item = (label: string, act: MenuAct): MenuItem => ({ label: say(label), act });

const LABELS = Object.fromEntries(MENU_LABELS.map((name) => [name, say(name)])) as Readonly<
  Record<MenuLabel, MenuText>
>;

/** Services, one service, a question for a code, and what the subscriber has. */
export const MENU: Menu = {
  start: 'home',
  keys: { more: '98', back: '0' },
  labels: { ...LABELS, sent: say('sent by {channel}') },
  screens: new Map([
    [
      'home',
      {
        title: say('home'),
        items: [item('Order', go('services')), item('Enter a code', go('code')), item('Mine', go('mine'))],
        list: undefined,
        reads: undefined,
      },
    ],
    [
      'services',
      {
        title: say('services'),
        items: [],
        list: { of: 'services', row: say('{title}'), none: say('none'), act: go('service') },
        reads: undefined,
      },
    ],
    [
      'service',
      {
        title: say('{title} {price}'),
        items: [
          item('Order', { kind: 'do', deed: 'order', via: undefined }),
          item('Order by SMS', { kind: 'do', deed: 'order', via: 'sms' }),
        ],
        list: undefined,
        reads: undefined,
      },
    ],
    ['code', { title: say('code?'), items: [], list: undefined, reads: 'code' }],
    [
      'mine',
      {
        title: say('mine'),
        items: [],
        list: { of: 'subscriptions', row: say('{title}'), none: say('none'), act: go('subscription') },
        reads: undefined,
      },
    ],
    [
      'subscription',
      {
        title: say('{title}'),
        items: [item('Stop it', { kind: 'do', deed: 'stop', via: undefined })],
        list: undefined,
        reads: undefined,
      },
    ],
  ]),
};

/** A turn as a link read it; `session` is its number and its sequence. */
export function turn(event: UssdTurn['event'], text: string, more: Partial<UssdTurn> = {}): UssdTurn {
  return {
    link: 'link-1',
    smsc: 'smsc-1',
    countryCode: '254',
    source: { ton: 1, npi: 1, digits: '254712345678' },
    service: { ton: 0, npi: 0, digits: '384' },
    event,
    shortCode: event === 'dial' || event === 'dial-once' ? '5000' : undefined,
    inputs: [],
    text,
    session: undefined,
    ended: false,
    bytes: `00${Buffer.from(text).toString('hex')}`,
    smscId: undefined,
    timers: TIMERS,
    ...more,
  };
}
