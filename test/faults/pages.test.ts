import { expect, it } from 'vitest';
import type { Running } from '../noc/fakes.ts';
import { running } from '../noc/fakes.ts';
import { pagesOf } from './pages.ts';

const PROVIDERS = {
  list: () => Promise.resolve([]),
  book: () => Promise.resolve(undefined),
  adjust: () => Promise.resolve(),
  suspend: () => Promise.resolve(true),
  resume: () => Promise.resolve(true),
};
/** A stream that never ends, and what shows no order that another page does not show. */
const NOT_LOOKED_AT = ['feed', 'session', 'credit/what-if', 'charges/{id}', 'providers/{id}'].map(
  (p) => `/api/v1/${p}`,
);

const baseOf = ({ port }: Running): string => `http://127.0.0.1:${port}`;

/** Of the NOC's own list, so that a new page is looked at or named here. */
async function pathsOf(noc: Running): Promise<readonly string[]> {
  const { paths } = (await noc.get('/api/v1/openapi.json')).json() as { paths: Record<string, object> };
  return Object.keys(paths).filter((path) => 'get' in (paths[path] ?? {}) && !NOT_LOOKED_AT.includes(path));
}

it('the canary looks at every page that tells of orders, and each of them is there', async () => {
  const noc = await running({ sources: { providers: PROVIDERS } });
  const pages = await pagesOf(baseOf(noc));
  const wanted = [...(await pathsOf(noc)), '/', '/metrics'];
  await noc.noc.close();
  expect(pages.filter(({ status }) => status !== 200)).toEqual([]);
  const looked = pages.map(({ path }) => path.replace(/\?.*/, '').replace(/(?<=orders\/)[^/]+/, '{id}'));
  expect([...new Set(looked)].sort()).toEqual(wanted.sort());
  expect(pages.find(({ path }) => path.endsWith('/trace'))?.text).toContain('"event":"charge"');
});

it('a page that is not there, and a NOC that is away, are told as such', async () => {
  const noc = await running();
  const statusOf = async (path: string) => (await pagesOf(baseOf(noc))).find((page) => page.path === path)?.status;
  expect(await statusOf('/api/v1/providers')).toBe(404);
  await noc.noc.close();
  expect(await statusOf('/api/v1/status')).toBe(0);
});
