import type { OwedAs } from '../../domain/message.ts';
import type { NoticeArgs, OwedMt } from '../../domain/notice.ts';
import type { Words } from '../ports/outside.ts';

/** The words of an owed text; what a dialogue began and another channel ends says so. */
export function textOf({ words }: { readonly words: Words }, mt: OwedMt, args: NoticeArgs): string {
  const text = words.render(mt.kind, mt.language, args);
  return args['moved'] === 'ussd' ? `${words.render('ussd-ended', mt.language, {})} ${text}` : text;
}

export function owedAs({ kind, orderId, args, language, dialogue }: OwedMt): OwedAs {
  const { keyword } = args;
  return { kind, orderId, language, dialogue, keyword: typeof keyword === 'string' ? keyword : undefined };
}
