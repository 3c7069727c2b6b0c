import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchReach } from '../../src/redis/reach.ts';

const SILENCE = 4000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function reached() {
  const redis = Object.assign(new EventEmitter(), { status: 'connecting' });
  const notes: unknown[] = [];
  const reach = watchReach(redis as unknown as Redis, SILENCE, (event, fields) =>
    notes.push([event, fields?.['reason']]),
  );
  const become = (status: string, error?: Error): void => {
    redis.status = status;
    redis.emit(status, error);
  };
  return { reach, notes, become };
}

const refusing = (text: string): Error => Object.assign(new Error(text), { name: 'ReplyError' });

it('tells once why a server that is there again refuses us, and what else comes of it', () => {
  const { reach, notes, become } = reached();
  become('ready');
  become('close');
  become('error', new Error('connect ECONNREFUSED'));
  expect(reach.trouble()).toBe('Redis does not answer');
  for (const text of ['WRONGPASS no', 'WRONGPASS no', 'NOAUTH who']) {
    become('error', refusing(text));
    become('close');
    expect(reach.trouble()).toBe(`Redis refuses us: ${text}`);
  }
  become('ready');
  expect(reach.trouble()).toBeUndefined();
  expect(notes).toEqual([
    ['redis.up', undefined],
    ['redis.down', 'the server closed the connection'],
    ['redis.down', 'WRONGPASS no'],
    ['redis.down', 'NOAUTH who'],
    ['redis.up', undefined],
  ]);
});

it('leaves it to the start to tell why it is refused', () => {
  const { reach, notes, become } = reached();
  become('error', refusing('NOAUTH who'));
  become('close');
  expect(reach.lastError()).toEqual(refusing('NOAUTH who'));
  expect(notes).toEqual([]);
});

it('tells of a server that answers and cannot be used yet, and not of one that is silent', () => {
  const { reach, notes, become } = reached();
  become('connect');
  vi.advanceTimersByTime(SILENCE - 1);
  become('close');
  vi.advanceTimersByTime(SILENCE);
  expect([notes, reach.trouble()]).toEqual([[], 'Redis does not answer']);
  become('connect');
  vi.advanceTimersByTime(SILENCE);
  expect([notes, reach.trouble()]).toEqual([[['redis.loads', undefined]], 'Redis is there and still loads its data']);
  become('ready');
  expect(notes).toEqual([
    ['redis.loads', undefined],
    ['redis.up', undefined],
  ]);
});
