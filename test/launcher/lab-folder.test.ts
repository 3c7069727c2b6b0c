import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { labFolder } from '../../src/launcher/lab-command.ts';

it('is in the project, and where that cannot be written among the files of the user', () => {
  const env = { XDG_STATE_HOME: '/home/ann/.state' };
  expect(labFolder(tmpdir(), env)).toBe(join(tmpdir(), 'var/lab'));
  // Root may write wherever there is a folder.
  expect(labFolder('/not/there', env)).toBe('/home/ann/.state/orderd/lab');
});
