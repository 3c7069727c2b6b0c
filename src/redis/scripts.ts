import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Call, Reply } from './wire/resp.ts';

export type { Reply } from './wire/resp.ts';

/** Runs the step of that file name; rejects when Redis cannot be reached or the step failed. */
export type Run = (name: string, keys: readonly string[], args: readonly (string | number)[]) => Promise<Reply>;

export interface Script {
  readonly name: string;
  /** As the file name tells; `more` when further keys may follow. */
  readonly keys: number;
  readonly more: boolean;
  readonly text: string;
  readonly sha: string;
}

const FOLDER = new URL('./commands/', import.meta.url);
const FILE = /^([a-z-]+)-(\d+)(plus)?\.lua$/;
const INCLUDE = /^--- @include "([a-z-]+)"$/gm;

/** One file per atomic step: `verb-noun-<number of KEYS>.lua`. Throws for a file that is named otherwise. */
export function loadScripts(): ReadonlyMap<string, Script> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.lua'));
  return new Map(files.map((file) => [file.replace(/-\d+(plus)?\.lua$/, ''), loadScript(file)]));
}

function loadScript(file: string): Script {
  const [, name, keys, plus] = FILE.exec(file) ?? [];
  if (name === undefined) throw new RangeError(`${file} is not verb-noun-<number of keys>.lua`);
  const text = withIncludes(readFileSync(new URL(file, FOLDER), 'utf8'), new Set());
  return {
    name,
    keys: Number(keys),
    more: plus !== undefined,
    text,
    sha: createHash('sha1').update(text).digest('hex'),
  };
}

/** Each include once, however often it is named. */
function withIncludes(text: string, seen: Set<string>): string {
  return text.replace(INCLUDE, (_line, name: string) => {
    if (seen.has(name)) return '';
    seen.add(name);
    return withIncludes(readFileSync(new URL(`includes/${name}.lua`, FOLDER), 'utf8'), seen);
  });
}

/** EVALSHA, and EVAL once where the server does not know the script yet (a fresh or restarted Redis). */
export function createRun(call: Call, scripts: ReadonlyMap<string, Script> = loadScripts()): Run {
  return async (name, keys, args) => {
    const script = scripts.get(name);
    if (script === undefined) throw new RangeError(`no Lua step is called ${name}`);
    if (script.more ? keys.length < script.keys : keys.length !== script.keys) {
      throw new RangeError(`${name} takes ${script.keys} keys, not ${keys.length}`);
    }
    try {
      return await call(['EVALSHA', script.sha, keys.length], keys, args);
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return await call(['EVAL', script.text, keys.length], keys, args);
    }
  };
}
