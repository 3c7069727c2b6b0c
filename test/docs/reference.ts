import type { SchemaNode } from '../../src/config/schema.ts';

interface Row {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** Every key below a node; `[]` stands for an entry of a list, `{}` for a name of the reader's own. */
function rowsBelow(node: SchemaNode, path: string): readonly Row[] {
  if (node.secret === true && path !== 'keys') return [];
  return [node, ...(node.anyOf ?? [])].flatMap((branch) => [
    ...Object.entries(branch.properties ?? {}).flatMap(([key, child]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const required = (branch.required ?? []).includes(key);
      return [{ path: at, node: child, required }, ...rowsBelow(child, at)];
    }),
    ...(branch.items === undefined ? [] : rowsBelow(branch.items, `${path}[]`)),
    ...(typeof branch.additionalProperties === 'object' ? rowsBelow(branch.additionalProperties, `${path}{}`) : []),
  ]);
}

/** What the remarks of config/default.yaml say of each key, by its path. */
export function remarks(yaml: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parents: { readonly indent: number; readonly path: string }[] = [];
  for (const line of yaml.split('\n')) {
    const [, lead = '', hash = '', more = '', dash = '', key = '', rest = ''] =
      /^( *)(#?)( *)(- )?([A-Za-z]\w*):(?: (.*))?$/.exec(line) ?? [];
    if (key === '') continue;
    // A remark before a key takes the place of one blank: `  #key:` stands as deep as `  key:`.
    const indent = lead.length + (hash === '' ? more.length : Math.max(0, more.length)) + dash.length;
    while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
    const above = parents.at(-1)?.path ?? '';
    const path = above === '' ? key : `${above}.${key}`;
    parents.push({ indent, path });
    const said = /(?:^|\s)# (.*)$/.exec(rest)?.[1];
    if (said !== undefined && !found.has(path)) found.set(path, said);
  }
  return found;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function line({ path, node, required }: Row, said: ReadonlyMap<string, string>): string {
  const expected = node.expected ?? node.type ?? node.anyOf?.map(({ type }) => type).join(' or ') ?? 'a map';
  const usual = required ? 'required' : node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
  const meaning = said.get(path.replaceAll(/\[\]|\{\}/g, '')) ?? '';
  const is =
    node.properties === undefined && node.items?.properties === undefined
      ? expected
      : node.items
        ? 'a list of maps'
        : 'a map';
  return `| \`${path}\` | ${cell(meaning)} | ${cell(is)}${node.secret === true ? ' (secret)' : ''} | ${cell(usual)} |`;
}

/** docs/configuration.md, from the schema and the remarks of config/default.yaml. */
export function configurationReference(tree: SchemaNode, yaml: string): string {
  const said = remarks(yaml);
  const sections = Object.entries(tree.properties ?? {}).map(([name, node]) => {
    const rows = [{ path: name, node, required: (tree.required ?? []).includes(name) }, ...rowsBelow(node, name)];
    const lines = rows.filter(({ path }) => !path.startsWith('language.files[]')).map((row) => line(row, said));
    return [`## ${name}`, '', '| key | meaning | what to write | default |', '|---|---|---|---|', ...lines, ''].join(
      '\n',
    );
  });
  return [
    '# Configuration reference',
    '',
    'Generated from the schema (`src/config/schema.ts`) and the remarks of `config/default.yaml`; a test holds it. `[]` is one entry of',
    'a list. Durations are a whole number and ms, s, m, h or d. A secret is the text itself, `{ file: PATH }`, `{ env: NAME }` or',
    '`{ credential: NAME }`. Every key comes from the environment too: `ORDERD_NOC__PORT=9090` sets `noc.port`.',
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** docs/events.md, from the event tables of all rooms. */
export function eventReference(events: Readonly<Record<string, string>>): string {
  const rows = Object.entries(events)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([event, level]) => `| \`${event}\` | ${level} |`);
  return [
    '# Log events',
    '',
    'Every log line is one JSON object with `time`, `level` and `event`; lines about an order carry `order`, lines about a text',
    '`mt`, which begins with the id of its order. Names are stable: alert rules and scripts may rely on them. Generated from the',
    'event tables (`*/events.ts`); a test holds it.',
    '',
    '| event | level |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
