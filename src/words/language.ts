import type { NoticeKind } from '../domain/notice.ts';
import { NOTICES } from '../domain/notice.ts';
import type { RequestWords } from '../domain/request.ts';
import { foldText } from '../domain/fold.ts';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import type { Duties } from './duties.ts';
import { missingDuties } from './duties.ts';
import { NOTICE_ARGS } from './notice-args.ts';
import type { Template } from './template.ts';
import { parseTemplate } from './template.ts';

export const WORD_SETS = [
  'yes',
  'no',
  'stop',
  'all',
  'list',
  'status',
  'help',
  'channel',
  'language',
  'via',
  'complain',
  'again',
  'please',
] as const;
export type WordSet = (typeof WORD_SETS)[number];

/** A message file as config read it. */
export interface LanguageTexts {
  /** BCP 47. */
  readonly language: string;
  /** As its own speakers write it. */
  readonly name: string;
  /** Somebody fluent has read every text. */
  readonly reviewed: boolean;
  readonly words: Readonly<Record<WordSet, readonly string[]>>;
  readonly texts: Readonly<Record<NoticeKind, string>>;
}

/** A language whose texts were parsed and checked. */
export interface Language {
  readonly language: string;
  readonly name: string;
  readonly reviewed: boolean;
  readonly words: RequestWords;
  readonly templates: Readonly<Record<NoticeKind, Template>>;
  /** The texts as written: their hash is part of the version. */
  readonly texts: Readonly<Record<NoticeKind, string>>;
}

/** `path` leads into the message file. */
export interface TextFault {
  readonly path: readonly string[];
  readonly text: string;
}

export function readLanguage(file: LanguageTexts, duties: Duties): Result<Language, readonly TextFault[]> {
  const faults: TextFault[] = [];
  const words = foldSets(file.words, faults);
  const templates: Partial<Record<NoticeKind, Template>> = {};
  for (const kind of NOTICES) {
    const parsed = parseTemplate(file.texts[kind], file.language);
    if (parsed.ok) templates[kind] = parsed.value;
    else faults.push({ path: ['texts', kind], text: `is no ICU message: ${parsed.fault}` });
    if (parsed.ok) faults.push(...textFaults(kind, parsed.value, words, duties));
  }
  if (faults.length > 0 || !complete(templates)) return fault(faults);
  return ok({ language: file.language, name: file.name, reviewed: file.reviewed, words, templates, texts: file.texts });
}

function complete(templates: Partial<Record<NoticeKind, Template>>): templates is Record<NoticeKind, Template> {
  return NOTICES.every((kind) => templates[kind] !== undefined);
}

function textFaults(kind: NoticeKind, template: Template, words: RequestWords, duties: Duties): readonly TextFault[] {
  const path = ['texts', kind];
  const known = NOTICE_ARGS[kind];
  const foreign = [...template.args].filter((arg) => !known.includes(arg));
  const owed = Object.hasOwn(duties, kind) ? duties[kind as keyof Duties] : [];
  return [
    ...foreign.map((arg) => ({
      path,
      text: `names {${arg}}, which is not passed to it; it may name ${known.join(', ')}`,
    })),
    ...missingDuties(template, words, owed).map((means) => ({ path, text: `must tell ${means}` })),
  ];
}

/** The sets whose words open a message: one word in two of them would mean two things. */
const OPENING: readonly WordSet[] = [
  'yes',
  'no',
  'stop',
  'list',
  'status',
  'help',
  'channel',
  'language',
  'complain',
  'again',
];

/** STOP is known to phones everywhere, and ALL behind it: they are heard whatever the operator's subscribers speak. */
const EVERYWHERE: Readonly<Partial<Record<WordSet, string>>> = { stop: 'stop', all: 'all' };

function foldSets(sets: LanguageTexts['words'], faults: TextFault[]): RequestWords {
  const owner = new Map<string, WordSet>([['stop', 'stop']]);
  return mapSets((set) => {
    const folded = sets[set].map((word) => foldText(word));
    folded.forEach((words, index) => faults.push(...wordFaults(owner, set, index, words)));
    return new Set([...folded.flat(), ...(EVERYWHERE[set] === undefined ? [] : [EVERYWHERE[set]])]);
  });
}

function wordFaults(
  owner: Map<string, WordSet>,
  set: WordSet,
  index: number,
  folded: readonly string[],
): readonly TextFault[] {
  const [word] = folded;
  const path = ['words', set, String(index)];
  if (word === undefined || folded.length > 1) return [{ path, text: 'must be one word with a letter or digit' }];
  if (!OPENING.includes(set)) return [];
  const taken = owner.get(word) ?? set;
  owner.set(word, taken);
  return taken === set ? [] : [{ path, text: `is one of the ${taken} words already` }];
}

function mapSets(of: (set: WordSet) => ReadonlySet<string>): RequestWords {
  return {
    yes: of('yes'),
    no: of('no'),
    stop: of('stop'),
    all: of('all'),
    list: of('list'),
    status: of('status'),
    help: of('help'),
    channel: of('channel'),
    language: of('language'),
    via: of('via'),
    complain: of('complain'),
    again: of('again'),
    please: of('please'),
  };
}

/** All enabled languages are understood at once: a subscriber may answer in any of them. */
export function mergeWords(languages: readonly Language[]): RequestWords {
  return mapSets((set) => new Set(languages.flatMap(({ words }) => [...words[set]])));
}
