import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

const unit = readFileSync('config/orderd.service', 'utf8');
const readme = readFileSync('README.md', 'utf8');
/** The keys that are there once, as default.yaml shows them. */
const keys = [...readFileSync('config/default.yaml', 'utf8').matchAll(/^# {5}(\w+): \{ credential: ([\w-]+) \}/gm)];

describe.each(['README.md', 'docs/operators-guide.md'])('the first config of %s', (file) => {
  it('is fit when it is copied as it says', async () => {
    const [, from = '', to = '', edited = ''] =
      /^ {4}cp -r (\w+) (\w+) && edit (\S+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    const folder = await mkdtemp(join(tmpdir(), 'orderd-copy-'));
    await cp(from, join(folder, to), { recursive: true });
    expect(await loadConfig(join(folder, edited), {})).toMatchObject({ ok: true });
    await rm(folder, { recursive: true });
  });
});

describe('the systemd unit', () => {
  it('hands over every key that the config must name, as the README does', () => {
    expect(keys.map(([, key]) => key)).toEqual(['msisdn', 'dedupe', 'evidence']);
    for (const [, key = '', name = ''] of keys) {
      expect(unit).toContain(`\nLoadCredential=${name}:/etc/orderd/secrets/${name}\n`);
      expect(readme).toMatch(new RegExp(`^\\| \`keys\` .*\\b${key}\\b`, 'm'));
    }
  });

  it('reloads by SIGHUP', () => {
    expect(unit).toMatch(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  });

  it('does not give up while Redis is away', () => {
    expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit).toMatch(/^Restart=always\nRestartSec=5s$/m);
  });
});
