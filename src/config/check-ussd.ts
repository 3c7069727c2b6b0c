import { fitsScreen } from '../smpp/ussd/submit.ts';
import { parseTemplate } from '../words/template.ts';
import type { CrossFault } from './cross-fault.ts';
import { atMost } from './cross-fault.ts';
import type { MenuInput } from './schema-ussd.ts';
import type { ConfigInput } from './schema.ts';
import type { Path } from './tree.ts';

/** What a menu's texts may name. */
const ARGS = ['shortCode', 'title', 'price', 'free', 'period', 'provider', 'keyword', 'channel', 'language', 'paused'];

export function ussdFaults(input: ConfigInput): readonly CrossFault[] {
  return [
    ...input.smpp.links.flatMap((link, index) => linkFaults(input, link, index)),
    ...(input.ussd === undefined ? [] : menuFaults(input.ussd.menu, input.language.default)),
  ];
}

function linkFaults(
  { ussd: menu, challenge }: ConfigInput,
  { ussd, shortCodes, channels }: ConfigInput['smpp']['links'][number],
  index: number,
): readonly CrossFault[] {
  const link: Path = ['smpp', 'links', index];
  if (ussd === undefined)
    return channels.length > 0
      ? []
      : [{ path: [...link, 'channels'], text: 'is empty, and the link has no ussd either' }];
  const path: Path = [...link, 'ussd'];
  const foreign = Object.entries(ussd.codes).filter(([, shortCode]) => !shortCodes.includes(shortCode));
  return [
    ...(menu === undefined ? [{ path, text: 'needs a menu: say ussd: { menu: { file: ussd-menu.yaml } }' }] : []),
    // An order must outlive its dialogue, to go on elsewhere.
    ...atMost(ussd.userTimeout, challenge.ussdWindow, [...path, 'userTimeout'], 'challenge.ussdWindow'),
    ...foreign.map(([dialled, shortCode]) => ({
      path: [...path, 'codes', dialled],
      text: `${shortCode} is no short code of this link`,
    })),
  ];
}

function menuFaults(menu: MenuInput, language: string): readonly CrossFault[] {
  const at: Path = ['ussd', 'menu'];
  const names = Object.keys(menu.screens);
  return [
    ...screenNamed(menu.start, names, [...at, 'start']),
    ...(menu.keys.more === menu.keys.back
      ? [{ path: [...at, 'keys', 'more'], text: 'must differ from keys.back' }]
      : []),
    ...Object.entries(menu.labels).flatMap(([name, label]) => labelFaults(label, language, [...at, 'labels', name])),
    ...KEYS.flatMap((name) => keyFaults(menu.labels[name], [...at, 'labels', name])),
    ...LAST.flatMap((name) => lastFaults(menu.labels[name], [...at, 'labels', name])),
    ...Object.entries(menu.screens).flatMap(([name, screen]) =>
      screenFaults(screen, { names, language, path: [...at, 'screens', name] }),
    ),
  ];
}

/** Labels that stand beside a key under every page. */
const KEYS = ['more', 'back', 'yes', 'no'] as const;
/** Two of them and a word must find room on a screen of 80 characters. */
const LONGEST_KEY = 25;

function keyFaults(label: Readonly<Record<string, string>>, path: Path): readonly CrossFault[] {
  return Object.entries(label).flatMap(([language, { length }]) =>
    length <= LONGEST_KEY
      ? []
      : [{ path: [...path, language], text: `has ${length} characters; a key's label has at most ${LONGEST_KEY}` }],
  );
}

/** Labels that are the last screen of a dialogue, all of it: there is no next page. */
const LAST = ['sent', 'later', 'busy', 'unknown', 'goodbye'] as const;
/** The longest that they may name. */
const FILLED = { channel: 'email', shortCode: '123456' };

function lastFaults(label: Readonly<Record<string, string>>, path: Path): readonly CrossFault[] {
  return Object.entries(label).flatMap(([language, text]) => {
    const parsed = parseTemplate(text, language);
    if (!parsed.ok || fitsScreen(parsed.value.render(FILLED), 'gsm7')) return [];
    return [
      { path: [...path, language], text: 'is longer than a screen: 182 characters of GSM 7-bit, 80 of any others' },
    ];
  });
}

interface Around {
  readonly names: readonly string[];
  readonly language: string;
  readonly path: Path;
}

function screenFaults(screen: MenuInput['screens'][string], around: Around): readonly CrossFault[] {
  const { title, items, list } = screen;
  const { language, path } = around;
  return [
    ...labelFaults(title, language, [...path, 'title']),
    ...priceFaults(screen, path),
    ...items.flatMap((item, index) => [
      ...labelFaults(item.label, language, [...path, 'items', index, 'label']),
      ...actFaults(item, { ...around, path: [...path, 'items', index] }),
    ]),
    ...(list === undefined
      ? []
      : [
          ...labelFaults(list.row, language, [...path, 'list', 'row']),
          ...labelFaults(list.none, language, [...path, 'list', 'none']),
          ...actFaults(list, { ...around, path: [...path, 'list'] }),
        ]),
  ];
}

/** E9: the price on the screen is the price charged, so a key that orders stands on a screen that tells it. */
function priceFaults({ title, items, list }: MenuInput['screens'][string], path: Path): readonly CrossFault[] {
  const silent = items.flatMap(({ label, do: deed }, index) => {
    const text = 'orders, so the title of its screen or its label must tell {price}';
    return deed !== 'order' || tellsPrice(title) || tellsPrice(label)
      ? []
      : [{ path: [...path, 'items', index], text }];
  });
  if (list?.do !== 'order' || tellsPrice(list.row)) return silent;
  return [...silent, { path: [...path, 'list', 'row'], text: 'orders, so it must tell {price}' }];
}

function tellsPrice(label: Readonly<Record<string, string>>): boolean {
  return Object.entries(label).every(([language, text]) => {
    const parsed = parseTemplate(text, language);
    return !parsed.ok || parsed.value.args.has('price');
  });
}

type ActInput = Pick<MenuInput['screens'][string]['items'][number], 'go' | 'do' | 'via'>;

function actFaults({ go, do: deed, via }: ActInput, { names, path }: Around): readonly CrossFault[] {
  if ((go === undefined) === (deed === undefined)) return [{ path, text: 'must say either go or do' }];
  const misplaced = via !== undefined && deed !== 'order';
  return [
    ...(go === undefined ? [] : screenNamed(go, names, [...path, 'go'])),
    ...(misplaced ? [{ path: [...path, 'via'], text: 'goes only with do: order' }] : []),
  ];
}

function screenNamed(name: string, names: readonly string[], path: Path): readonly CrossFault[] {
  return names.includes(name) ? [] : [{ path, text: `names no screen; screens are ${names.join(', ')}` }];
}

function labelFaults(label: Readonly<Record<string, string>>, language: string, path: Path): readonly CrossFault[] {
  const missing = label[language] === undefined ? [{ path, text: `has no text in ${language}, the default` }] : [];
  const wrong = Object.entries(label).flatMap(([name, text]) => templateFaults(text, name, [...path, name]));
  return [...missing, ...wrong];
}

function templateFaults(text: string, language: string, path: Path): readonly CrossFault[] {
  const parsed = parseTemplate(text, language);
  if (!parsed.ok) return [{ path, text: `is no ICU message: ${parsed.fault}` }];
  const foreign = [...parsed.value.args].filter((arg) => !ARGS.includes(arg));
  return foreign.map((arg) => ({ path, text: `names {${arg}}; it may name ${ARGS.join(', ')}` }));
}
