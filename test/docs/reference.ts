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

interface Key {
  readonly indent: number;
  readonly key: string;
  readonly said: string | undefined;
}

const KEY = /^(?<lead> *)#?(?<more> *)(?<dash>- )?(?<key>[A-Za-z]\w*):(?: (?<rest>.*))?$/;

/** One line of the file, a key that is commented out included; undefined for what names no key. */
function keyIn(text: string): Key | undefined {
  const groups = KEY.exec(text)?.groups as Readonly<Record<string, string | undefined>> | undefined;
  if (groups === undefined) return undefined;
  const width = (name: string): number => groups[name]?.length ?? 0;
  const said = /(?:^|\s)# (.*)$/.exec(groups['rest'] ?? '')?.[1];
  return { indent: width('lead') + width('more') + width('dash'), key: groups['key'] ?? '', said };
}

/** What the remarks of config/default.yaml say of each key, by its path. */
export function remarks(yaml: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parents: { readonly indent: number; readonly path: string }[] = [];
  const keys = yaml.split('\n').map(keyIn);
  for (const { indent, key, said } of keys.filter((each) => each !== undefined)) {
    while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
    const path = [...parents.slice(-1).map((parent) => parent.path), key].join('.');
    parents.push({ indent, path });
    if (said !== undefined && !found.has(path)) found.set(path, said);
  }
  return found;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function shapeOf(node: SchemaNode): string {
  if (node.properties !== undefined) return 'a map';
  if (node.items?.properties !== undefined) return 'a list of maps';
  const { anyOf = [], type = 'a map' } = node;
  const kinds = anyOf.map((one) => one.type).join(' or ');
  return node.expected ?? (kinds || type);
}

function usualOf({ node, required }: Row): string {
  if (required) return 'required';
  return node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
}

function line(row: Row, said: ReadonlyMap<string, string>): string {
  const meaning = said.get(row.path.replaceAll(/\[\]|\{\}/g, '')) ?? '';
  return `| \`${row.path}\` | ${cell(meaning)} | ${cell(shapeOf(row.node))}${row.node.secret === true ? ' (secret)' : ''} | ${cell(usualOf(row))} |`;
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
