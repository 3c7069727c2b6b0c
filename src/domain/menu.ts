import type { ChannelName } from './channel.ts';
import type { NoticeArgs } from './notice.ts';
import { foldText } from './fold.ts';
import type { Fits } from './screen.ts';
import { menuPages } from './screen.ts';

/** A text of a menu in the subscriber's language. */
export type MenuText = (language: string, args: NoticeArgs) => string;

/** Rows that the catalogue or the subscriber's record gives. */
export const MENU_LISTS = ['services', 'subscriptions', 'waiting', 'channels', 'languages'] as const;
export type MenuList = (typeof MENU_LISTS)[number];

/** What an item does. What is about something is about the row that was chosen last. */
export const MENU_DEEDS = [
  'order', 'yes', 'no', 'stop', 'stop-all', 'list', 'status', 'help', 'complain', 'channel', 'language', 'end',
] as const; // prettier-ignore
export type MenuDeed = (typeof MENU_DEEDS)[number];

export type MenuAct =
  | { readonly kind: 'go'; readonly screen: string }
  | { readonly kind: 'do'; readonly deed: MenuDeed; readonly via: ChannelName | undefined };

export interface MenuItem {
  readonly label: MenuText;
  readonly act: MenuAct;
}

/** One screen as config gives it: items, a list of rows, or a question for a code. */
export interface MenuScreen {
  readonly title: MenuText;
  readonly items: readonly MenuItem[];
  readonly list:
    { readonly of: MenuList; readonly row: MenuText; readonly none: MenuText; readonly act: MenuAct } | undefined;
  readonly reads: 'code' | undefined;
}

/** Texts that belong to no screen. */
export const MENU_LABELS = [
  'more', 'back', 'yes', 'no', 'wrong', 'sent', 'later', 'busy', 'unknown', 'goodbye',
] as const; // prettier-ignore
export type MenuLabel = (typeof MENU_LABELS)[number];

export interface Menu {
  readonly start: string;
  readonly screens: ReadonlyMap<string, MenuScreen>;
  readonly labels: Readonly<Record<MenuLabel, MenuText>>;
  /** What is typed for the next page and for one step back. */
  readonly keys: { readonly more: string; readonly back: string };
}

/** Where a subscriber is in a menu. */
export interface Place {
  readonly screen: string;
  /** From 0. */
  readonly page: number;
  /** The row chosen last: the id of a service, order, channel or language. */
  readonly chosen: string | undefined;
  /** Screens that lead back, the last one first. */
  readonly trail: readonly string[];
  /** The screen as it was shown, without its hint; left out before it is, and by builds that did not keep it. */
  readonly said?: string;
}

export interface MenuRow {
  readonly id: string;
  readonly args: NoticeArgs;
  /** Of an order that waits: what answers it. */
  readonly asks?: 'yes' | 'code';
}

/** What menus show of the catalogue and of one subscriber. */
export interface MenuView {
  readonly language: string;
  readonly shortCode: string;
  readonly rows: Readonly<Record<MenuList, readonly MenuRow[]>>;
  readonly fits: Fits;
}

export function startOf(menu: Menu): Place {
  return { screen: menu.start, page: 0, chosen: undefined, trail: [] };
}

interface Option {
  readonly label: string;
  readonly act: MenuAct;
  readonly chosen: string | undefined;
}

/** The text of the place; `hint` is said above it where there is room. */
export function screenText(menu: Menu, view: MenuView, place: Place, hint = ''): string {
  const pages = pagesAt(menu, view, place);
  const { text } = pages[place.page] ?? pages[0];
  const hinted = `${hint}\n${text}`;
  return hint !== '' && view.fits(hinted) ? hinted : text;
}

function pagesAt(menu: Menu, view: MenuView, place: Place): ReturnType<typeof menuPages> {
  const { language, fits } = view;
  const label = (name: MenuLabel): string => menu.labels[name](language, {});
  const back = place.trail.length === 0 ? undefined : `${menu.keys.back} ${label('back')}`;
  const head = titleAt(menu, view, place);
  const rows = optionsAt(menu, view, place).map((option) => option.label);
  return menuPages({ head, rows, more: `${menu.keys.more} ${label('more')}`, back }, fits);
}

function screenAt(menu: Menu, { screen }: Place): MenuScreen | undefined {
  return menu.screens.get(screen) ?? menu.screens.get(menu.start);
}

