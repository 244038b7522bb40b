import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canTraceNetwork, traceNetwork } from '../support/networkTrace';
import { root } from '../support/paths';

/*
 * Analysing never touches the network. Every system call of every process is watched, so an attempt is seen
 * whether or not there is a network to reach. The first cases show that the watching works.
 */

const timeout = 110_000;
const samples = readdirSync(join(root, 'samples')).map((name) => join(root, 'samples', name));
const cli = join(root, 'dist/cli.js');

describe.skipIf(!canTraceNetwork())('network', () => {
  const attempts: Readonly<Record<string, string>> = {
    'a connection': "require('net').connect(9, '127.0.0.1').on('error', () => {})",
    'a datagram':
      "const s = require('dgram').createSocket('udp4'); s.send('x', 9, '127.0.0.1', () => s.close())",
    'the lookup of a name': "require('dns').lookup('subtext.invalid', () => {})",
    'a connection of a child process':
      "require('child_process').spawn(process.execPath, ['-e', `require('net').connect(9, '127.0.0.1').on('error', () => {})`])",
  };
  for (const [name, script] of Object.entries(attempts)) {
    test(`the tracer sees ${name}`, async () => {
      const trace = await traceNetwork(['-e', script], { timeout });
      expect(trace.code).toBe(0);
      expect(trace.attempts).not.toEqual([]);
    });
  }

  test('the tracer sees nothing where nothing is', async () => {
    const trace = await traceNetwork(['-e', "require('fs').readFileSync('/dev/null')"], { timeout });
    expect(trace.attempts).toEqual([]);
  });

  test('the command line program tries nothing while it analyses', async () => {
    const trace = await traceNetwork([cli, 'analyze', '--format', 'json', ...samples], { timeout });
    expect(trace.code, trace.stderr).toBe(0);
    expect(trace.stdout).toContain('"PER"');
    expect(trace.attempts).toEqual([]);
  });

  test('the command line program tries nothing while it fills a mask', async () => {
    const trace = await traceNetwork([cli, 'fill', 'London is the capital of [MASK].'], { timeout });
    expect(trace.code, trace.stderr).toBe(0);
    expect(trace.stdout).not.toBe('');
    expect(trace.attempts).toEqual([]);
  });

  test('the command line program tries nothing while it lists models', async () => {
    const trace = await traceNetwork([cli, 'models', 'list'], { timeout });
    expect(trace.code, trace.stderr).toBe(0);
    expect(trace.stdout).toContain('Xenova/bert-base-NER');
    expect(trace.attempts).toEqual([]);
  });

  test('the server tries nothing from its start to its end', async () => {
    const session = join(root, 'test/model/stdioSession.mjs');
    const trace = await traceNetwork([session, ...samples], { timeout });
    expect(trace.code, trace.stderr).toBe(0);
    const { sentences, candidates } = JSON.parse(trace.stdout) as { sentences: number; candidates: number };
    expect(sentences).toBeGreaterThan(100);
    expect(candidates).toBe(10);
    expect(trace.attempts).toEqual([]);
  });
});
