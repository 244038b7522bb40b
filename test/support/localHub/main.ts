import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startLocalHub } from './localHub';

/*
 * A Hub of its own process: node --import tsx test/support/localHub/main.ts --folder FOLDER [--port 0]
 * Writes {"endpoint": "http://127.0.0.1:…"} and a line break, and ends when its standard input does.
 */

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string' }, port: { type: 'string', default: '0' } },
  });
  if (values.folder === undefined) throw new Error('--folder is missing.');
  const hub = await startLocalHub(values.folder, { port: Number(values.port) });
  process.stdout.write(`${JSON.stringify({ endpoint: hub.endpoint })}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
  await hub.close();
}

void main();
