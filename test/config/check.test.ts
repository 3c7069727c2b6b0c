import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfigCommand } from '../../src/config/check.ts';
import { NOTICES } from '../../src/domain/notice.ts';
import { BASE, folderWith, spoil } from './base.ts';

async function check(config: string): Promise<{ readonly code: number; readonly printed: string }> {
  const folder = await folderWith(config);
  const lines: string[] = [];
  const code = await checkConfigCommand(join(folder, 'config.yaml'), {}, (line) => lines.push(line));
  return { code, printed: lines.join('\n').replaceAll(`${folder}/`, '') };
}

describe('orderd check-config', () => {
  it('says on one screen what it understood', async () => {
    const { code, printed } = await check(
      spoil('keys: generated', 'keys: generated\ninstance: { stateDir: /srv/orderd }'),
    );
    expect(code).toBe(0);
    expect(printed).toBe(
      [
        'links    lab: SMPP auto orderd@127.0.0.1:2775, clear text, window 10, serves 5000',
        'peers    ocs: Diameter orderd.lab.example to lab.example at 127.0.0.1:3868, clear text, priority 0',
        'credit   trusted from 80: notice | known from 30: confirm | watched from 1: otp | barred from 0: refuse',
        '         profile neutral: at least notice once, notice recurring; first order notice; unknown credit otp',
        'services NEWS on 5000: Daily News by Planet Media, KES 5.00 per day',
        `texts    en: ${NOTICES.length} texts, every text fits one SMS`,
        'stores   Redis: embedded in /srv/orderd/redis, 16 partitions',
        '         keys: generated in /srv/orderd/keys',
        '         NOC: http://127.0.0.1:8080/, no login: whoever is on this machine is an operator',
        'fit to run',
      ].join('\n'),
    );
  });

  it('shows a peer that takes more than its turn', async () => {
    const { printed } = await check(spoil('host: 127.0.0.1 }', 'host: 127.0.0.1, weight: 3 }'));
    expect(printed).toContain('at 127.0.0.1:3868, clear text, priority 0, weight 3\n');
  });

  it('names the texts that take more than one SMS', async () => {
    const { printed } = await check(spoil('title: Daily News', 'title: Новости дня'));
    expect(printed).toMatch(
      /texts {4}en: \d+ texts, texts of more than one SMS \(at worst\): ordered 2, confirm 2, code 2,/,
    );
  });

  it('refuses a language that nobody fluent has reviewed, unless it is told to take it, and says so then', async () => {
    const sw = await readFile('config/messages/sw.yaml', 'utf8');
    const folder = await folderWith(spoil('[messages/en.yaml]', '[messages/en.yaml, messages/sw.yaml]'), {
      'messages/sw.yaml': sw,
    });
    const printed = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const lines: string[] = [];
      await checkConfigCommand(join(folder, 'config.yaml'), env, (line) => lines.push(line));
      return lines.join('\n');
    };
    expect(await printed({})).toMatch(/reviewed: nobody fluent has read its texts: .*\n1 fault; nothing was started/);
    const allowed = await printed({ ORDERD_LANGUAGE__ALLOW_UNREVIEWED: 'true' });
    expect(allowed).toMatch(/ sw: \d+ texts, every text fits one SMS; nobody fluent has reviewed them\n/);
  });

  it('shows no secret', async () => {
    const key = 'cd'.repeat(32);
    const { code, printed } = await check(
      spoil(
        'keys: generated',
        `keys: { msisdn: ${key}, dedupe: ${key}, evidence: ${key}, currentCode: k1, codes: { k1: ${key} } }\nnoc: { tokens: [{ name: a, role: viewer, token: 0123456789abcdefghij }] }`,
        spoil(
          'redis: embedded',
          'redis: { url: redis://user:hunter2@localhost }',
          spoil('password: secret', 'password: hunter2'),
        ),
      ),
    );
    expect(code).toBe(0);
    expect(printed).toContain('Redis: the Redis at redis.url');
    expect(printed).toContain('codes derive from k1 of 1');
    expect(printed).not.toMatch(/hunter2|cdcd|0123456789/);
  });

  it('prints the faults and fails', async () => {
    const { code, printed } = await check(spoil('period: day', 'period: daily'));
    expect(code).toBe(1);
    expect(printed).toBe(
      [
        'config.yaml:26:15 catalogue.services[0].period: is a text of 5 characters; expected one of once, day, week, month (day is the nearest)',
        '1 fault; nothing was started or changed',
      ].join('\n'),
    );
  });

  it('fails for a file that is not there', async () => {
    const lines: string[] = [];
    expect(await checkConfigCommand('no/such.yaml', {}, (line) => lines.push(line))).toBe(1);
    expect(lines[0]).toBe('no/such.yaml: cannot be read (ENOENT)');
  });

  it('takes the base', async () => {
    expect((await check(BASE)).code).toBe(0);
  });
});
