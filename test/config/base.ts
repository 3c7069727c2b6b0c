import { mkdtemp, mkdir, writeFile, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { faultText } from '../../src/config/faults.ts';
import { loadConfig } from '../../src/config/load.ts';

/** A small config that is right; tests spoil one line of it. Line numbers in the tests count from here. */
export const BASE = `redis: embedded
smpp:
  links:
    - name: lab
      host: 127.0.0.1
      systemId: orderd
      password: secret
      shortCodes: ['5000']
      countryCode: '254'
diameter:
  originRealm: lab.example
  destinationRealm: lab.example
  peers:
    - { name: ocs, host: 127.0.0.1 }
catalogue:
  providers:
    - { id: planet, name: Planet Media, startingPoints: 80 }
    - { id: quizzo, name: Quizzo, startingPoints: 10 }
  services:
    - id: news
      provider: planet
      keywords: [NEWS]
      shortCodes: ['5000']
      title: Daily News
      price: KES 5.00
      period: day
      serviceIdentifier: 1
policy:
  profile:
    name: neutral
    floor: { once: notice, recurring: notice }
language:
  files: [messages/en.yaml]
keys: generated
`;

export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder with `config.yaml`, the English texts and whatever else a test needs. */
export async function folderWith(config: string | Buffer, files: Files = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orderd-config-'));
  await mkdir(join(folder, 'messages'));
  await copyFile('config/messages/en.yaml', join(folder, 'messages/en.yaml'));
  for (const [name, content] of Object.entries({ 'config.yaml': config, ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

type Env = Readonly<Record<string, string>>;

/** The faults as printed, without the test's own folder; an empty list for a config that is right. */
export async function faultsIn(config: string | Buffer, files: Files = {}, env: Env = {}): Promise<readonly string[]> {
  const folder = await folderWith(config, files);
  const loaded = await loadConfig(join(folder, 'config.yaml'), env);
  return loaded.ok ? [] : loaded.fault.map((fault) => faultText(fault).replaceAll(`${folder}/`, ''));
}

export async function configOf(config: string, files: Files = {}, env: Env = {}): Promise<Config> {
  const folder = await folderWith(config, files);
  const loaded = await loadConfig(join(folder, 'config.yaml'), env);
  if (!loaded.ok) throw new Error(loaded.fault.map(faultText).join('\n'));
  return loaded.value;
}

/** BASE with one piece of text replaced; a piece that is not there is a fault of the test. */
export function spoil(from: string, to: string, base = BASE): string {
  if (!base.includes(from)) throw new Error(`the base config has no ${from}`);
  return base.replace(from, to);
}

/** A secret that is one of the OCS simulator's: `cert` and `key` are a pair, `relay-cert` and `relay-key` another. */
export function pem(name: string): string {
  return `{ file: ${join(process.cwd(), 'test/simulators/ocs/tls', `${name}.pem`)} }`;
}
