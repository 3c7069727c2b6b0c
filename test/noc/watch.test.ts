import { channel } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { watchNotes } from '../../src/noc/board/watch.ts';

it('hears on after a watch that ended, whatever the collector takes meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heard: string[] = [];
  const ends = Array.from({ length: 3 }, () => watchNotes([() => undefined]));
  for (const end of ends) end();
  // What was looked up weakly stays until its turn is over.
  await new Promise(setImmediate);
  collect();
  const end = watchNotes([(event) => heard.push(event)]);
  // What was collected is cleaned up in a turn of its own.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  channel('orderd').publish({ event: 'order.opened', level: 'info', fields: {} });
  end();
  expect(heard).toEqual(['order.opened']);
});
