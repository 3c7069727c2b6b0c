import { LineCounter, isAlias, isNode, parseDocument, visit } from 'yaml';
import type { Document, ErrorCode, YAMLParseError } from 'yaml';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';

/** A text that is YAML: what it holds, and where that stands. */
export interface Yaml {
  readonly doc: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

export interface YamlFault {
  readonly line: number;
  readonly col: number;
  /** What kind of fault, and never a word of the text: what does not parse may be a password without its quotes. */
  readonly text: string;
}

type Spot = Omit<YamlFault, 'line' | 'col'> & { readonly at: number };

/** So many copies by aliases are a bomb (a billion laughs), not a config. */
const MOST_COPIES = 100;

/** Never throws: whatever is wrong is a fault with its place. */
export function readYaml(content: string): Result<Yaml, readonly YamlFault[]> {
  const lines = new LineCounter();
  const read = valueOf(content, lines);
  if (read.ok) return ok({ ...read.value, lines });
  return fault(read.fault.map(({ at, text }) => ({ ...lines.linePos(at), text })));
}

function valueOf(content: string, lines: LineCounter): Result<Omit<Yaml, 'lines'>, readonly Spot[]> {
  try {
    // Above 'error' the library prints its warnings itself, and they quote the text.
    const doc = parseDocument(content, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    if (doc.errors.length > 0) return fault(toldOnce(doc.errors).map(spotOf));
    const loose = looseAliases(doc);
    if (loose.length > 0) return fault(loose);
    return ok({ doc, value: doc.toJS({ maxAliasCount: MOST_COPIES }) as unknown });
  } catch {
    return fault([
      { at: 0, text: 'is no YAML that can be used: its aliases make too many copies, or it is nested too deeply' },
    ]);
  }
}

/** The library tells of a nesting that is too deep once for every level of it. */
function toldOnce<E extends Pick<YAMLParseError, 'code'>>(errors: readonly E[]): readonly E[] {
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  return tooDeep === undefined ? errors : [tooDeep];
}

function spotOf({ code, message, pos: [at] }: YAMLParseError): Spot {
  const why = SAID[code] ?? (FIXED.has(code) ? message.split('\n')[0] : undefined);
  return { at, text: `is no YAML: ${why ?? `it cannot be read here (${code})`}` };
}

/** The library's messages of these kinds hold no text of the file. */
const FIXED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'BLOCK_IN_FLOW',
  'DUPLICATE_KEY',
  'KEY_OVER_1024_CHARS',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAB_AS_INDENT',
]);

/** Those of these do, or speak to a programmer. */
const SAID: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: 'a second document (---) has no place here',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  BAD_DQ_ESCAPE: 'an escape in double quotes that YAML does not know; single quotes take \\ as it is',
  BAD_SCALAR_START: 'a text cannot begin with this character; it needs quotes',
  BAD_COLLECTION_TYPE: 'a tag (!) that does not fit what follows it; a text that begins with ! needs quotes',
  TAG_RESOLVE_FAILED: 'a tag (!) that does not fit what follows it; a text that begins with ! needs quotes',
  UNEXPECTED_TOKEN:
    'what stands here has no place there; a text with characters that mean something to YAML needs quotes',
};

/** Aliases that name nothing before them, or what they stand in. */
function looseAliases(doc: Document): readonly Spot[] {
  const anchors = new Map<string, unknown>();
  const loose: Spot[] = [];
  visit(doc, {
    Node(_, node, above) {
      const at = node.range?.[0] ?? 0;
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const named = anchors.get(node.source);
      if (named === undefined)
        loose.push({ at, text: 'an alias (*) of no anchor before it; a text that begins with * needs quotes' });
      else if (above.some((one) => isNode(one) && one === named))
        loose.push({ at, text: 'an alias (*) of what it stands in: that has no end' });
    },
  });
  return loose;
}
