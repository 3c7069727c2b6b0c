/** What a CCR carries beyond the charge, as the config says it, held against the dictionary before anything starts. */
import { defineAvps } from '../diameter/dictionary/dictionary.ts';
import { compileLayout } from '../diameter/layout.ts';
import type { Layout, LayoutValue } from '../diameter/layout.ts';
import type { NodeSettings } from '../diameter/settings.ts';
import type { CrossFault } from './cross-fault.ts';
import { shapeOf } from './faults.ts';
import { SUBSCRIPTION_ID_TYPES } from './schema-ccr.ts';
import type { DiameterInput } from './schema-links.ts';
import type { Path } from './tree.ts';
import { isRecord } from './tree.ts';

type CcrInput = Pick<DiameterInput, 'avps' | 'subscriptionIds' | 'layout'>;

/**
 * The faults of `compileCcr`, each with the path of its AVP. As there, AVPs of one's own are in the dictionary from here
 * on, for the whole process: a changed definition takes a restart.
 */
export function ccrFaults({ avps, subscriptionIds, layout }: CcrInput): readonly CrossFault[] {
  return [
    ...avps.flatMap((avp, index) => at(['diameter', 'avps', index], avp.name, defineAvps([avp]))),
    ...subscriptionIds.flatMap(({ data }, index) =>
      compiled(['diameter', 'subscriptionIds', index, 'data'], 'Subscription-Id-Data', data),
    ),
    ...(typeof layout === 'string' ? [] : readLayout(layout, ['diameter', 'layout']).faults),
  ];
}

/** For a config without faults. */
export function ccrOf({ avps, subscriptionIds, layout }: CcrInput) {
  return {
    avps,
    subscriptionIds: subscriptionIds.map(({ type, data }) => ({ type: SUBSCRIPTION_ID_TYPES.indexOf(type), data })),
    layout: typeof layout === 'string' ? layout : readLayout(layout, []).layout,
  } satisfies Partial<NodeSettings>;
}

interface Read<Value> {
  readonly value: Value;
  readonly faults: readonly CrossFault[];
}

/** An AVP with its value per entry: `- VAS-ID: orderd`. */
function readLayout(list: readonly unknown[], path: Path): { layout: Layout; faults: readonly CrossFault[] } {
  const read = list.map((entry, index) => readEntry(entry, [...path, index]));
  return { layout: read.flatMap(({ value }) => value), faults: read.flatMap(({ faults }) => faults) };
}

function readEntry(entry: unknown, path: Path): Read<Layout> {
  const [named, ...more] = isRecord(entry) ? Object.entries(entry) : [];
  if (named === undefined || more.length > 0) {
    return { value: [], faults: [{ path, text: `${shapeOf(entry)}; expected one AVP with its value` }] };
  }
  const [name, given] = named;
  const { value, faults } = readValue(name, given, [...path, name]);
  return { value: [[name, value]], faults };
}

function readValue(name: string, given: unknown, path: Path): Read<LayoutValue> {
  if (Array.isArray(given)) {
    const group = compiled(path, name, []);
    const { layout, faults } = readLayout(given, path);
    return { value: layout, faults: group.length > 0 ? group : faults };
  }
  if (typeof given === 'string' || (typeof given === 'number' && exact(given))) {
    return { value: given, faults: compiled(path, name, given) };
  }
  return { value: '', faults: [{ path, text: `${shapeOf(given)}; expected ${EXPECTED}` }] };
}

const EXPECTED = 'a text, a number (in quotes from 2^53 on), or a list of AVPs';

/** A greater whole number has lost digits while the file was read. */
function exact(given: number): boolean {
  return Math.abs(given) <= Number.MAX_SAFE_INTEGER;
}

function compiled(path: Path, name: string, value: LayoutValue): readonly CrossFault[] {
  return at(path, name, compileLayout([[name, value]]).faults);
}

/** `name: what is wrong`, as the dictionary and layouts tell their faults. */
function at(path: Path, name: string, faults: readonly string[]): readonly CrossFault[] {
  return faults.map((fault) => ({ path, text: fault.slice(name.length + 2) }));
}
