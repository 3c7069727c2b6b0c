import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultCacheDir, findRedis, HOW_TO_INSTALL } from '../../src/launcher/redis-binary.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'orderd-binary-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function program(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

/** PATH with a pretended apt-get and dpkg-deb: "packages" are files whose names tell what unpacks from them. */
function pretendedApt(download: string): string {
  const bin = join(dir, 'bin');
  program(bin, 'apt-get', download);
  program(bin, 'apt-cache', 'echo redis-tools; echo libjemalloc2');
  program(
    bin,
    'dpkg-deb',
    `case "$2" in
  *redis-tools*) mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu" "$3/lib/x86_64-linux-gnu" "$3/lib/other"
    printf '#!/bin/sh\\nexit 0\\n' > "$3/usr/bin/redis-server"; chmod 755 "$3/usr/bin/redis-server";;
esac`,
  );
  return `${bin}:/usr/bin:/bin`.replace('/usr/bin:/bin', toolsOnly());
}

/** The shell's own tools without any redis-server among them. */
function toolsOnly(): string {
  const tools = join(dir, 'tools');
  mkdirSync(tools, { recursive: true });
  for (const name of ['mkdir', 'chmod', 'touch', 'sh']) {
    const found = execFileSync('which', [name], { encoding: 'utf8' }).trim();
    if (!existsSync(join(tools, name))) program(tools, name, `exec ${found} "$@"`);
  }
  return tools;
}

const cache = (): string => join(dir, 'cache', 'redis');

describe('finding a server', () => {
  it('prefers redis-server over valkey-server, anywhere on PATH', async () => {
    const valkey = program(join(dir, 'a'), 'valkey-server', 'exit 0');
    const path = [join(dir, 'a'), join(dir, 'b')].join(':');
    const search = { path, cacheDir: cache(), allowApt: false };
    expect(await findRedis(search)).toEqual({ file: valkey, env: {} });
    const redis = program(join(dir, 'b'), 'redis-server', 'exit 0');
    expect(await findRedis(search)).toEqual({ file: redis, env: {} });
  });

  it('says what to install when there is none and apt may not be asked', async () => {
    await expect(findRedis({ path: '', cacheDir: cache(), allowApt: false })).rejects.toThrow(HOW_TO_INSTALL);
  });

  it('unpacks a copy once, and finds it from then on', async () => {
    const path = pretendedApt(
      '[ "$*" = "download -q redis-server redis-tools libjemalloc2" ] && touch redis-tools.deb',
    );
    const binary = await findRedis({ path, cacheDir: cache(), allowApt: true });
    const libraries = ['lib', 'usr/lib'].map((lib) => join(cache(), lib, 'x86_64-linux-gnu')).join(':');
    expect(binary).toEqual({ file: join(cache(), 'usr/bin/redis-server'), env: { LD_LIBRARY_PATH: libraries } });
    expect(readdirSync(cache())).not.toContain('debs');
    expect(await findRedis({ path: '', cacheDir: cache(), allowApt: false })).toEqual(binary);
  });

  it('unpacks for several at once, and leaves one copy', async () => {
    const path = pretendedApt('touch redis-tools.deb');
    const search = { path, cacheDir: cache(), allowApt: true };
    const [first, second] = await Promise.all([findRedis(search), findRedis(search)]);
    expect(second).toEqual(first);
    expect(readdirSync(join(dir, 'cache'))).toEqual(['redis']);
  });

  it('tells what apt said when it fails, and leaves nothing half-made', async () => {
    const path = pretendedApt('echo "E: Unable to locate package $3" >&2; exit 100');
    const found = findRedis({ path, cacheDir: cache(), allowApt: true });
    await expect(found).rejects.toThrow(/install one .*could not be unpacked: E: Unable to locate package/);
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
  });

  it('has the lists fetched first where there are none and it may', async () => {
    const path = pretendedApt('');
    program(join(dir, 'bin'), 'apt-cache', `[ -e "${join(dir, 'lists')}" ] && echo redis-tools; exit 0`);
    const lists = join(dir, 'lists');
    program(join(dir, 'bin'), 'apt-get', `[ "$1" = update ] && touch "${lists}" || touch redis-tools.deb`);
    await findRedis({ path, cacheDir: cache(), allowApt: true });
    expect(existsSync(join(dir, 'lists'))).toBe(process.getuid?.() === 0);
  });

  it('does not take packages that hold no server', async () => {
    const path = pretendedApt('touch "other_1.deb"');
    const found = findRedis({ path, cacheDir: cache(), allowApt: true });
    await expect(found).rejects.toThrow(/the packages hold no redis-server/);
  });

  it('keeps its copy where caches are kept', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/c' })).toBe('/c/orderd/redis');
    expect(defaultCacheDir({})).toMatch(/\.cache\/orderd\/redis$/);
  });
});
