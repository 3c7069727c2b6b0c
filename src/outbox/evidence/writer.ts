import { randomBytes } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainEnd, Evidence } from '../../domain/evidence/chain.ts';
import { genesis, lineAfter } from '../../domain/evidence/chain.ts';
import type { SignedHead } from '../../domain/evidence/head.ts';
import { keyName } from '../../domain/evidence/head.ts';
import type { Note } from '../../lib/note.ts';
import { unlessGone } from '../folder.ts';
import { appendLines } from '../lines.ts';
import type { FileEnd } from './chain-end.ts';
import { endOfFile, standsBy } from './chain-end.ts';
import { entriesIn } from './entries.ts';
import type { HeadFolder } from './heads.ts';
import { headFolder } from './heads.ts';
import type { ChainFile } from './names.ts';
import { chainFile, chainFiles, inOrder } from './names.ts';
import type { HeadSigner } from './signing.ts';
import { sha256 } from './signing.ts';

export interface EvidenceSettings {
  readonly folder: string;
  /** Where the signed heads go: another disk or machine than `folder`. */
  readonly heads: string;
  /** Names this process; no two write one file. */
  readonly instance: string;
  readonly signer: HeadSigner;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly note: Note;
}

export interface EvidenceWriter {
  /** On disk and linked when it resolves; nothing of it when it rejects. */
  append(records: readonly Evidence[]): Promise<void>;
  /** Those of `entries` that some file of the folder has already. */
  among(entries: readonly string[]): Promise<ReadonlySet<string>>;
  /** Signs what was written since the last head, at most once a second unless `now`. */
  seal(now?: boolean): Promise<void>;
}

/** The file that is written, and how far its chain is. */
interface Open {
  readonly file: ChainFile;
  readonly end: ChainEnd;
  readonly size: number;
  readonly before: (ChainEnd & { readonly file: string }) | undefined;
}

const SALT_OCTETS = 16;

/** Milliseconds between two heads of a busy file: so much of a tail is not proven after a crash. */
const SEAL_EVERY = 1000;

/**
 * Writes evidence as hash chains, one file per UTC day. What is in a file is never rewritten here; a file that does not
 * stand by its head, or whose head this key did not sign, is left as it is, for `verify` to find, and another part is begun.
 */
export function createEvidenceWriter(settings: EvidenceSettings): EvidenceWriter {
  const heads = headFolder(settings.heads);
  let at: Open | undefined;
  /** Records of that file in its newest head. */
  let sealed = 0;
  let sealedAt = 0;

  async function seal(now = false): Promise<void> {
    if (at === undefined || sealed === at.end.count) return;
    // Whichever way it is: a clock that was set back would leave hours unproven.
    if (!now && Math.abs(settings.now() - sealedAt) < SEAL_EVERY) return;
    await heads.write(headOf(settings, at));
    [sealed, sealedAt] = [at.end.count, settings.now()];
  }

  async function ready(): Promise<Open> {
    const day = new Date(settings.now()).toISOString().slice(0, 10);
    if (at !== undefined && at.file.day < day) {
      await seal(true);
      at = undefined;
    }
    // Somebody else wrote into it: what is remembered of its end is no longer true.
    if (at !== undefined && (await sizeOf(join(settings.folder, at.file.name))) !== at.size) at = undefined;
    if (at === undefined) [at, sealed] = [await openFile(settings, heads, day), 0];
    return at;
  }

  async function append(records: readonly Evidence[]): Promise<void> {
    if (records.length === 0) return;
    const open = await ready();
    const linked = linkAll(open.end, records);
    try {
      const size = await appendLines(join(settings.folder, open.file.name), linked.lines, open.size);
      at = { ...open, end: linked.end, size };
    } catch (error) {
      at = undefined;
      throw error;
    }
  }

  const inTurn = takingTurns();
  return {
    seal: (now) => inTurn(() => seal(now)),
    among: (entries) => entriesIn(settings.folder, entries),
    append: (records) => inTurn(() => append(records)),
  };
}

/** The consumer and an erasure write into one chain: one after the other. */
function takingTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

