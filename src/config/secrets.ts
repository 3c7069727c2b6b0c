import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../lib/result.ts';
import { fault } from '../lib/result.ts';
import type { Env } from './env.ts';
import type { ConfigFault } from './faults.ts';
import type { SchemaNode } from './schema.ts';
import type { Path } from './tree.ts';
import { childOf, isRecord, pathText } from './tree.ts';
import { utf8Of } from './utf8.ts';

interface Context {
  readonly env: Env;
  /** Where a relative file of the value at `path` begins. */
  readonly beside: (path: Path, file: string) => string;
  readonly locate: (path: Path) => string;
  readonly faults: ConfigFault[];
}

/** Puts the text of every `{ file }`, `{ env }` and `{ credential }` in its place. Surrounding white space is dropped. */
export async function resolveSecrets(
  value: unknown,
  tree: SchemaNode,
  context: Context,
  path: Path = [],
): Promise<unknown> {
  const place = tree.secret === true ? placeOf(value) : undefined;
  if (place !== undefined) return readPlace(place, context, path);
  if (Array.isArray(value)) {
    return Promise.all(
      value.map((entry: unknown, index) =>
        resolveSecrets(entry, childOf(tree, index) ?? {}, context, [...path, index]),
      ),
    );
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, entry]) =>
      [key, await resolveSecrets(entry, childOf(tree, key) ?? {}, context, [...path, key])] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

interface Place {
  readonly kind: (typeof PLACES)[number];
  readonly name: string;
}

const PLACES = ['file', 'env', 'credential'] as const;

function placeOf(value: unknown): Place | undefined {
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined;
  const kind = PLACES.find((place) => place in value);
  const name = kind === undefined ? undefined : value[kind];
  return kind === undefined || typeof name !== 'string' || name === '' ? undefined : { kind, name };
}

async function readPlace({ kind, name }: Place, context: Context, path: Path): Promise<unknown> {
  const refuse = (text: string): string => {
    context.faults.push({ path: pathText([...path, kind]), where: context.locate([...path, kind]), text });
    return '';
  };
  if (kind === 'env') return context.env[name] ?? refuse(`the environment has no ${name}`);
  const file = kind === 'file' ? context.beside(path, name) : credentialFile(context.env, name);
  if (file === undefined)
    return refuse('no CREDENTIALS_DIRECTORY in the environment (systemd sets it for LoadCredential=)');
  const content = await contentOf(file);
  return content.ok ? content.value.trim() : refuse(content.fault);
}

async function contentOf(file: string): Promise<Result<string, string>> {
  try {
    const content = utf8Of(await readFile(file));
    return content.ok ? content : fault(`${file} is no UTF-8`);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return fault(`cannot read ${file} (${why})`);
  }
}

function credentialFile(env: Env, name: string): string | undefined {
  const folder = env['CREDENTIALS_DIRECTORY'];
  return folder === undefined ? undefined : join(folder, name);
}
