// Preloaded into the daemon by the crash tests: while the file ORDERD_KILL_FILE exists, the first note that has the name
// in ORDERD_KILL_AT kills this process as `kill -9` would. The daemon itself knows nothing of it (docs/adr/0005).
import { subscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';

const { ORDERD_KILL_AT: step, ORDERD_KILL_FILE: file } = process.env;

subscribe('orderd', (note) => {
  if (note.event === step && existsSync(file)) process.kill(process.pid, 'SIGKILL');
});
