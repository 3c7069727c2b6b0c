import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { configTree } from '../../src/config/schema.ts';
import { EVENTS } from '../../src/daemon/events.ts';
import { configurationReference, eventReference, remarks } from './reference.ts';

/** `UPDATE_DOCS=1 npx vitest run test/docs` writes what differs. */
function held(file: string, text: string): void {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, text);
  expect(text === readFileSync(file, 'utf8'), `${file} is not up to date: UPDATE_DOCS=1 npx vitest run test/docs`).toBe(
    true,
  );
}

const yaml = readFileSync('config/default.yaml', 'utf8');

describe('generated documentation', () => {
  it('docs/configuration.md tells every key of the schema', () => {
    held('docs/configuration.md', configurationReference(configTree, yaml));
  });

  it('reads the remarks by their place', () => {
    const said = remarks(yaml);
    expect(said.get('noc.port')).toContain('8080');
    expect(said.get('noc.users.role')).toContain('viewer');
    expect(said.get('smpp.links.systemId')).toContain('SMPP 3.4 5.2.1');
    expect(said.get('smpp.links.tls.serverName')).toContain('certificate');
  });

  it('docs/events.md lists every event', () => {
    held('docs/events.md', eventReference(EVENTS));
  });
});

describe("the operator's guide", () => {
  const guide = readFileSync('docs/operators-guide.md', 'utf8');
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const words = COMMANDS.map(({ usage }) => usage.split(' ').filter((word) => word !== word.toUpperCase()));

  it('names only commands that are there', () => {
    const named = [...`${guide}\n${runbook}`.matchAll(/(?:orderctl -- |`orderctl )([a-z][a-z -]*)/g)].map(
      ([, text = '']) => text.trim().split(' '),
    );
    expect(named.length).toBeGreaterThan(15);
    for (const typed of named) {
      const fits = words.some((command) => command.every((word, index) => typed[index] === word));
      expect(fits, typed.join(' ')).toBe(true);
    }
  });
});