function linkAll(from: ChainEnd, records: readonly Evidence[]): { readonly lines: string; readonly end: ChainEnd } {
  let [end, lines] = [from, ''];
  // One call for the batch: a call into OpenSSL costs as much for a page as for one salt.
  const salts = randomBytes(SALT_OCTETS * records.length).toString('hex');
  for (const [at, record] of records.entries()) {
    const salt = salts.slice(2 * SALT_OCTETS * at, 2 * SALT_OCTETS * (at + 1));
    const next = lineAfter(end, record, salt, sha256);
    lines += `${next.line}\n`;
    end = next.end;
  }
  return { lines, end };
}

function headOf({ signer, now }: EvidenceSettings, { file, end, before }: Open): ReturnType<HeadSigner['sign']> {
  const time = new Date(now()).toISOString();
  return signer.sign({ file: file.name, ...end, time, before, removed: undefined });
}

/** A clock that was set back over midnight goes on with the newest file: an older one's end is vouched for, and its name is taken. */
async function openFile(settings: EvidenceSettings, heads: HeadFolder, day: string): Promise<Open> {
  const { folder, instance } = settings;
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const last = await newestOf(folder, heads, chainFile(day, instance, 1).instance);
  if (last === undefined) return begin(chainFile(day, instance, 1), undefined);
  const found = await look(settings, heads, last);
  const { end, head } = found;
  if (last.day >= day && end !== undefined && isOurs(settings, head))
    return { file: last, end, size: end.size, before: head?.before };
  const next = last.day < day ? chainFile(day, instance, 1) : chainFile(last.day, instance, last.part + 1);
  return begin(next, await ended(settings, heads, found));
}

/** A file that is gone has its head yet, which must not be written over. */
async function newestOf(folder: string, heads: HeadFolder, instance: string): Promise<ChainFile | undefined> {
  const there = (await chainFiles(folder)).map(({ name }) => name);
  return inOrder([...there, ...(await heads.files())]).findLast((file) => file.instance === instance);
}

interface Found {
  readonly file: ChainFile;
  /** undefined where it is not what its head vouches for. */
  readonly end: FileEnd | undefined;
  readonly head: SignedHead | undefined;
}

async function look(settings: EvidenceSettings, heads: HeadFolder, file: ChainFile): Promise<Found> {
  const { folder, note } = settings;
  const [end, read] = [await endOfFile(folder, file.name), await heads.read(file.name)];
  const head = read === 'spoilt' ? undefined : read;
  const isBad = isForged(settings, read);
  if (!isBad && end !== undefined && (await standsBy(folder, file.name, end, head))) return { file, end, head };
  // Retention says in the head that it took the file.
  if (isBad || head?.removed === undefined) note('evidence.broken', { file: file.name });
  return { file, end: undefined, head };
}

function isForged(settings: EvidenceSettings, head: SignedHead | 'spoilt' | undefined): boolean {
  if (head === undefined) return false;
  return head === 'spoilt' || (isOurs(settings, head) && !settings.signer.check(head));
}

/** A head of a former key cannot be checked here: it is left as it is, with its file. */
function isOurs({ signer }: EvidenceSettings, head: SignedHead | undefined): boolean {
  return head === undefined || head.key === keyName(signer.publicKey, sha256);
}

function begin(file: ChainFile, before: (ChainEnd & { readonly file: string }) | undefined): Open {
  const last = before && { file: before.file, count: before.count, hash: before.hash };
  return { file, end: genesis(file.name, sha256), size: 0, before: last };
}

/** Cuts and signs the end of a file that is left, where a crash kept that from being done; returns what its head vouches for. */
async function ended(
  settings: EvidenceSettings,
  heads: HeadFolder,
  { file, end, head }: Found,
): Promise<(ChainEnd & { readonly file: string }) | undefined> {
  if (end === undefined) return head;
  await cutHalfLine(join(settings.folder, file.name), end.size);
  if (isOurs(settings, head) && head?.count !== end.count) {
    await heads.write(headOf(settings, { file, end, size: end.size, before: head?.before }));
  }
  return { file: file.name, count: end.count, hash: end.hash };
}

/** Nobody appends to an older file any more, and an erasure takes a number out of whole lines only. */
async function cutHalfLine(path: string, whole: number): Promise<void> {
  if ((await sizeOf(path)) !== whole) await appendLines(path, '');
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(unlessGone))?.size ?? 0;
}
