import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Refusal } from '../lib/reason.ts';
import { homeFolder } from './paths.ts';

const run = promisify(execFile);

/** A server that can be started: its file, and where its own libraries are. */
export interface RedisBinary {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface BinarySearch {
  /** As in the environment. */
  readonly path: string;
  /** Where an unpacked copy is kept between starts. */
  readonly cacheDir: string;
  /** Fetch and unpack a copy when there is none; only the lab may. */
  readonly allowApt: boolean;
}

const NAMES = ['redis-server', 'valkey-server'] as const;

/** The server, its tools package (which holds the program in Debian), and what either needs beside libc. */
const PACKAGES = [
  'redis-server',
  'redis-tools',
  'libjemalloc2',
  'liblua5.1-0',
  'liblzf1',
  'libatomic1',
  'libsystemd0',
  'liblua5.1-cjson0',
  'lua-cjson',
  'liblua5.1-bitop0',
  'lua-bitop',
  'libhiredis0.14',
  'libhiredis1.1.0',
  'libssl3',
  'libssl3t64',
  'libcap2',
  'libgcrypt20',
  'liblz4-1',
  'liblzma5',
  'libzstd1',
] as const;

export const HOW_TO_INSTALL =
  'no redis-server or valkey-server is on PATH: install one (Debian: apt-get install redis-server), or name a Redis with REDIS_URL';

export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homeFolder(), '.cache'), 'orderd', 'redis');
}

/** On PATH, else the unpacked copy, else a fresh one. Rejects with one clear line that says what to install. */
export async function findRedis(search: BinarySearch): Promise<RedisBinary> {
  const found = onPath(search.path) ?? unpacked(search.cacheDir);
  if (found !== undefined) return found;
  if (!search.allowApt) throw new Refusal(HOW_TO_INSTALL);
  return unpackCopy(search);
}

function onPath(path: string): RedisBinary | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const file = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  return file === undefined ? undefined : { file, env: {} };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unpacked(root: string): RedisBinary | undefined {
  const file = NAMES.map((name) => join(root, 'usr', 'bin', name)).find(isProgram);
  return file === undefined ? undefined : { file, env: { LD_LIBRARY_PATH: libraryFolders(root).join(delimiter) } };
}

/** Debian's multiarch folders: `lib/<triplet>` and `usr/lib/<triplet>`. */
function libraryFolders(root: string): readonly string[] {
  return ['lib', join('usr', 'lib')].flatMap((lib) => {
    const folder = join(root, lib);
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter((name) => name.includes('-linux-')).map((name) => join(folder, name));
  });
}

/** Unpacks beside the cache and renames it into place: a half-made copy is never used, and several may unpack at once. */
async function unpackCopy({ path, cacheDir }: BinarySearch): Promise<RedisBinary> {
  mkdirSync(dirname(cacheDir), { recursive: true });
  const fresh = mkdtempSync(`${cacheDir}.`);
  mkdirSync(join(fresh, 'debs'));
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await download(join(fresh, 'debs'), env);
    for (const deb of readdirSync(join(fresh, 'debs'))) {
      await run('dpkg-deb', ['-x', join(fresh, 'debs', deb), fresh], { env });
    }
    rmSync(join(fresh, 'debs'), { recursive: true });
    await proves(unpacked(fresh));
    keep(fresh, cacheDir);
  } catch (error) {
    throw new Refusal(`${HOW_TO_INSTALL} (a copy could not be unpacked: ${lastLine(error)})`, { cause: error });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  const binary = unpacked(cacheDir);
  if (binary === undefined) throw new Refusal(HOW_TO_INSTALL);
  return binary;
}

/** Whoever was first is left alone: its server may run already. */
function keep(fresh: string, cacheDir: string): void {
  if (unpacked(cacheDir) !== undefined) return;
  rmSync(cacheDir, { recursive: true, force: true });
  renameSync(fresh, cacheDir);
}

/** The server must come; what this release of Debian does not know is left out, and `proves` tells whether that matters. */
async function download(into: string, env: NodeJS.ProcessEnv): Promise<void> {
  let known = await knownPackages(env);
  if (!known.has('redis-tools') && process.getuid?.() === 0) {
    await run('apt-get', ['update', '-q'], { env });
    known = await knownPackages(env);
  }
  const wanted = PACKAGES.filter((name) => name.startsWith('redis-') || known.has(name));
  await run('apt-get', ['download', '-q', ...wanted], { cwd: into, env });
}

async function knownPackages(env: NodeJS.ProcessEnv): Promise<ReadonlySet<string>> {
  const { stdout } = await run('apt-cache', ['pkgnames'], { env, maxBuffer: 64 * 2 ** 20 });
  return new Set(stdout.split('\n'));
}

/** Starts it once to see that no library is missing. */
async function proves(binary: RedisBinary | undefined): Promise<void> {
  if (binary === undefined) throw new Refusal('the packages hold no redis-server');
  await run(binary.file, ['--version'], { env: { ...process.env, ...binary.env } });
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? ((error as { stderr?: string }).stderr ?? '') || error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
