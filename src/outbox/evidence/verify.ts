import { join } from 'node:path';
import type { Link } from '../../domain/evidence/chain.ts';
import type { SignedHead } from '../../domain/evidence/head.ts';
import type { ChainFault, ChainResult } from '../../domain/evidence/verify.ts';
import { createCheck } from '../../domain/evidence/verify.ts';
import { linesOf } from '../lines.ts';
import type { HeadFolder } from './heads.ts';
import { headFolder } from './heads.ts';
import { chainFiles } from './names.ts';
import type { HeadCheck } from './signing.ts';
import { sha256 } from './signing.ts';

export interface FileReport {
  readonly file: string;
  readonly records: number;
  /** Records that a signed head vouches for; undefined when no heads were looked at. */
  readonly proven: number | undefined;
  /** Payloads that were erased, each named by an erasure. */
  readonly erased: number;
  readonly faults: readonly ChainFault[];
}

/** Where heads are, and whose key signed them. */
export interface HeadsToCheck {
  readonly folder: string;
  readonly check: HeadCheck;
}

/** What the files that were read say together. */
interface Seen {
  readonly results: Map<string, ChainResult>;
  readonly heads: Map<string, SignedHead>;
  /** Per erasure, the entries whose payload it took. */
  readonly erasures: Map<string, Set<string>>;
  readonly tombstones: { readonly file: string; readonly link: Link }[];
}

/** Checks every chain of a folder, offline. Without heads a tail that was cut off cannot be told. */
export async function verifyFolder(folder: string, given: HeadsToCheck | undefined): Promise<readonly FileReport[]> {
  const seen: Seen = { results: new Map(), heads: new Map(), erasures: new Map(), tombstones: [] };
  const heads = given && headFolder(given.folder);
  const bad = new Map<string, ChainFault[]>();
  if (given !== undefined && heads !== undefined) await readHeads(heads, given.check, seen, bad);
  for (const { name } of await chainFiles(folder)) {
    seen.results.set(name, await checkFile(join(folder, name), name, seen));
    if (heads !== undefined && !seen.heads.has(name) && !bad.has(name))
      bad.set(name, [{ what: 'head', line: undefined, text: 'has no head' }]);
  }
  return reports(seen, bad, given !== undefined);
}

async function readHeads(
  heads: HeadFolder,
  check: HeadCheck,
  seen: Seen,
  bad: Map<string, ChainFault[]>,
): Promise<void> {
  for (const file of await heads.files()) {
    const head = await heads.read(file).catch(() => undefined);
    if (typeof head === 'object' && check(head)) seen.heads.set(file, head);
    else bad.set(file, [{ what: 'head', line: undefined, text: 'its head is not signed with this key' }]);
  }
}

async function checkFile(path: string, name: string, seen: Seen): Promise<ChainResult> {
  const head = seen.heads.get(name);
  const check = createCheck(name, sha256, head?.count);
  let half = false;
  for await (const { text, whole } of linesOf(path)) {
    half = !whole;
    const link = half ? undefined : check.add(text);
    if (link !== undefined) note(link, name, seen);
  }
  const result = check.end(head);
  const cut: ChainFault = { what: 'unreadable', line: undefined, text: 'the last line has no end' };
  return half ? { ...result, faults: [...result.faults, cut] } : result;
}

function note(link: Link, file: string, { erasures, tombstones }: Seen): void {
  if (link.erased !== undefined) tombstones.push({ file, link });
  if (link.kind !== 'erasure') return;
  const { id, entries } = link.facts;
  if (typeof id !== 'string' || !Array.isArray(entries)) return;
  const known = erasures.get(id) ?? new Set<string>();
  for (const entry of entries) if (typeof entry === 'string') known.add(entry);
  erasures.set(id, known);
}

function reports(seen: Seen, bad: Map<string, ChainFault[]>, withHeads: boolean): readonly FileReport[] {
  const files = new Set([...seen.results.keys(), ...seen.heads.keys(), ...bad.keys()]);
  const removed = (file: string): boolean => !seen.results.has(file) && seen.heads.get(file)?.removed !== undefined;
  return [...files]
    .filter((file) => !removed(file))
    .sort()
    .map((file) => reportOf(file, seen, { headFaults: bad.get(file) ?? [], withHeads }));
}

function reportOf(
  file: string,
  seen: Seen,
  { headFaults, withHeads }: { readonly headFaults: readonly ChainFault[]; readonly withHeads: boolean },
): FileReport {
  const { count, proven, faults } = seen.results.get(file) ?? NO_FILE;
  const stones = seen.tombstones.filter((stone) => stone.file === file).map(({ link }) => link);
  const others = [...stones.flatMap((link) => stoneFaults(link, seen)), ...beforeFaults(seen.heads.get(file), seen)];
  return {
    file,
    records: count,
    proven: withHeads ? proven : undefined,
    erased: stones.length,
    faults: [...faults, ...headFaults, ...others],
  };
}

const GONE: ChainFault = { what: 'file', line: undefined, text: 'the file is missing, its head is there' };
const NO_FILE = { count: 0, proven: 0, faults: [GONE] };

/** A payload that is gone without an erasure that says so was taken out by hand. */
function stoneFaults({ n, entry, erased }: Link, { erasures }: Seen): readonly ChainFault[] {
  if (erased !== undefined && erasures.get(erased)?.has(entry) === true) return [];
  return [{ what: 'erasure', line: n, text: `record ${n} has lost its payload, and no erasure names it` }];
}

/** A newer head vouches for how the file before it ended. */
function beforeFaults(head: SignedHead | undefined, { results, heads }: Seen): readonly ChainFault[] {
  if (head?.before === undefined) return [];
  const { file, count, hash } = head.before;
  const end = results.get(file) ?? heads.get(file);
  if (end !== undefined && end.count === count && end.hash === hash) return [];
  const text = `${file} must end with record ${count}${end === undefined ? '' : `, it ends with ${end.count}`}`;
  return [{ what: 'cut', line: undefined, text }];
}
