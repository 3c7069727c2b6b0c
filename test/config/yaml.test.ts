import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { BASE, faultsIn, folderWith, spoil } from './base.ts';

const password = (text: string): string => spoil('password: secret', `password: ${text}`);

describe('a password that YAML does not take for a text', () => {
  it.each([
    ['an alias', '*hunter2', 'an alias (*) of no anchor before it; a text that begins with * needs quotes', 17],
    ['a block header', '| hunter2', expect.stringMatching(/^is no YAML: what stands here has no place/), 19],
    ['an escape', '"\\hunter2"', expect.stringMatching(/^is no YAML: an escape in double quotes/), 18],
    ['a reserved start', '@hunter2', expect.stringMatching(/^is no YAML: a text cannot begin with/), 17],
    ['a comma', ', hunter2', expect.stringMatching(/^is no YAML: /), 17],
    ['an open quote', '"hunter2', expect.stringMatching(/^is no YAML: Missing closing "quote/), 0],
  ])('is not told: %s', async (_, text, why: unknown, col) => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const folder = await folderWith(password(text));
    const loaded = await loadConfig(join(folder, 'config.yaml'), {});
    expect(JSON.stringify([loaded, warned.mock.calls])).not.toContain('unter2');
    warned.mockRestore();
    const first = loaded.ok ? undefined : loaded.fault[0];
    expect(first?.text).toEqual(why);
    if (col > 0) expect(first?.where).toMatch(new RegExp(`config.yaml:7:${col}$`));
  });

  it('is not told by a warning of the library either', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await faultsIn(password('!hunter2 x'));
    await faultsIn(password('{ { hunter2: x }: y }'));
    await faultsIn(BASE, {}, { ORDERD_SAY__AGAIN: '!hunter2 2' });
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe('aliases', () => {
  it('are told with their place: of nothing', async () => {
    expect(await faultsIn(`${BASE}cdr: *nope\n`)).toEqual([
      'config.yaml:35:6: an alias (*) of no anchor before it; a text that begins with * needs quotes',
    ]);
  });

  it('of what they stand in', async () => {
    expect(await faultsIn(`${BASE}cdr: &a { folder: *a }\n`)).toEqual([
      'config.yaml:35:19: an alias (*) of what it stands in: that has no end',
    ]);
  });

  it('in an included file', async () => {
    const config = BASE.replace(/catalogue:[^]*?(?=policy:)/, 'catalogue: { file: shop.yaml }\n');
    expect(await faultsIn(config, { 'shop.yaml': 'providers: *nope\n' })).toEqual([
      expect.stringMatching(/^shop\.yaml:1:12 catalogue: an alias/),
    ]);
  });

  it('too many', async () => {
    const laughs = Array.from({ length: 9 }, (_, at) => `  - &l${at + 1} [${`*l${at},`.repeat(9)}]`).join('\n');
    expect(await faultsIn(`${BASE}cdr:\n  - &l0 [lol]\n${laughs}\n`)).toEqual([
      expect.stringMatching(/^config\.yaml:1:1: is no YAML that can be used: its aliases make too many copies/),
    ]);
  });

  it('in the environment, without an end', async () => {
    expect(await faultsIn(BASE, {}, { ORDERD_CDR: '&a { folder: *a }' })).toEqual([
      expect.stringMatching(/^env ORDERD_CDR cdr: is a text of 17 characters/),
    ]);
  });

  it('in order are taken', async () => {
    const twice = spoil("shortCodes: ['5000']\n      countryCode", "shortCodes: &codes ['5000']\n      countryCode");
    expect(
      await faultsIn(spoil("shortCodes: ['5000']\n      title", 'shortCodes: *codes\n      title', twice)),
    ).toEqual([]);
  });
});

it('a file nested too deeply is a fault too', async () => {
  const told = [expect.stringMatching(/^config\.yaml:1:\d+: is no YAML: it is nested too deeply$/)];
  expect(await faultsIn('['.repeat(50_000))).toEqual(told);
});
