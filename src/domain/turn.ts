import type { Asked, Dialogue, Shown } from './dialogue.ts';
import type { Menu, MenuDeed, MenuLabel, MenuView, Place, Step } from './menu.ts';
import { screenText, stepFrom } from './menu.ts';
import type { ChannelName } from './channel.ts';
import type { NoticeKind } from './notice.ts';
import { costText } from './notice.ts';
import type { Request, RequestWords } from './request.ts';
import { foldText, foldWord } from './fold.ts';
import { parseRequest } from './request.ts';

/** What follows from what a subscriber typed. */
export type Decided =
  | { readonly kind: 'screen'; readonly place: Place; readonly hint: MenuLabel | undefined }
  /** The owed text on the screen again, at that page. */
  | { readonly kind: 'page'; readonly shown: Shown; readonly hint: MenuLabel | undefined }
  | { readonly kind: 'request'; readonly request: Request; readonly asked: Asked }
  | { readonly kind: 'language'; readonly language: string }
  | { readonly kind: 'last'; readonly label: MenuLabel };

export interface Typed {
  readonly input: string;
  readonly menu: Menu;
  readonly view: MenuView;
  readonly words: RequestWords;
}

/** STOP and HELP come first everywhere (CONSENT rule 5), then the text that waits for an answer, then the menu. */
export function decideTurn(dialogue: Dialogue, typed: Typed): Decided {
  const request = parseRequest(typed.input, typed.words);
  if (request.kind === 'stop' || request.kind === 'stop-all' || request.kind === 'help')
    return asking(request, request);
  return dialogue.shown === undefined
    ? decideMenu(dialogue, typed, request)
    : decideAnswer(dialogue.shown, typed, request);
}

/** `words`: what the text says by itself. */
function asking(request: Request, words: Request): Decided {
  return { kind: 'request', request, asked: request === words ? { kind: 'words' } : request };
}

/** Keys of a challenge, beside its words. */
const KEY = { yes: '1', no: '2' } as const;

/** Nobody consents to pages that were not read: before the last page only a refusal counts. */
function decideAnswer(shown: Shown, { input, menu }: Typed, request: Request): Decided {
  const key = foldText(input).join(' ');
  const given = answerTo(shown, key, request);
  if (given?.kind === 'refuse') return asking(given, request);
  if (shown.page + 1 < shown.pages) return { kind: 'page', shown: { ...shown, page: shown.page + 1 }, hint: undefined };
  if (given !== undefined) return asking(given, request);
  return key === menu.keys.back ? { kind: 'last', label: 'goodbye' } : { kind: 'page', shown, hint: 'wrong' };
}

/** A YES is no code and a code is no YES; whatever else is asked takes all three. */
const TAKES: Readonly<Partial<Record<NoticeKind, readonly Request['kind'][]>>> = {
  confirm: ['confirm', 'refuse'],
  code: ['code', 'refuse'],
};

function answerTo(shown: Shown, key: string, request: Request): Request | undefined {
  const takes = TAKES[shown.kind];
  const said = takes === undefined ? undefined : saidBy(key, request);
  if (said === 'refuse') return refuse(shown, request);
  if (said === 'confirm' && shown.kind === 'confirm') return confirm(shown, request);
  return (takes ?? ['code', 'confirm', 'refuse']).includes(request.kind) ? request : undefined;
}

function saidBy(key: string, { kind }: Request): Request['kind'] {
  if (key === KEY.no) return 'refuse';
  return key === KEY.yes ? 'confirm' : kind;
}

/** The YES is for the order on the screen, whatever else waits; one that names another says all by itself. */
function confirm({ keyword: shown, orderId }: Shown, request: Request): Request {
  const keyword = shown && foldWord(shown);
  const isConfirm = request.kind === 'confirm';
  if (isConfirm && request.keyword !== undefined && request.keyword !== keyword) return request;
  const more = isConfirm && request.more === true;
  return { kind: 'confirm', keyword, orderId, ...(more ? { more } : {}) };
}

/** So is the NO. */
function refuse({ keyword, orderId }: Shown, request: Request): Request {
  if (request.kind === 'refuse' && request.words !== undefined) return request;
  return { kind: 'refuse', orderId, ...(keyword === undefined ? {} : { words: [foldWord(keyword)] }) };
}

