// Preloaded into the daemon by the fault runs: while the file ORDERD_KILL_FILE exists, the first note whose name (and
// action or state) is the file's content kills this process as `kill -9` would, or blocks its event loop for as long as
// the file says: `charge.written commit`, `block 5000 charge.written`. The daemon itself knows nothing of it
// (docs/adr/0005).
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const file = process.env['ORDERD_KILL_FILE'] ?? '';

subscribe('orderd', ({ event, fields }) => {
  if (!existsSync(file)) return;
  const [, blockFor, step, detail] = /^(?:block (\d+) )?(\S+)(?: (\S+))?$/.exec(readFileSync(file, 'utf8')) ?? [];
  if (event !== step) return;
  if (detail !== undefined && fields.action !== detail && fields.state !== detail) return;
  rmSync(file, { force: true });
  if (blockFor === undefined) process.kill(process.pid, 'SIGKILL');
  else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(blockFor));
});
