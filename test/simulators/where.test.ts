// Where a simulator says that it is, somebody on this machine must find it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { urlAt } from '../../simulators/terminal/address.ts';

it.each([
  [undefined, 'http://127.0.0.1:8775'],
  ['10.0.0.5', 'http://10.0.0.5:8775'],
  ['::1', 'http://[::1]:8775'],
  ['0.0.0.0', 'http://127.0.0.1:8775'],
  ['::', 'http://[::1]:8775'],
])('on %s: %s', (host, url) => {
  expect(urlAt(8775, host)).toBe(url);
});

it.each([
  ['smsc', ['--smpp-port', '0', '--http-port', '0', '--host', '::1'], ['/messages']],
  ['ocs', ['--diameter-port', '0', '--http-port', '0', '--host', '::1'], ['', '', '']],
  ['mail', ['--smtp-port', '0', '--http-port', '0', '--host', '::1'], ['/mails']],
  [
    'lab',
    ['--free-ports', '--smsc', '--host ::1', '--ocs', '--host ::1', '--mail', '--host ::1'],
    ['mails?to=254700000001', '', ''],
  ],
])('%s %j answers where it says that it is', async (program, args, paths) => {
  const child = spawn(process.execPath, ['--import', 'tsx', `simulators/${program}/main.ts`, ...args]);
  try {
    const urls = await urlsOf(child.stdout, paths.length);
    for (const [at, path] of paths.entries())
      expect((await fetch(`${urls[at] ?? ''}${path}`)).status).toBeLessThan(500);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

/** The first so many that it prints. */
async function urlsOf(input: Readable, count: number): Promise<readonly string[]> {
  const urls: string[] = [];
  for await (const line of createInterface({ input })) {
    urls.push(...(line.match(/http:\/\/\S+/g) ?? []));
    if (urls.length >= count) break;
  }
  return urls;
}