function titleAt(menu: Menu, view: MenuView, place: Place): string {
  const screen = screenAt(menu, place);
  const empty = screen?.list !== undefined && view.rows[screen.list.of].length === 0;
  const text = empty ? screen.list.none : screen?.title;
  return text?.(view.language, argsOf(view, place.chosen)) ?? '';
}

/** Whatever was chosen, of whichever list: ids of different lists do not meet in one trail. */
function argsOf(view: MenuView, chosen: string | undefined): NoticeArgs {
  const row = MENU_LISTS.flatMap((list) => view.rows[list]).find(({ id }) => id === chosen);
  return { shortCode: view.shortCode, ...row?.args };
}

function optionsAt(menu: Menu, view: MenuView, place: Place): readonly Option[] {
  const screen = screenAt(menu, place);
  if (screen === undefined) return [];
  const { list, items } = screen;
  const rows = list === undefined ? [] : view.rows[list.of].map(({ id, args }) => rowOption(view, list, id, args));
  return [...rows, ...items.filter(offered(menu, view, place)).map((item) => itemOption(view, place, item))];
}

function rowOption(
  { language, shortCode }: MenuView,
  { row, act }: NonNullable<MenuScreen['list']>,
  id: string,
  args: NoticeArgs,
): Option {
  return { label: row(language, { shortCode, ...args }), act, chosen: id };
}

function itemOption(view: MenuView, { chosen }: Place, { label, act }: MenuItem): Option {
  return { label: label(view.language, argsOf(view, chosen)), act, chosen };
}

/** What could do nothing here is left out: a channel that is not spoken, a yes to what asks for a code, a code to what does not. */
function offered(menu: Menu, { rows }: MenuView, { chosen }: Place): (item: MenuItem) => boolean {
  const asks = rows.waiting.find(({ id }) => id === chosen)?.asks;
  return ({ act }) => {
    if (act.kind === 'go') return asks !== 'yes' || menu.screens.get(act.screen)?.reads !== 'code';
    if (act.deed === 'yes') return asks !== 'code';
    return act.via === undefined || rows.channels.some(({ id }) => id === act.via);
  };
}

/** What an input leads to. */
export type Step =
  | { readonly kind: 'show'; readonly place: Place; readonly wrong: boolean }
  | { readonly kind: 'do'; readonly deed: MenuDeed; readonly via: ChannelName | undefined; readonly chosen: string | undefined } // prettier-ignore
  /** No key of this screen: whoever reads texts may know what it means. */
  | { readonly kind: 'typed'; readonly reads: 'code' | undefined };

export function stepFrom(menu: Menu, view: MenuView, place: Place, input: string): Step {
  const key = foldText(input).join(' ');
  if (key === menu.keys.back && place.trail.length > 0) return show(stepBack(place));
  if (key === menu.keys.more && hasMore(menu, view, place)) return show({ ...place, page: place.page + 1 });
  const option = /^\d{1,3}$/.test(key) ? optionsAt(menu, view, place)[Number(key) - 1] : undefined;
  if (option === undefined) return { kind: 'typed', reads: screenAt(menu, place)?.reads };
  return follow(place, option);
}

function show(place: Place): Step {
  return { kind: 'show', place, wrong: false };
}

/** One page, or one screen, back. */
function stepBack(place: Place): Place {
  if (place.page > 0) return { ...place, page: place.page - 1 };
  const [screen = place.screen, ...trail] = place.trail;
  return { screen, page: 0, chosen: place.chosen, trail };
}

function hasMore(menu: Menu, view: MenuView, place: Place): boolean {
  return place.page + 1 < pagesAt(menu, view, place).length;
}

function follow(place: Place, { act, chosen }: Option): Step {
  if (act.kind === 'do') return { chosen, ...act, kind: 'do' };
  return show({ screen: act.screen, page: 0, chosen, trail: [place.screen, ...place.trail] });
}

/** `*384*1*2#`: follows the dialled keys as far as they only move; what would do something waits for the subscriber. */
export function walkMenu(menu: Menu, view: MenuView, from: Place, inputs: readonly string[]): Place {
  let place = from;
  for (const input of inputs) {
    const step = stepFrom(menu, view, place, input);
    if (step.kind !== 'show') return place;
    place = step.place;
  }
  return place;
}
