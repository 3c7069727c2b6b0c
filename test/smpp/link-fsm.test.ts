import { describe, expect, it } from 'vitest';
import { step } from '../../src/lib/fsm.ts';
import type { SessionAction, SessionEvent, SessionState } from '../../src/smpp/session/fsm.ts';
import { SESSION_STATES, SESSION_TABLE } from '../../src/smpp/session/fsm.ts';

/** The same rows once more, as a reader of SMPP 3.4 2.2 would write them: state, event, next state, action. */
const ROWS: readonly (readonly [SessionState, SessionEvent, SessionState, SessionAction | undefined])[] = [
  ['idle', 'start', 'connecting', 'connect'],
  ['idle', 'stop', 'stopped', undefined],
  ['connecting', 'opened', 'binding', 'send-bind'],
  ['connecting', 'expired', 'waiting', 'back-off'],
  ['connecting', 'lost', 'waiting', 'back-off'],
  ['connecting', 'stop', 'stopped', 'close'],
  ['binding', 'bind-accepted', 'bound', 'announce'],
  ['binding', 'bind-refused', 'waiting', 'back-off'],
  ['binding', 'password-refused', 'waiting', 'back-off-long'],
  ['binding', 'peer-unbind', 'waiting', 'back-off'],
  ['binding', 'expired', 'waiting', 'back-off'],
  ['binding', 'lost', 'waiting', 'back-off'],
  ['binding', 'stop', 'stopped', 'close'],
  ['bound', 'quiet', 'bound', 'send-enquire'],
  ['bound', 'silent', 'waiting', 'back-off'],
  ['bound', 'peer-unbind', 'yielding', 'yield'],
  ['bound', 'lost', 'waiting', 'back-off'],
  ['bound', 'stop', 'draining', 'settle'],
  ['yielding', 'settled', 'waiting', 'back-off'],
  ['yielding', 'expired', 'waiting', 'back-off'],
  ['yielding', 'lost', 'waiting', 'back-off'],
  ['yielding', 'stop', 'draining', 'settle'],
  ['draining', 'settled', 'unbinding', 'send-unbind'],
  ['draining', 'expired', 'unbinding', 'send-unbind'],
  ['draining', 'peer-unbind', 'draining', undefined],
  ['draining', 'lost', 'stopped', 'close'],
  ['unbinding', 'unbound', 'stopped', 'close'],
  ['unbinding', 'peer-unbind', 'stopped', 'close'],
  ['unbinding', 'expired', 'stopped', 'close'],
  ['unbinding', 'lost', 'stopped', 'close'],
  ['waiting', 'expired', 'connecting', 'connect'],
  ['waiting', 'stop', 'stopped', undefined],
];

const EVENTS = [...new Set(ROWS.map(([, event]) => event))];

describe('the session table', () => {
  it.each(ROWS)('%s on %s goes to %s', (from, event, to, action) => {
    expect(step(SESSION_TABLE, from, event)).toEqual(action === undefined ? { to } : { to, do: action });
  });

  it('refuses everything else', () => {
    for (const state of SESSION_STATES) {
      const taken = ROWS.filter(([from]) => from === state).map(([, event]) => event);
      const refused = EVENTS.filter((event) => !taken.includes(event));
      expect(refused.filter((event) => step(SESSION_TABLE, state, event) !== undefined)).toEqual([]);
    }
  });

  it('can be stopped from every state, and nothing leaves stopped', () => {
    expect(SESSION_TABLE.stopped).toEqual({});
    const deaf = SESSION_STATES.filter((state) => SESSION_TABLE[state].stop === undefined);
    expect(deaf).toEqual(['draining', 'unbinding', 'stopped']);
  });
});
