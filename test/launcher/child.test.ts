import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startChild } from '../../src/launcher/child.ts';
import { nodeArgs } from '../../src/launcher/paths.ts';

it('says in one line which port is taken', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-child-'));
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const args = [...nodeArgs('simulators/smsc/main'), '--smpp-port', String(port), '--http-port', '0', '--json'];
  const plan = { name: 'the SMSC simulator', args, readyEvent: 'ready', logFile: join(dir, 'smsc.log') };
  await expect(startChild(plan)).rejects.toThrow(
    new Error(`the SMSC simulator cannot listen: port ${port} is in use; does another lab run?`),
  );
  other.close();
  rmSync(dir, { recursive: true });
});
