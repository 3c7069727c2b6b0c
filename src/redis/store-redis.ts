import { Redis } from 'ioredis';
import { Refusal } from '../lib/reason.ts';

type Sent = Parameters<Redis['sendCommand']>;

/** What ioredis says of itself, and what it means to whoever reads the log at night. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^Stream isn't writeable|^Connection is closed|^Reached the max retries/, 'Redis is away'],
  [/^Command timed out/, 'Redis did not answer in time'],
];

/** A client whose commands are rejected in plain words. */
export class StoreRedis extends Redis {
  override sendCommand(...sent: Sent): unknown {
    const [command] = sent;
    const { reject } = command;
    command.reject = (error) => reject(inPlainWords(error));
    return super.sendCommand(...sent);
  }
}

function inPlainWords(error: Error): Error {
  const meaning = MEANINGS.find(([said]) => said.test(error.message))?.[1];
  return meaning === undefined ? error : new Refusal(meaning, { cause: error });
}
