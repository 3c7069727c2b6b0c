import { afterEach } from 'vitest';
import type { Rig } from './gateway.ts';
import { boundRig, startRig } from './gateway.ts';

const rigs: Rig[] = [];

/** A gateway against a scripted SMSC that the test need not close. */
export async function started(...args: Parameters<typeof startRig>): Promise<Rig> {
  const rig = await startRig(...args);
  rigs.push(rig);
  return rig;
}

/** The same, with its one link bound. */
export async function bound(...args: Parameters<typeof boundRig>): ReturnType<typeof boundRig> {
  const rig = await boundRig(...args);
  rigs.push(rig);
  return rig;
}

afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});
