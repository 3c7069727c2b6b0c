import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { until } from '../../src/launcher/demo/subscriber.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderd-reload-'));
const file = join(dir, 'lab.yaml');
const beside = join(LAB_CONFIG, '..');
cpSync(beside, dir, { recursive: true });
const original = readFileSync(LAB_CONFIG, 'utf8');
const catalogue = readFileSync(join(beside, 'lab-catalogue.yaml'), 'utf8');

/** A second link to the same SMSC and a second peer to the same OCS. */
function withSecond({ window, tc }: { readonly window: number; readonly tc: string }): string {
  const { smsc, ocs } = orderd;
  const account = "systemId: orderd, password: secret, shortCodes: ['5000'], countryCode: '254'";
  const link = `    - { name: second-link, host: 127.0.0.1, port: ${smsc.ports.smpp}, ${account}, window: ${window} }`;
  const peer = `    - { name: second-peer, host: 127.0.0.1, port: ${ocs.ports.diameter}, tc: ${tc}, tw: 6s }`;
  return original.replace('diameter:\n', `${link}\ndiameter:\n`).replace('catalogue:', `${peer}\ncatalogue:`);
}

let orderd: Orderd;
const write = (config: string, services: string): void => {
  writeFileSync(file, config);
  writeFileSync(join(dir, 'lab-catalogue.yaml'), services);
};
/** How often each link was bound and each peer opened. */
const starts = (): Readonly<Record<string, number>> => {
  const count: Record<string, number> = {};
  for (const { event, fields } of orderd.notes) {
    if (event !== 'link.bound' && event !== 'peer.open') continue;
    const name = String(fields?.['link'] ?? fields?.['peer']);
    count[name] = (count[name] ?? 0) + 1;
  }
  return count;
};
const started = (wanted: Readonly<Record<string, number>>): Promise<boolean> =>
  until(`starts ${JSON.stringify(wanted)}`, () =>
    Promise.resolve(isDeepStrictEqual({ ...starts(), ...wanted }, starts()) || undefined),
  );
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${orderd.nocUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};
beforeAll(async () => {
  write(original, catalogue);
  orderd = await startOrderd({}, undefined, {}, file);
});
beforeEach(() => write(original, catalogue));
afterAll(async () => {
  await orderd.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('a faulty catalogue changes nothing, and the log names its path', async () => {
  write(original, catalogue.replace('price: KES 5.00', 'price: KES five'));
  await orderd.daemon.reload();
  expect(orderd.notes.at(-1)).toMatchObject({
    event: 'config.refused',
    fields: { path: 'catalogue.services[0].price' },
  });
  expect(await metric('orderd_config_reload_success')).toBe(0);
  const phone = orderd.phone('254700000501');
  await phone.text('NEWS');
  expect((await phone.read()).text).toMatch(/is ordered: KES 5\.00/);
});

it('a new price is charged from the next order on, and nothing is started anew', async () => {
  const before = starts();
  write(original, catalogue.replace('price: KES 5.00', 'price: KES 6.00'));
  await orderd.daemon.reload();
  expect(await metric('orderd_config_reload_success')).toBe(1);
  const phone = orderd.phone('254700000502');
  await phone.text('NEWS');
  expect((await phone.read()).text).toMatch(/is ordered: KES 6\.00/);
  expect(starts()).toEqual(before);
});

it('links and peers come, change and go, and the others notice nothing', async () => {
  await started({ 'lab-smsc': 1, 'lab-ocs': 1 });
  write(withSecond({ window: 5, tc: '1s' }), catalogue);
  await orderd.daemon.reload();
  await started({ 'second-link': 1, 'second-peer': 1 });
  write(withSecond({ window: 6, tc: '2s' }), catalogue);
  await orderd.daemon.reload();
  await started({ 'second-link': 2, 'second-peer': 2 });
  write(original, catalogue);
  await orderd.daemon.reload();
  await until('one bind and one peer', () =>
    Promise.resolve((orderd.smsc.binds().length === 1 && orderd.ocs.peers().length === 1) || undefined),
  );
  const phone = orderd.phone('254700000503');
  await phone.text('MATCH');
  expect((await phone.read()).text).toMatch(/is ordered/);
  expect(starts()).toEqual({ 'lab-smsc': 1, 'lab-ocs': 1, 'second-link': 2, 'second-peer': 2 });
});

it('what takes a restart is told, and stays as it was', async () => {
  write(`${original}log: { level: debug }\n`, catalogue);
  await orderd.daemon.reload();
  const told = orderd.notes.filter(({ event }) => event === 'config.needs-restart');
  expect(told.map(({ fields }) => fields)).toEqual([{ parts: 'log' }]);
});
