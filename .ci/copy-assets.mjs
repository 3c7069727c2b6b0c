// The build's last step: what tsc leaves behind (Lua steps, web pages) goes beside the compiled files.
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = /\.(lua|html|css|mjs|svg|yaml)$/;

function copy(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) copy(path);
    else if (KINDS.test(entry.name)) cpSync(path, join('dist', path));
  }
}

copy('src');
copy('simulators');

// npx makes a command executable once, when it links it: a later build must not take that away.
for (const command of Object.values(JSON.parse(readFileSync('package.json', 'utf8')).bin)) chmodSync(command, 0o755);
