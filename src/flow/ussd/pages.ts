import type { Dialogue, Shown, Told } from '../../domain/dialogue.ts';
import type { Mt } from '../../domain/message.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import { textPages } from '../../domain/screen.ts';
import { argsWithCode } from '../say/code.ts';
import type { UssdPorts } from '../ports/ports.ts';
import { textOf } from '../say/owed-text.ts';
import { receipt } from './end.ts';
import type { Said, Saying } from './say.ts';
import { finish, label, utter } from './say.ts';

const CHALLENGES: readonly NoticeKind[] = ['confirm', 'code'];
const QUESTIONS: readonly NoticeKind[] = [...CHALLENGES, 'which', 'stop-which'];

export function isChallenge({ kind }: Pick<Told, 'kind'>): boolean {
  return CHALLENGES.includes(kind);
}

/** An owed text as its first page: a question keeps the dialogue open, and so do pages that are to come. */
export function sayingOf(p: UssdPorts, dialogue: Dialogue, mt: Mt): Saying {
  const { kind, orderId, keyword } = mt.owed ?? UNNAMED;
  const pages = pagesOf(p, dialogue, kind, mt.text);
  const asks = asksFor(p, dialogue, kind) || pages.length > 1;
  const shown = { mtId: mt.id, kind, orderId, keyword, page: 0, pages: pages.length };
  const told = isRead(dialogue, shown, asks) ? dialogue.told : [...dialogue.told, { mtId: mt.id, kind, orderId }];
  return { text: pages[0] ?? '', asks, mt: mt.id, shown: asks ? shown : undefined, told };
}

const UNNAMED = { kind: 'help', orderId: undefined, keyword: undefined } as const;

/** Whether nothing is left to learn about a text once this page is said; a notice that we pushed is confirmed later. */
function isRead(dialogue: Dialogue, shown: Shown, asks: boolean): boolean {
  const isLast = shown.page + 1 >= shown.pages;
  return isLast && !isChallenge(shown) && (asks || dialogue.kind !== 'pushed');
}

function asksFor(p: UssdPorts, { told, place }: Dialogue, kind: NoticeKind): boolean {
  if (kind !== 'wrong-answer') return QUESTIONS.includes(kind);
  return told.some(isChallenge) || p.ussd.menu().screens.get(place.screen)?.reads === 'code';
}

const FEET: Readonly<Partial<Record<NoticeKind, readonly (readonly [string, 'yes' | 'no'])[]>>> = {
  confirm: [
    ['1', 'yes'],
    ['2', 'no'],
  ],
  code: [['2', 'no']],
};

function pagesOf(p: UssdPorts, dialogue: Dialogue, kind: NoticeKind, text: string): readonly string[] {
  const foot = (FEET[kind] ?? []).map(([key, name]) => `${key} ${label(p, dialogue, name)}`);
  const more = `${p.ussd.menu().keys.more} ${label(p, dialogue, 'more')}`;
  return textPages(text, { more, foot }, (page) => p.ussd.line.fits(dialogue.link, page));
}

/** The owed text on the screen again, at another page; its last page may be the last word. */
export async function showPage(p: UssdPorts, dialogue: Dialogue, shown: Shown, hint: string): Promise<Said> {
  const text = await textShown(p, shown);
  if (text === undefined) return finish(p, dialogue, 'later');
  const pages = pagesOf(p, dialogue, shown.kind, text);
  const saying = pageSaying(dialogue, shown, hinted(p, dialogue, hint, pages[shown.page] ?? ''));
  const said = await utter(p, { dialogue, stored: dialogue }, saying);
  if (said.kind === 'said' && saying.told.length < dialogue.told.length)
    await receipt(p, dialogue, shown.mtId, 'delivered');
  return said;
}

/** Rendered again: a code is stored nowhere (E15). */
async function textShown(p: UssdPorts, { mtId }: Shown): Promise<string | undefined> {
  const mt = await p.mts.load(mtId);
  const args = mt && argsWithCode(p, mt);
  return mt && args && textOf(p, mt, args);
}

function pageSaying(dialogue: Dialogue, shown: Shown, text: string): Saying {
  const isLast = shown.page + 1 >= shown.pages;
  const asks = !isLast || shown.kind === 'wrong-answer' || QUESTIONS.includes(shown.kind);
  const read = isRead(dialogue, shown, asks);
  const told = dialogue.told.filter(({ mtId }) => !read || mtId !== shown.mtId);
  return { text, asks, shown: asks ? shown : undefined, told };
}

function hinted(p: UssdPorts, { link }: Dialogue, hint: string, page: string): string {
  const both = `${hint}\n${page}`;
  return hint !== '' && p.ussd.line.fits(link, both) ? both : page;
}
