/** The null sink as a process; part.ts starts it. */
import { serveAsPart } from './part.ts';
import type { SinkSettings } from './sink.ts';
import { connectSink } from './sink.ts';

serveAsPart(await connectSink(JSON.parse(process.argv[2] ?? '{}') as SinkSettings), () => ({}));
