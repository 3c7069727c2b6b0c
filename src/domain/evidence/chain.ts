import type { Result } from '../../lib/result.ts';
import { fault, ok } from '../../lib/result.ts';

/**
 * A hash chain of evidence, one JSON line per record. A record's hash covers everything of it but the personal payload,
 * of which it covers a salted hash: without salt and payload the chain still holds, and nobody can guess what was there.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** SHA-256 of a text's UTF-8 octets, hex. */
export type Hash = (text: string) => string;

export type EvidenceKind = 'order' | 'subscription' | 'mt' | 'mo' | 'complaint' | 'erasure' | 'retention';

/** What one step of one order left, before it is a link of a chain. */
export interface Evidence {
  /** Names it for ever, the outbox entry that it stands for: a reader that sees it twice drops one. */
  readonly entry: string;
  /** ISO 8601, UTC: when it happened. */
  readonly time: string;
  readonly kind: EvidenceKind;
  /** undefined for an MO that is about no order. */
  readonly order: string | undefined;
  /** Nothing in here leads to a person. */
  readonly facts: JsonObject;
  /** What an erasure takes: number, texts, message ids. */
  readonly personal: JsonObject | undefined;
}

export interface Link extends Evidence {
  /** From 1, without gaps. */
  readonly n: number;
  /** The hash of the record before; of the first one, `genesis`. */
  readonly prev: string;
  /** Of salt and personal payload; empty where there never was one. */
  readonly digest: string;
  readonly hash: string;
  /** 128 random bits, hex; gone with the payload. */
  readonly salt: string | undefined;
  /** The erasure that took the payload. */
  readonly erased: string | undefined;
}

/** Where a chain stands: how many records it has, and the hash of the last one. */
export interface ChainEnd {
  readonly count: number;
  readonly hash: string;
}

/** A chain of its own per file name, so that no file can stand in for another. */
export function genesis(file: string, hash: Hash): ChainEnd {
  return { count: 0, hash: hash(`orderd evidence ${file}`) };
}

export interface NextLine {
  /** Without its end. */
  readonly line: string;
  readonly end: ChainEnd;
}

/**
 * The next line of a chain, and where the chain stands after it: the same text as `lineOf` makes. What is long is spelled out
 * once, for its hash and for the line.
 */
export function lineAfter({ count, hash: prev }: ChainEnd, evidence: Evidence, salt: string, hash: Hash): NextLine {
  const { entry, time, kind, order, facts, personal } = evidence;
  const n = count + 1;
  const told = JSON.stringify(facts);
  const payload = personal === undefined ? undefined : JSON.stringify(personal);
  const digest = payload === undefined ? '' : digestOf(salt, payload, hash);
  const own = hashOf({ n, entry, time, kind, order, told, digest, prev }, hash);
  const about = `${fieldOf('entry', entry)}${fieldOf('time', time)}${fieldOf('kind', kind)}${fieldOf('order', order)}`;
  const chained = `${fieldOf('digest', digest)}${fieldOf('prev', prev)}${fieldOf('hash', own)}`;
  const proof = payload === undefined ? '' : `${fieldOf('salt', salt)},"personal":${payload}`;
  return { line: `{"n":${n}${about},"facts":${told}${chained}${proof}}`, end: { count: n, hash: own } };
}

function fieldOf(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;
}

function digestOf(salt: string, payload: string, hash: Hash): string {
  return hash(`${salt}\n${payload}`);
}

/** `told`: the facts as JSON. */
interface Covered extends Omit<Link, 'facts' | 'hash' | 'salt' | 'personal' | 'erased'> {
  readonly told: string;
}

/** Of the record as a list: `[n, entry, time, kind, order or null, facts, digest]`. */
function hashOf({ n, entry, time, kind, order, told, digest, prev }: Covered, hash: Hash): string {
  const about = JSON.stringify([n, entry, time, kind, order ?? null]).slice(0, -1);
  return hash(`${prev}\n${about},${told},${JSON.stringify(digest)}]`);
}

/** Whether the record is the one that was hashed, and its payload the one that was digested. */
export function isWhole(link: Link, hash: Hash): boolean {
  if (hashOf({ ...link, told: JSON.stringify(link.facts) }, hash) !== link.hash) return false;
  if (link.personal === undefined) return (link.erased !== undefined) === (link.digest !== '');
  return link.digest === digestOf(link.salt ?? '', JSON.stringify(link.personal), hash);
}

/** One line, without its end. `undefined` leaves a key out. */
function lineOf(link: Link): string {
  return JSON.stringify(inOrder(link));
}

function inOrder(link: Link): object {
  const { n, entry, time, kind, order, facts, digest, prev, hash, salt, personal, erased } = link;
  return { n, entry, time, kind, order, facts, digest, prev, hash, salt, personal, erased };
}

/**
 * The record without its payload, on exactly as many octets as before: it is written over the old line in place, so that
 * nothing else in the file moves while others append to it.
 */
export function tombstoneLine(link: Link, erasure: string, octetsOf: (text: string) => number): string {
  const bare = { ...inOrder({ ...link, salt: undefined, personal: undefined, erased: erasure }), pad: '' };
  const room = octetsOf(lineOf(link)) - octetsOf(JSON.stringify(bare));
  if (room < 0) throw new RangeError(`the payload of ${link.entry} is too short for a tombstone`);
  return JSON.stringify({ ...bare, pad: ' '.repeat(room) });
}

/** Reads a line as it was written: other spaces, another order of keys or other numbers are another text. */
export function readLine(line: string): Result<Link, string> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fault('is no JSON');
  }
  if (!isRaw(value)) return fault('is no record');
  const { pad, ...rest } = value;
  const link = { ...NOTHING, ...rest };
  const written = JSON.stringify(pad === undefined ? inOrder(link) : { ...inOrder(link), pad });
  return written === line ? ok(link) : fault('is not as it was written');
}

const NOTHING = { order: undefined, salt: undefined, personal: undefined, erased: undefined } as const;

const TEXTS = ['entry', 'time', 'kind', 'digest', 'prev', 'hash'] as const;
const PAYLOAD = ['salt', 'personal'] as const;

function isRaw(value: unknown): value is Link & { readonly pad?: string } {
  if (!isObject(value) || !Number.isSafeInteger(value['n']) || !isObject(value['facts'])) return false;
  if (TEXTS.some((name) => typeof value[name] !== 'string')) return false;
  return 'erased' in value ? isTombstone(value) : !('pad' in value) && hasPayload(value);
}

function isTombstone(value: Record<string, unknown>): boolean {
  return typeof value['erased'] === 'string' && isPad(value['pad']) && !PAYLOAD.some((name) => name in value);
}

/** Both halves of a payload, or none. */
function hasPayload(value: Record<string, unknown>): boolean {
  if (!PAYLOAD.some((name) => name in value)) return true;
  return typeof value['salt'] === 'string' && isObject(value['personal']);
}

function isPad(pad: unknown): boolean {
  return typeof pad === 'string' && /^ *$/.test(pad);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
