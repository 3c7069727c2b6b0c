import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../src/launcher/lab.ts';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';
import { nodeArgs, ROOT } from '../../src/launcher/paths.ts';

const READY = join(ROOT, 'simulators/scenarios/ready');

describe('the ready scenarios, played against the lab', () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-scenarios-'));
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ dir, ports: FREE_PORTS, config: LAB_CONFIG });
  });

  afterAll(async () => {
    await lab.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each(readdirSync(READY))('%s', { timeout: 300_000 }, async (file) => {
    const args = [
      ...nodeArgs('simulators/scenarios/main'),
      '--smsc',
      lab.smscUrl,
      '--ocs',
      lab.ocsUrl,
      join(READY, file),
    ];
    // A step that does not come true makes it exit with 1, and its transcript is what the test shows.
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    expect(stdout).not.toBe('');
  });
});
