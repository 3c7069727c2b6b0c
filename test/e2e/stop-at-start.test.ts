import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { nodeArgs, ROOT } from '../../src/launcher/paths.ts';

const LOADING = 'loading:1\r\nloading_eta_seconds:3600\r\n';

/** A Redis that reads a big file for the next hour. */
function loadingRedis(onAsked: () => void) {
  let isAsked = false;
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const commands = chunk.toString().toLowerCase().split(/^\*/m).slice(1);
      const asked = commands.map((command) => command.includes('\r\ninfo\r\n'));
      socket.write(asked.map((info) => (info ? `$${LOADING.length}\r\n${LOADING}\r\n` : '+OK\r\n')).join(''));
      if (asked.includes(true) && !isAsked) onAsked();
      isAsked ||= asked.includes(true);
    });
  });
}

it('a SIGTERM while the start waits for Redis ends it within instance.drainWithin', { timeout: 60_000 }, async () => {
  const redis = loadingRedis(() => child.kill('SIGTERM'));
  await new Promise<void>((resolve) => void redis.listen(0, '127.0.0.1', resolve));
  const env = {
    ...process.env,
    ORDERD_REDIS__URL: `redis://127.0.0.1:${(redis.address() as AddressInfo).port}`,
    ORDERD_INSTANCE__STATE_DIR: mkdtempSync(join(tmpdir(), 'orderd-start-')),
    ORDERD_INSTANCE__DRAIN_WITHIN: '1s',
    ORDERD_LOG__PRETTY: 'never',
  };
  const child = spawn(process.execPath, [...nodeArgs('src/main'), '--config', LAB_CONFIG], { cwd: ROOT, env });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
  expect(await text(child.stdout)).toContain('"daemon.drain-overdue"');
  expect(await ended).toBe(1);
  clearTimeout(patience);
  redis.close();
});
