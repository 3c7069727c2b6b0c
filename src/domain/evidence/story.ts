import { visible } from '../visible.ts';
import type { Json, JsonObject, Link } from './chain.ts';

/** A record with the file that it stands in. */
export interface Placed {
  readonly file: string;
  readonly link: Link;
}

/** Once per entry, in the order in which things happened; of two copies the one that still has its payload. */
export function inOrder(found: readonly Placed[]): readonly Placed[] {
  const once = new Map<string, Placed>();
  for (const one of found) {
    const known = once.get(one.link.entry);
    if (known === undefined || known.link.personal === undefined) once.set(one.link.entry, one);
  }
  return [...once.values()].sort((a, b) => compare(a.link, b.link));
}

function compare(a: Link, b: Link): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return a.n - b.n;
}

/**
 * One complaint as a person reads it: both numbers, what was offered, why it was asked or not, every text word for word
 * with its times and ids, every charge and its result, and where each line is proved. Subscribers wrote of it what they liked.
 */
export function storyOf(found: readonly Placed[], checked: string): string {
  const records = inOrder(found);
  const orders = [...new Set(records.map(({ link }) => link.order).filter((id) => id !== undefined))];
  const loose = records.filter(({ link }) => link.order === undefined);
  return [
    `subscriber  ${numbersOf(records).join(', ') || 'erased'}`,
    `records     ${records.length}, ${checked}`,
    ...orders.flatMap((id) => [
      '',
      ...orderStory(
        id,
        records.filter(({ link }) => link.order === id),
      ),
    ]),
    ...(loose.length === 0 ? [] : ['', 'messages about no order', ...loose.flatMap(stepLines)]),
  ]
    .map(visible)
    .join('\n');
}

function numbersOf(records: readonly Placed[]): readonly string[] {
  return [...new Set(records.map(({ link }) => link.personal?.['msisdn']).filter((one) => typeof one === 'string'))];
}

function orderStory(id: string, records: readonly Placed[]): readonly string[] {
  const offered = records.find(({ link }) => link.facts['offer'] !== undefined)?.link.facts ?? {};
  return [`order ${id}`, ...offerLines(offered), ...decisionLines(offered), ...records.flatMap(stepLines)];
}

function offerLines(facts: JsonObject): readonly string[] {
  const offer = objectOf(facts['offer']);
  if (offer === undefined) return ['  its beginning is not in these files'];
  return [
    `  service     ${shown(offer['title'])} (${shown(offer['keyword'])} on ${shown(facts['shortCode'])})`,
    `  provider    ${shown(offer['providerName'])}`,
    `  price       ${shown(offer['priceText'])}, ${shown(offer['period'])}, charged by ${shown(offer['chargeKind'])}`,
    `  texts       ${shown(facts['language'])}, version ${shown(facts['textVersion'])}, over ${shown(facts['channel'])}`,
  ];
}

function decisionLines(facts: JsonObject): readonly string[] {
  const decision = objectOf(facts['decision']);
  if (decision === undefined) return [];
  const rules = Array.isArray(decision['verdicts']) ? (decision['verdicts'] as readonly JsonObject[]) : [];
  return [
    `  decision    ${shown(decision['interaction'])} by rule ${shown(decision['won'])}, policy ${shown(decision['policyVersion'])}`,
    `  credit      ${shown(decision['score'] ?? 'unknown')}, band ${shown(decision['band'])}`,
    ...rules.map((rule) => `    ${shown(rule['rule'])} asks ${shown(rule['asks'])}: ${shown(rule['because'])}`),
  ];
}

/** Facts that have lines of their own. */
const APART: ReadonlySet<string> = new Set([
  'offer', 'decision', 'state', 'from', 'cause', 'service', 'provider', 'by', 'text', 'language', 'channel', 'shortCode', 'textVersion',
]); // prettier-ignore

function stepLines({ file, link }: Placed): readonly string[] {
  const { facts, personal, erased } = link;
  const more = Object.entries(facts).filter(([name]) => !APART.has(name));
  return [
    `  ${link.time}  ${link.kind} ${shown(facts['from'])} to ${shown(facts['state'])}: ${shown(facts['cause'])}`,
    ...more.map(([name, value]) => `      ${name}: ${shown(value)}`),
    ...(erased === undefined ? payloadLines(personal) : [`      words and numbers erased, erasure ${erased}`]),
    `      proof: ${file} record ${link.n}, ${link.hash.slice(0, 16)}, written by ${shown(facts['by'])}`,
  ];
}

function payloadLines(personal: JsonObject | undefined): readonly string[] {
  if (personal === undefined) return [];
  const heard = objectOf(personal['heard']);
  const others = Object.entries(personal).filter(([name]) => !['msisdn', 'heard', 'said'].includes(name));
  return [
    ...(heard === undefined ? [] : heardLines(heard)),
    ...(personal['said'] === undefined ? [] : [`      to the subscriber: ${JSON.stringify(personal['said'])}`]),
    ...others.map(([name, value]) => `      ${name}: ${shown(value)}`),
  ];
}

function heardLines({ text, to, at, ...rest }: JsonObject): readonly string[] {
  const ids = Object.entries(rest).map(([name, value]) => `${name} ${shown(value)}`);
  return [
    `      from the subscriber: ${JSON.stringify(text)}`,
    `        to ${shown(to)} at ${shown(at)}, ${ids.join(', ')}`,
  ];
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** A value in one line: nested ones as `name=value`. */
function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '-';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map((one: Json) => shown(one)).join(', ');
  return Object.entries(value)
    .map(([name, one]) => `${name}=${shown(one)}`)
    .join(' ');
}
