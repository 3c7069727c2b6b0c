import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../src/launcher/paths.ts';
import { BROKEN } from './builds.ts';

const EDITS = BROKEN.flatMap(({ name, edits }) => edits.map((edit) => ({ name, ...edit })));

/** The edits are made in a build; what they look for reads the same in the sources. */
it.each(EDITS)('the build that $name is still broken in $file', ({ file, from }) => {
  expect(readFileSync(join(ROOT, file.replace(/\.js$/, '.ts')), 'utf8')).toMatch(from);
});
