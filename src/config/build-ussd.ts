import type { Menu, MenuAct, MenuItem, MenuScreen, MenuText } from '../domain/menu.ts';
import { MENU_LABELS } from '../domain/menu.ts';
import { partsOfCode } from '../smpp/ussd/code.ts';
import type { UssdSettings } from '../smpp/ussd/settings.ts';
import { parseTemplate, withMoney } from '../words/template.ts';
import type { LinkUssdInput, MenuInput } from './schema-ussd.ts';

export function linkUssdOf({ codes, ...ussd }: LinkUssdInput): UssdSettings {
  const known = Object.entries(codes).map(([dialled, shortCode]) => ({ parts: partsOfCode(dialled), shortCode }));
  return { ...ussd, codes: known };
}

type Label = MenuInput['labels'][keyof MenuInput['labels']];
type ActInput = Pick<MenuInput['screens'][string]['items'][number], 'go' | 'do' | 'via'>;

/** The cross checks have refused whatever is no template, names no screen, or is missing in `language`. */
export function menuOf(input: MenuInput, language: string): Menu {
  const text = (label: Label): MenuText => textOf(label, language);
  return {
    start: input.start,
    keys: input.keys,
    labels: Object.fromEntries(MENU_LABELS.map((name) => [name, text(input.labels[name])])) as Menu['labels'],
    screens: new Map(Object.entries(input.screens).map(([name, screen]) => [name, screenOf(screen, text)])),
  };
}

function screenOf(
  { title, items, list, reads }: MenuInput['screens'][string],
  text: (label: Label) => MenuText,
): MenuScreen {
  return {
    title: text(title),
    items: items.map((item): MenuItem => ({ label: text(item.label), act: actOf(item) })),
    list: list && { of: list.of, row: text(list.row), none: text(list.none), act: actOf(list) },
    reads,
  };
}

function actOf({ go, do: deed, via }: ActInput): MenuAct {
  return deed === undefined ? { kind: 'go', screen: go ?? '' } : { kind: 'do', deed, via };
}

/** A language that a label leaves out is answered in the default one. */
function textOf(label: Label, otherwise: string): MenuText {
  const templates = new Map(
    Object.entries(label).flatMap(([language, text]) => {
      const parsed = parseTemplate(text, language);
      return parsed.ok ? [[language, parsed.value] as const] : [];
    }),
  );
  // Its amounts are the subscriber's all the same: a row of nothing but a title and a price needs no translation.
  return (language, args) =>
    (templates.get(language) ?? templates.get(otherwise))?.render(withMoney(args, language)) ?? '';
}
