import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTS } from '../../src/launcher/demo/acts.ts';
import { setStage } from '../../src/launcher/demo/stage.ts';
import type { Stage } from '../../src/launcher/demo/stage.ts';
import type { Lab } from '../../src/launcher/lab.ts';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';

/** What differs from run to run: order ids, one-time codes and days. */
function settled(transcript: readonly string[]): string {
  return transcript
    .join('\n')
    .replace(/\b\d{2}-[0-9a-z]{19}\b/g, '<order>')
    .replace(/\b\d{6}\b/g, '<code>')
    .replace(/\b\d{4}-\d\d-\d\d\b/g, '<day>');
}

describe('the acts of the demo, over real sockets', () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-acts-'));
  const transcript: string[] = [];
  let lab: Lab;
  let stage: Stage;

  beforeAll(async () => {
    lab = await startLab({ dir, ports: FREE_PORTS, config: LAB_CONFIG });
    stage = setStage(lab, (line) => transcript.push(line));
  });

  afterAll(async () => {
    await lab.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each(ACTS.map((act) => [act.title, act] as const))('%s', async (title, act) => {
    transcript.push('', title);
    await act.play(stage);
  });

  it('reads as the transcript that was reviewed', async () => {
    await expect(`${settled(transcript).trim()}\n`).toMatchFileSnapshot('../golden/acts.txt');
  });
});
