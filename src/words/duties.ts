import { foldText } from '../domain/fold.ts';
import type { RequestWords } from '../domain/request.ts';
import type { Piece, Template } from './template.ts';

/** What a rule book wants a text to tell (CONSENT, derived default 2). */
export const DUTIES = [
  'provider',
  'service',
  'price',
  'period',
  'confirm',
  'refuse',
  'expiry',
  'code',
  'stop',
  'next',
  'help',
  'keyed',
  'in-order',
] as const;
export type Duty = (typeof DUTIES)[number];

/** Texts that carry duties, and which. */
export interface Duties {
  readonly confirm: readonly Duty[];
  readonly code: readonly Duty[];
  readonly ordered: readonly Duty[];
  readonly reminder: readonly Duty[];
  readonly renewed: readonly Duty[];
}

interface Check {
  readonly means: string;
  readonly met: (template: Template, words: RequestWords) => boolean;
}

const names =
  (arg: string) =>
  (template: Template): boolean =>
    template.args.has(arg);

const says =
  (set: keyof RequestWords) =>
  (template: Template, words: RequestWords): boolean =>
    foldText(template.literal).some((word) => words[set].has(word));

/** Where each of these first stands; a code in place of the answering word, where the text has one. */
function inOrder({ sequence, args }: Template, words: RequestWords): boolean {
  const isAction = (piece: Piece): boolean =>
    args.has('code')
      ? 'arg' in piece && piece.arg === 'code'
      : 'words' in piece && foldText(piece.words).some((word) => words.yes.has(word));
  const isArg =
    (name: string) =>
    (piece: Piece): boolean =>
      'arg' in piece && piece.arg === name;
  const places = [isAction, ...['title', 'provider', 'price', 'period'].map(isArg)].map((is) => sequence.findIndex(is));
  return places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
}

const CHECKS: Readonly<Record<Duty, Check>> = {
  provider: { means: 'the provider ({provider})', met: names('provider') },
  service: { means: 'the service ({title})', met: names('title') },
  price: { means: 'the price ({price})', met: names('price') },
  period: { means: 'how often it is charged ({period, select, ...})', met: names('period') },
  confirm: { means: 'how to confirm (one of the yes words)', met: says('yes') },
  refuse: { means: 'how to refuse (one of the no words)', met: says('no') },
  expiry: {
    means: 'when it expires ({minutes}, and below one {seconds})',
    met: ({ args }) => args.has('minutes') && args.has('seconds'),
  },
  code: { means: 'the code ({code})', met: names('code') },
  stop: { means: 'how to stop (one of the stop words)', met: says('stop') },
  next: { means: 'when it is charged next ({next})', met: names('next') },
  keyed: {
    means: 'that YES takes the keyword where the profile says so ({keyed, select, yes {...}})',
    met: names('keyed'),
  },
  'in-order': {
    means: 'action or code first, then service, provider, price and period, in this order',
    met: inOrder,
  },
  help: { means: 'where to get help (one of the help words)', met: says('help') },
};

/** The duties that `template` leaves out, in words. */
export function missingDuties(template: Template, words: RequestWords, duties: readonly Duty[]): readonly string[] {
  return duties.filter((duty) => !CHECKS[duty].met(template, words)).map((duty) => CHECKS[duty].means);
}
