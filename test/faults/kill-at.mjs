// Preloaded into the daemon by the crash tests: while the file ORDERD_KILL_FILE exists, the first note whose name is the
// file's content kills this process as `kill -9` would. The daemon itself knows nothing of it (docs/adr/0005).
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readFileSync } from 'node:fs';

const file = process.env['ORDERD_KILL_FILE'] ?? '';

subscribe('orderd', (note) => {
  if (existsSync(file) && readFileSync(file, 'utf8') === note.event) process.kill(process.pid, 'SIGKILL');
});
