import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { useNocs } from './fakes.ts';

const start = useNocs();

/** The whole of what comes back to `text` on a connection of its own. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let heard = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (heard += chunk));
    socket.on('end', () => resolve(heard));
    socket.on('error', reject);
  });
}

it.each([
  ['a request line that is none', 'GARBAGE\r\n\r\n', 400],
  ['a method that nobody has', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  ['headers without an end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is told in the form of every other refusal', async (_, text, status) => {
  const { port } = await start();
  const [head = '', body = ''] = (await answerTo(port, text)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
  expect(JSON.parse(body)).toEqual({ error: { code: 'bad-request', message: 'the request was not understood' } });
});
