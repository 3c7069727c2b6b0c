#!/usr/bin/env node
import { mindOutput } from '../output.ts';
import { orderctl } from './orderctl.ts';
import { terminalProgress } from './progress.ts';
import { readSecret } from './secret.ts';

mindOutput('orderctl');
process.exitCode = await orderctl(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  progress: terminalProgress(process.stderr),
  secret: readSecret,
});
