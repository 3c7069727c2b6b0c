/** Reads a scenario file: YAML in, a checked script or every problem with its line out. */
import { LineCounter, parseDocument, type Document, type Node, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { duration } from './grammar.ts';
import type { Action, Script, Step, Subscriber } from './step.ts';
import { VERBS } from './verbs.ts';

export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type Read =
  | { readonly kind: 'script'; readonly script: Script }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

const msisdn = z
  .union([z.string(), z.int().transform(String)])
  .pipe(z.string().regex(/^\d{3,15}$/, 'a number of 3 to 15 digits, without +'));

const subscriber = z.union([
  msisdn.transform((number): Subscriber => ({ msisdn: number, account: {} })),
  z
    .strictObject({
      msisdn: msisdn.optional(),
      balance: z.int().optional(),
      blocked: z.boolean().optional(),
      free: z.boolean().optional(),
    })
    .transform(({ msisdn: number, ...account }): Subscriber => ({ msisdn: number, account })),
]);

/** A verb without a value may stand alone. */
const step = z.union([
  z.string().transform((key): Record<string, unknown> => ({ [key]: null })),
  z.record(z.string(), z.unknown()),
]);

const head = z.strictObject({
  name: z.string().min(1),
  about: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  code: z.union([z.string(), z.int().transform(String)]).default('5000'),
  subscribers: z.record(z.string().regex(/^\w+$/, 'a name of letters and digits'), subscriber),
  steps: z.array(step).min(1),
});

const modifiers = z.object({ at: duration.optional() });

type StepRead = { readonly action: Action; readonly at: number | undefined } | { readonly message: string };

const usages = (): string => VERBS.map((verb) => verb.usage).join(' | ');

function issues(error: z.ZodError, whole: string): string {
  return error.issues.map((issue) => `${issue.path.join('.').replace(/^value\b/, whole)}: ${issue.message}`).join('; ');
}

function readStep(fields: Readonly<Record<string, unknown>>): StepRead {
  const found = Object.keys(fields).flatMap((key) => {
    const verb = VERBS.find((one) => one.key.test(key));
    return verb === undefined ? [] : [{ key, verb, who: verb.key.exec(key)?.[1] ?? '' }];
  });
  const [first, second] = found;
  if (first === undefined) return { message: `no verb in "${Object.keys(fields).join(', ')}"; known: ${usages()}` };
  if (second !== undefined) return { message: `two verbs in one step: "${first.key}" and "${second.key}"` };
  const { at, [first.key]: value, ...beside } = fields;
  const timed = modifiers.safeParse({ at });
  if (!timed.success) return { message: issues(timed.error, first.key) };
  const read = first.verb.read(first.who, { value, ...beside });
  return read instanceof z.ZodError ? { message: issues(read, first.key) } : { action: read, at: timed.data.at };
}

/** Names in a step that no subscriber has. */
function strangers(action: Action, known: readonly string[]): readonly string[] {
  const named = ['who' in action ? action.who : undefined, 'of' in action ? action.of : undefined];
  return named.filter((name): name is string => name !== undefined && !known.includes(name));
}

interface Place {
  readonly lines: LineCounter;
  readonly document: Document;
}

function lineAt({ lines, document }: Place, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
    if (node?.range != null) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** A step as it was written, on one line. */
function told(place: Place, text: string, index: number): string {
  const node = place.document.getIn(['steps', index], true) as YAMLMap | undefined;
  const [start = 0, end = 0] = node?.range ?? [];
  return text
    .slice(start, end)
    .trim()
    .replace(/\s*\n\s*/g, ', ');
}

function readSteps(place: Place, text: string, parsed: z.output<typeof head>): { steps: Step[]; problems: Problem[] } {
  const known = Object.keys(parsed.subscribers);
  const steps: Step[] = [];
  const problems: Problem[] = [];
  parsed.steps.forEach((fields, index) => {
    const line = lineAt(place, ['steps', index]);
    const step = readStep(fields);
    const names = 'action' in step ? strangers(step.action, known) : [];
    if ('message' in step) problems.push({ line, message: step.message });
    else if (names.length > 0) problems.push({ line, message: `no subscriber is called ${names.join(', ')}` });
    else steps.push({ ...step, line, told: told(place, text, index) });
  });
  return { steps, problems };
}

/** Never throws: what is wrong is told with its line. */
export function readScript(text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = { lines, document };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      line: lines.linePos(error.pos[0]).line,
      message: error.message.split('\n')[0] ?? '',
    }));
    return { kind: 'wrong', problems };
  }
  const parsed = head.safeParse(document.toJS());
  if (!parsed.success) {
    const at = (path: readonly PropertyKey[]): (string | number)[] => path.filter((key) => typeof key !== 'symbol');
    const problems = parsed.error.issues.map((issue) => ({
      line: lineAt(place, at(issue.path)),
      message: `${issue.path.join('.') || 'file'}: ${issue.message}`,
    }));
    return { kind: 'wrong', problems };
  }
  const { steps, problems } = readSteps(place, text, parsed.data);
  if (problems.length > 0) return { kind: 'wrong', problems };
  return { kind: 'script', script: { ...parsed.data, steps } };
}