function decideMenu({ place }: Dialogue, typed: Typed, request: Request): Decided {
  const { menu, view, input } = typed;
  const step = stepFrom(menu, view, place, input);
  if (agrees(typed, step, request) && isOutdated(place, typed)) return { kind: 'screen', place, hint: undefined };
  switch (step.kind) {
    case 'show':
      return { kind: 'screen', place: step.place, hint: undefined };
    case 'do':
      return decideDeed(view, step, request);
    case 'typed':
      return isMeant(view, request, step.reads) ? asking(request, request) : { kind: 'screen', place, hint: 'wrong' };
  }
}

const AGREES: ReadonlySet<Request['kind']> = new Set<Request['kind']>(['order', 'confirm', 'numbers']);

/** Whether it agrees to what the screen tells: a key that orders what is still sold, or one word, for among more there may be a STOP. */
function agrees({ view, input }: Typed, step: Step, { kind }: Request): boolean {
  if (step.kind === 'do') return step.deed === 'order' && keywordOf(view, step) !== '';
  return step.kind === 'typed' && AGREES.has(kind) && foldText(input).length === 1;
}

/** E9: a reload has changed what the screen told, and the price told is the price charged. */
function isOutdated(place: Place, { menu, view }: Typed): boolean {
  return place.said !== undefined && place.said !== screenText(menu, view, place);
}

/**
 * Whoever types words is understood as in a text; a number that no screen offers is a slip, never one of a LIST, which
 * would stop what it numbers.
 */
function isMeant({ rows }: MenuView, request: Request, reads: 'code' | undefined): boolean {
  const sold = (keyword: string): boolean =>
    rows.services.some(({ args }) => foldWord(String(args['keyword'])) === keyword);
  switch (request.kind) {
    case 'empty':
      return false;
    case 'code':
      return reads === 'code' || rows.waiting.length > 0;
    case 'order':
      return sold(request.keyword);
    case 'numbers':
      return sold(request.word);
    default:
      return true;
  }
}

type Deed = Step & { readonly kind: 'do' };

function decideDeed(view: MenuView, step: Deed, words: Request): Decided {
  if (step.deed === 'end') return { kind: 'last', label: 'goodbye' };
  if (step.deed === 'language') return { kind: 'language', language: step.chosen ?? view.language };
  return asking(REQUESTS[step.deed](keywordOf(view, step), step, view.rows), words);
}

function keywordOf({ rows }: MenuView, { chosen }: Deed): string {
  const all = [...rows.services, ...rows.subscriptions, ...rows.waiting];
  return foldWord(String(all.find(({ id }) => id === chosen)?.args['keyword'] ?? ''));
}

/** What was chosen is an order, though it may wait no more, unless it is a service. */
function orderOf(chosen: string | undefined, { services, subscriptions }: MenuView['rows']): string | undefined {
  return [...services, ...subscriptions].some(({ id }) => id === chosen) ? undefined : chosen;
}

type AskedBy = (keyword: string, step: Deed, rows: MenuView['rows']) => Request;

/** The same requests that texts make, so that they take the same way. */
const REQUESTS: Readonly<Record<Exclude<MenuDeed, 'end' | 'language'>, AskedBy>> = {
  order: (keyword, { via, chosen }, { services }) => {
    const args = services.find(({ id }) => id === chosen)?.args;
    return { kind: 'order', keyword, channel: via, told: args && costText(args) };
  },
  yes: (keyword, { chosen }, rows) => ({ kind: 'confirm', keyword, orderId: orderOf(chosen, rows) }),
  no: (keyword, { chosen }, rows) => ({ kind: 'refuse', words: [keyword], orderId: orderOf(chosen, rows) }),
  stop: (keyword, { chosen }, { services, subscriptions }) => {
    const serviceId = [...subscriptions, ...services].find(({ id }) => id === chosen)?.id;
    return { kind: 'stop', words: [keyword], serviceId };
  },
  'stop-all': () => ({ kind: 'stop-all' }),
  list: () => ({ kind: 'list' }),
  status: () => ({ kind: 'status' }),
  help: () => ({ kind: 'help' }),
  complain: () => ({ kind: 'complain' }),
  channel: (_keyword, { chosen }) => ({ kind: 'channel', channel: chosen as ChannelName }),
};
