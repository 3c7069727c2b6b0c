import type * as Os from 'node:os';
import { expect, it, vi } from 'vitest';
import { defaultCacheDir } from '../../src/launcher/redis-binary.ts';

vi.mock('node:os', async (original) => ({
  ...(await original<typeof Os>()),
  homedir: () => {
    throw new Error('uv_os_homedir returned ENOENT');
  },
}));

it('a user without a home, as in a container, has its cache below the root', () => {
  expect(defaultCacheDir({})).toBe('/.cache/orderd/redis');
});
