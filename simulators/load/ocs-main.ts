/** The fast OCS as a process; part.ts starts it. */
import type { OcsSettings } from './ocs.ts';
import { LoadOcs } from './ocs.ts';
import { serveAsPart } from './part.ts';

const ocs = new LoadOcs(JSON.parse(process.argv[2] ?? '{}') as OcsSettings);
serveAsPart(await ocs.listen(), () => ({ ...ocs.counts, sessions: ocs.sessions }));
