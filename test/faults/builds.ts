import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';
import type { OcsOptions } from '../../simulators/ocs/options.ts';
import { ROOT } from '../../src/launcher/paths.ts';
import type { Promised } from './audit.ts';

/** A build in which one rule does not hold. No such switch ships: the harness changes a copy of dist/. */
export interface BrokenBuild {
  readonly name: string;
  /** What the audit must find. */
  readonly caught: readonly Promised[];
  /** Names of the faults that bring it out. */
  readonly faults: readonly string[];
  readonly edits: readonly { readonly file: string; readonly from: RegExp; readonly to: string }[];
  /** Of the OCS, where not the daemon is broken. */
  readonly ocs?: OcsOptions;
}

export const BROKEN: readonly BrokenBuild[] = [
  {
    name: 'skips the dedupe of MOs',
    caught: ['P2'],
    // One that orders a subscription for the second time makes no second order anyway.
    faults: ['none', ...Array.from({ length: 4 }, () => 'one MO a hundred times at once')],
    edits: [
      {
        file: 'src/redis/commands/open-order-11.lua',
        from: /, 'PX', ARGV\[3\], 'NX'\)/,
        to: ", 'PX', ARGV[3])",
      },
    ],
  },
  {
    name: 'skips the lease',
    caught: ['E5'],
    faults: ['none, two processes and a slow OCS', 'none, two processes and a slow OCS'],
    edits: [
      { file: 'src/redis/commands/includes/lease.lua', from: /step\.now \+ step\.leaseFor/g, to: 'step.now' },
      {
        file: 'src/redis/commands/renew-lease-2.lua',
        from: /redis\.call\('ZADD', KEYS\[2\], ARGV\[3\], ARGV\[1\]\)/,
        to: '',
      },
      {
        file: 'src/redis/commands/claim-due-1.lua',
        from: /redis\.call\('ZADD', KEYS\[1\], 'XX', ARGV\[3\], member\)/,
        to: '',
      },
    ],
  },
  {
    name: 'acknowledges an MO before it is stored',
    caught: ['P1'],
    faults: Array.from({ length: 8 }, () => 'kill -9 at mo.acknowledged'),
    edits: [
      {
        file: 'src/flow/receive-mo.js',
        from: /const next = await (\w+)\(p, incoming, (\w+)\);\s*return \{ ack: 'stored', next \};/,
        to: "setTimeout(() => void $1(p, incoming, $2), 50); return { ack: 'stored', next: NOTHING };",
      },
    ],
  },
  {
    name: 'resends a charge under a new Session-Id',
    caught: ['P2'],
    faults: ['OCS: answer lost', 'OCS: answer lost', 'OCS: answer lost'],
    edits: [
      {
        file: 'src/flow/charge/settle-order.js',
        from: /const identity = p\.charging\.adopt\(charge\);/,
        to: 'const adopted = p.charging.adopt(charge); const identity = retransmit ? { ...adopted, sessionId: `${adopted.sessionId};${Math.random()}` } : adopted;',
      },
    ],
  },
  {
    name: 'an OCS that does not deduplicate',
    caught: ['P2'],
    faults: ['OCS: answer lost', 'OCS: answer lost', 'OCS: answer lost'],
    edits: [],
    ocs: { dedupe: false },
  },
];

const DIST = join(ROOT, 'dist');

/** Whether there is a build to copy; where there is none, `program` says what to do. */
export function isBuilt(program: string): boolean {
  const built = existsSync(join(DIST, 'src/main.js'));
  if (!built) process.stderr.write(`${program}: there is no build yet: npm run build first\n`);
  return built;
}

/**
 * Copies the build beside the run, so that a later build does not change what runs, and puts its modules into one file: a
 * daemon that is killed a thousand times must start quickly. Resolves with that file; rejects when an edit finds no place.
 */
export async function copyBuild(to: string, edits: BrokenBuild['edits'] = []): Promise<string> {
  const copy = join(to, 'dist');
  cpSync(join(DIST, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(to, 'package.json'));
  for (const { file, from, to: text } of edits) {
    const path = join(copy, file);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(from, text);
    if (after === before) throw new Error(`the edit of ${file} finds no ${String(from)}`);
    writeFileSync(path, after);
  }
  const main = join(copy, 'orderd.mjs');
  await bundle(join(copy, 'src/main.js'), main);
  return main;
}

const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

async function bundle(entry: string, outfile: string): Promise<void> {
  const ownPlace: Plugin = {
    name: 'each module knows its own place',
    setup: (build) => build.onLoad({ filter: /\.js$/ }, ({ path }) => ({ contents: placed(path), loader: 'js' })),
  };
  const shape = { bundle: true, platform: 'node', format: 'esm', target: 'node20', minifyWhitespace: true } as const;
  await build({
    entryPoints: [entry],
    outfile,
    ...shape,
    banner: { js: REQUIRE },
    plugins: [ownPlace],
    logLevel: 'error',
  });
}

function placed(path: string): string {
  const text = readFileSync(path, 'utf8')
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
  if (!/\b__(dirname|filename)\b/.test(text)) return text;
  return `const __dirname=${JSON.stringify(dirname(path))};const __filename=${JSON.stringify(path)};\n${text}`;
}
