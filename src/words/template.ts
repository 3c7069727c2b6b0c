import { IntlMessageFormat } from 'intl-messageformat';
import type { NoticeArgs } from '../domain/notice.ts';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';

/** One text of one language, parsed once. */
export interface Template {
  /** Names of all arguments, those inside branches included. */
  readonly args: ReadonlySet<string>;
  /** The words between the arguments, branches included: what a duty on wording is checked against. */
  readonly literal: string;
  /** Never throws: `args` has been checked against what flows pass, and whatever is missing is read as an empty text. */
  readonly render: (args: NoticeArgs) => string;
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Control characters and invisible marks, which could turn a title into something else on a handset. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}]/gu;

/** Longest argument that a text takes over; a list of services is the longest one there is. */
const LONGEST_ARG = 300;

/** An ICU message (MessageFormat) as a template, or why it is none. `<` is an ordinary character: texts are not markup. */
export function parseTemplate(text: string, language: string): Result<Template, string> {
  try {
    const message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
    const args = new Set<string>();
    const literal: string[] = [];
    collect(message.getAst(), args, literal);
    return ok({ args, literal: literal.join(' '), render: (given) => renderOne(message, args, given) });
  } catch (error) {
    return fault(error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable');
  }
}

function collect(elements: readonly Element[], args: Set<string>, literal: string[]): void {
  for (const element of elements) {
    if ('value' in element && isLiteral(element)) literal.push(element.value);
    else if ('value' in element) args.add(element.value);
    if ('options' in element) collect(branchesOf(element), args, literal);
  }
}

function branchesOf(element: Element & { options: object }): readonly Element[] {
  return Object.values(element.options as Readonly<Record<string, { value: Element[] }>>).flatMap(({ value }) => value);
}

/** 0 is TYPE.literal of the ICU parser, which intl-messageformat does not export again. */
function isLiteral(element: Element): boolean {
  return (element.type as number) === 0;
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
