import { resolve } from 'node:path';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import type { Language, TextFault } from '../words/language.ts';
import type { Duties } from '../words/duties.ts';
import { mergeWords, readLanguage } from '../words/language.ts';
import { buildConfig } from './build.ts';
import type { Config } from './config.ts';
import { crossFaults } from './cross-checks.ts';
import type { Env } from './env.ts';
import { overrideFromEnv } from './env.ts';
import type { ConfigFault } from './faults.ts';
import { faultsOf } from './faults.ts';
import type { Gathered } from './gather.ts';
import { gather } from './gather.ts';
import type { ConfigInput } from './schema.ts';
import { configSchema, configTree } from './schema.ts';
import { resolveSecrets } from './secrets.ts';
import { besideFile, locate, owner } from './source.ts';
import type { Path } from './tree.ts';
import { pathText } from './tree.ts';

type Locate = (path: Path, of?: 'key' | 'value') => string;

/**
 * The config in `file` with what the environment puts over it, or every fault that was found. Never rejects and changes
 * nothing on disk, so it serves start-up, check-config and reload alike.
 */
export async function loadConfig(
  file: string,
  env: Env = process.env,
): Promise<Result<Config, readonly ConfigFault[]>> {
  const gathered = await gather(resolve(file), env);
  if (!gathered.ok) return gathered;
  const taken = new Set(gathered.value.origins.values());
  const rest = Object.fromEntries(Object.entries(env).filter(([variable]) => !taken.has(variable)));
  const overridden = overrideFromEnv(gathered.value.raw, rest, configTree);
  const where = locator(gathered.value, new Map([...gathered.value.origins, ...overridden.origins]));
  const unread: ConfigFault[] = [];
  const raw = await resolveSecrets(overridden.raw, configTree, {
    env,
    beside: (path, name) => besideSource(gathered.value, path, name),
    locate: where,
    faults: unread,
  });
  const parsed = configSchema.safeParse(raw);
  const found = parsed.success ? [] : faultsOf(parsed.error.issues, { tree: configTree, raw, locate: where });
  // Of a secret that could not be read it is not told, too, that it is empty.
  const told = found.filter(({ path }) => !unread.some((secret) => secret.path.startsWith(`${path}.`)));
  const faults = [...overridden.faults, ...unread, ...told];
  if (!parsed.success || faults.length > 0) return fault(unique(faults));
  return checked(parsed.data, where);
}

function checked(input: ConfigInput, where: Locate): Result<Config, readonly ConfigFault[]> {
  const faults: ConfigFault[] = [];
  const add = (path: Path, text: string): void => void faults.push({ path: pathText(path), where: where(path), text });
  const languages = readLanguages(input, add);
  for (const { path, text } of crossFaults(input, mergeWords(languages))) add(path, text);
  const [first, ...others] = defaultFirst(languages, input.language.default);
  if (first === undefined || faults.length > 0) return fault(unique(faults));
  return ok(buildConfig(input, [first, ...others]));
}

function readLanguages(
  { language, policy }: ConfigInput,
  add: (path: Path, text: string) => void,
): readonly Language[] {
  const names = language.files.map((file) => file.language);
  if (!names.includes(language.default)) {
    add(['language', 'default'], `names none of the languages in language.files (${names.join(', ')})`);
  }
  language.files.forEach(({ reviewed }, index) => {
    if (!reviewed && !language.allowUnreviewed)
      add(
        ['language', 'files', index, 'reviewed'],
        'nobody fluent has read its texts: have that done and say true, or set language.allowUnreviewed',
      );
  });
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      add(['language', 'files', index, 'language'], 'stands in another message file already');
  });
  const refused = (index: number, { path, text }: TextFault): void =>
    add(['language', 'files', index, ...path.map((key) => (/^\d+$/.test(key) ? Number(key) : key))], text);
  return language.files.flatMap((file, index) => {
    const read = readLanguage(file, dutiesOf(policy.profile));
    if (read.ok) return [read.value];
    for (const textFault of read.fault) refused(index, textFault);
    return [];
  });
}

function defaultFirst(languages: readonly Language[], name: string): readonly Language[] {
  return [...languages].sort((left, right) => Number(right.language === name) - Number(left.language === name));
}

/** A value that the environment set is at fault there, not in the file; what stands in a file that it named, in that file. */
function locator({ sources }: Gathered, origins: ReadonlyMap<string, string>): Locate {
  return (path, of = 'value') => {
    const within = owner(sources, path)?.prefix.length ?? 0;
    for (let length = path.length; length > within; length--) {
      const variable = origins.get(pathText(path.slice(0, length)));
      if (variable !== undefined) return `env ${variable}`;
    }
    return locate(sources, path, of);
  };
}

function besideSource({ sources }: Gathered, path: Path, name: string): string {
  const source = owner(sources, path);
  return source === undefined ? resolve(name) : besideFile(source, name);
}

function unique(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const seen = new Set<string>();
  return faults.filter(({ path, where, text }) => {
    const key = `${where} ${path} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Where a bare YES does not confirm, the text must tell what does. */
function dutiesOf({ duties, plainYes }: ConfigInput['policy']['profile']): Duties {
  return plainYes ? duties : { ...duties, confirm: [...duties.confirm, 'keyed'] };
}
