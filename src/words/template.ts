import { IntlMessageFormat } from 'intl-messageformat';
import type { NoticeArgs } from '../domain/notice.ts';
import { LONGEST_ARG } from '../domain/notice.ts';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { isNothing, localMoney } from './money.ts';

/** One text of one language, parsed once. */
export interface Template {
  /** Names of all arguments, those inside branches included. */
  readonly args: ReadonlySet<string>;
  /** The words between the arguments, branches included: what a duty on wording is checked against. */
  readonly literal: string;
  /** Words and arguments as they follow each other; a branch stands behind the argument that chooses it. */
  readonly sequence: readonly Piece[];
  /** Never throws: `args` has been checked against what flows pass, and whatever is missing is read as an empty text. */
  readonly render: (args: NoticeArgs) => string;
}

/** Words of the text, or the name of what is filled in. */
export type Piece = { readonly words: string } | { readonly arg: string };

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/**
 * Control characters and invisible marks, which could turn a title into something else on a handset. Behind a letter of the scripts that
 * are spelt with them, and behind an emoji, a joiner and a non-joiner belong to the word (Unicode 23.2).
 */
const UNPRINTABLE = /(?!(?<=[^\0-\u05ff\p{Cf}])[\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** An ICU message (MessageFormat) as a template, or why it is none. `<` is an ordinary character: texts are not markup. */
export function parseTemplate(text: string, language: string): Result<Template, string> {
  try {
    const message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
    const sequence = piecesOf(message.getAst());
    const args = new Set(sequence.flatMap((piece) => ('arg' in piece ? [piece.arg] : [])));
    const literal = sequence.flatMap((piece) => ('words' in piece ? [piece.words] : [])).join(' ');
    return ok({ args, literal, sequence, render: (given) => renderOne(message, args, withMoney(given, language)) });
  } catch (error) {
    return fault(error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable');
  }
}

function piecesOf(elements: readonly Element[]): readonly Piece[] {
  return elements.flatMap((element) => {
    const own = 'value' in element ? [isLiteral(element) ? { words: element.value } : { arg: element.value }] : [];
    return 'options' in element ? [...own, ...piecesOf(branchesOf(element))] : own;
  });
}

function branchesOf(element: Element & { options: object }): readonly Element[] {
  return Object.values(element.options as Readonly<Record<string, { value: Element[] }>>).flatMap(({ value }) => value);
}

/** 0 is TYPE.literal of the ICU parser, which intl-messageformat does not export again. */
function isLiteral(element: Element): boolean {
  return (element.type as number) === 0;
}

/** Amounts among the arguments. */
const MONEY = ['price', 'oldPrice', 'limit', 'spent'] as const;

/** Amounts as readers of that language write them, and whether the price is none; what is written so already stays. */
export function withMoney(given: NoticeArgs, language: string): NoticeArgs {
  const written = MONEY.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' ? [[name, localMoney(value, language)] as const] : [];
  });
  if (written.length === 0) return given;
  const free = typeof given['price'] === 'string' && isNothing(given['price']) ? { free: 'yes' } : {};
  return { ...given, ...free, ...Object.fromEntries(written) };
}

function renderOne(message: IntlMessageFormat, names: ReadonlySet<string>, given: NoticeArgs): string {
  const values = Object.fromEntries([...names].map((name) => [name, cleaned(given[name])]));
  const text = message.format(values);
  return typeof text === 'string' ? text.trim() : '';
}

function cleaned(value: string | number | undefined): string | number {
  if (typeof value === 'number') return value;
  return (value ?? '').replace(UNPRINTABLE, '').slice(0, LONGEST_ARG);
}
