import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundledModelId } from '../../server/src/core/model';
import { EngineError } from '../../server/src/core/ports';
import { bundledLocation } from '../../server/src/models/modelFolder';
import { FakeClock } from '../support/fakeClock';
import { poll } from '../support/poll';
import { type Bundle, bundle, bundleInference, modelsDir } from './bundle';
import { isAlive, type ObservedHost, observeHost, sampleSentences } from './inferenceHost';

let inference: Bundle;
let sentences: readonly string[];
let temporary: string;
let hosts: ObservedHost[];

beforeAll(async () => {
  inference = await bundleInference();
  sentences = await sampleSentences();
});
afterAll(() => inference.remove());
beforeEach(async () => {
  hosts = [];
  temporary = await mkdtemp(join(tmpdir(), 'subtext-inference-'));
});
afterEach(async () => {
  await Promise.all(hosts.map(({ host }) => host.dispose()));
  await rm(temporary, { recursive: true, force: true });
});

function start(options: Partial<Parameters<typeof observeHost>[0]> = {}): ObservedHost {
  const observed = observeHost({ processPath: inference.path, ...options });
  hosts.push(observed);
  observed.host.start();
  return observed;
}

const average = { aggregation: 'average' } as const;

describe('the bundled model', () => {
  test.each([
    [
      'Angela Merkel visited Paris with Barack Obama.',
      ['PER Angela Merkel', 'LOC Paris', 'PER Barack Obama'],
    ],
    ['😀😀 Angela Merkel 👩‍👩‍👧 Paris', ['PER Angela Merkel', 'LOC Paris']],
    ['مدينة القاهرة في مصر', ['LOC القاهرة', 'LOC مصر']],
    ['', []],
    ['\uD800 \u0000\u200F \r\n', []],
    ['x'.repeat(5_000), []],
  ])('finds entities at their exact places: %#', async (text, expected) => {
    const [result] = await start().host.analyze([text], { aggregation: 'auto' });
    const found = result?.mentions.map(({ type, start: from, end }) => `${type} ${text.slice(from, end)}`);
    expect(found).toEqual(expected);
    expect(result?.sentiment.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 9);
  });

  test('fills a mask, several masks, and masks in a text longer than a window', async () => {
    const { host } = start();
    const long = 'The train goes to the sea. '.repeat(60);
    const text = `😀 The capital of France is <mask>. ${long}She lives in <mask>.`;
    const predictions = await host.fillMask(text, { topK: 3 });
    expect(predictions.map(({ mask }) => text.slice(mask.start, mask.end))).toEqual(['<mask>', '<mask>']);
    for (const { candidates } of predictions) {
      expect(candidates.length).toBe(3);
      const scores = candidates.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores[0]).toBeLessThan(1);
    }
    await expect(host.fillMask('No mask.', { topK: 3 })).rejects.toThrow(EngineError);
  });

  test('finds words and tells tokens, and says what is wrong', async () => {
    const { host } = start();
    const words = await host.fillWords('😀 The capital of France is <mask>.', {
      masks: [{ index: 0 }],
      topK: 3,
    });
    expect(words).toHaveLength(3);
    await expect(host.fillWords('No mask.', { masks: [{ index: 0 }], topK: 3 })).rejects.toThrow(EngineError);
    const text = '😀 Paris.';
    const { tokens, sentiment } = await host.inspect(text);
    expect(tokens.map(({ start: from, end }) => text.slice(from, end)).join('')).toBe('😀Paris.');
    expect(sentiment.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 9);
  });

  test('tells its state', async () => {
    const { host, states } = start();
    await host.analyze(sentences.slice(0, 5), average);
    expect(states.map(({ status, device }) => [status, device])).toEqual([
      ['starting', undefined],
      ['starting', undefined],
      ['ready', 'cpu'],
    ]);
    expect(host.state.millisecondsPerSentence).toBeGreaterThan(0);
  });

  test('answers an interactive request in the middle of a large one, and stops a cancelled one', async () => {
    const observed = start();
    const { host } = observed;
    const controller = new AbortController();
    const order: string[] = [];
    const bulk = host.analyze(Array(20_000).fill(sentences[0]), { ...average, signal: controller.signal });
    bulk.catch(() => order.push('bulk'));
    // The bulk request is being worked on.
    await new Promise<void>((resolve) => {
      observed.onMessage = ({ type }) => type === 'working' && resolve();
    });
    await host.analyze(['Berlin'], { ...average, priority: 'interactive' });
    order.push('interactive');
    await host.fillMask('<mask>', { topK: 1 });
    order.push('mask');
    controller.abort();
    await expect(bulk).rejects.toThrow();
    await host.analyze(['Berlin'], average);
    expect(order).toEqual(['interactive', 'mask', 'bulk']);
  });
});

describe('a process that dies', () => {
  test('is replaced in the middle of its work, and every result arrives', async () => {
    const calm = await start().host.analyze(sentences, average);
    const observed = start();
    let steps = 0;
    observed.onMessage = ({ type }) => {
      const { pid } = observed.children.at(-1) ?? {};
      if (type === 'working' && ++steps === 3 && pid !== undefined) process.kill(pid, 'SIGKILL');
    };
    expect(await observed.host.analyze(sentences, average)).toEqual(calm);
    expect(observed.states.map(({ status }) => status)).toEqual([
      'starting',
      'starting',
      'ready',
      'restarting',
      'ready',
    ]);
    expect(observed.log).toEqual(['The inference process ended unexpectedly (signal SIGKILL).']);
  });

  test('is killed and replaced when it hangs', async () => {
    const hanging = await bundle('test/model/hangingProcess.ts');
    process.env['SUBTEXT_TEST_MARKER'] = join(temporary, 'hung');
    process.env['SUBTEXT_TEST_PROCESS'] = inference.path;
    try {
      const clock = new FakeClock();
      const observed = start({ processPath: hanging.path, clock });
      const { children, host } = observed;
      observed.onMessage = ({ type }) => {
        // Let the hour go by after the host has seen that the process began to work.
        if (type === 'working' && children.length === 1) setImmediate(() => clock.advance(60_000));
      };
      const work = host.analyze(['Anna wohnt in Berlin.'], average);
      await poll(
        'the end of the hanging process',
        () => !isAlive(children[0]?.pid ?? 0) || undefined,
        20_000,
      );
      await poll(
        'the restart',
        () => (observed.states.at(-1)?.status === 'restarting' ? true : undefined),
        20_000,
      );
      clock.advance(100);
      expect((await work)[0]?.mentions.map(({ type }) => type)).toEqual(['PER', 'LOC']);
      expect(observed.log).toEqual(['The inference process did not answer any more.']);
    } finally {
      delete process.env['SUBTEXT_TEST_MARKER'];
      delete process.env['SUBTEXT_TEST_PROCESS'];
      await hanging.remove();
    }
  });

  test('is no orphan when its parent is killed', async () => {
    const program = await bundle('test/model/orphanParent.ts');
    let parent: ChildProcess | undefined;
    try {
      const running = spawn(process.execPath, [program.path, inference.path, modelsDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      parent = running;
      const lines = createInterface({ input: running.stdout });
      const [line] = await Promise.race([once(lines, 'line'), once(running, 'exit')]);
      const pid = Number(line);
      expect(isAlive(pid)).toBe(true);
      running.kill('SIGKILL');
      await poll('the end of the inference process', () => !isAlive(pid) || undefined, 20_000);
    } finally {
      parent?.kill('SIGKILL');
      await program.remove();
    }
  });

  test('is gone when the host is disposed of, in the middle of its work, too', async () => {
    const observed = start();
    const work = observed.host.analyze(Array(20_000).fill(sentences[0]), average);
    work.catch(() => {});
    await new Promise<void>((resolve) => {
      observed.onMessage = ({ type }) => type === 'working' && resolve();
    });
    await observed.host.dispose();
    await expect(work).rejects.toThrow(EngineError);
    expect(isAlive(observed.children[0]?.pid ?? 0)).toBe(false);
  });

  test('that cannot even start ends in a failure that says so', async () => {
    const clock = new FakeClock();
    const observed = start({ processPath: join(temporary, 'no-such-file.js'), clock });
    const work = observed.host.analyze(['Anna'], average);
    work.catch(() => {});
    await poll(
      'the failure',
      () => {
        // A process that is slow to end does not hang.
        if (!isAlive(observed.children.at(-1)?.pid ?? 0)) clock.advance(10_000);
        return observed.states.at(-1)?.status === 'failed' || undefined;
      },
      110_000,
    );
    await expect(work).rejects.toThrow('again and again');
    expect(observed.log.join('\n')).toContain('no-such-file.js');
  });
});

describe('damaged files', () => {
  let copy: string;
  const model = (file: string) => join(copy, 'subtext-base', file);

  beforeEach(async () => {
    copy = join(temporary, 'models');
    await cp(modelsDir, copy, { recursive: true, filter: (source) => !source.endsWith('.safetensors') });
  });

  const flipByte = async (file: string) => {
    const bytes = await readFile(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(file, bytes);
  };

  test.each([
    ['a missing graph', 'onnx/encoder.onnx', (file: string) => rm(file), 'is missing'],
    ['a corrupt graph', 'onnx/encoder.onnx', flipByte, 'is damaged'],
    ['truncated weights', 'onnx/encoder.onnx.data', (file: string) => truncate(file, 1_000), 'is damaged'],
    ['corrupt weights', 'onnx/encoder.onnx.data', flipByte, 'is damaged'],
    ['a corrupt tokenizer', 'tokenizer.json', flipByte, 'is damaged'],
    ['broken settings', 'config.json', (file: string) => truncate(file, 40), 'is not valid JSON'],
  ])(
    '%s fails with the name of the file, and works after a repair and a restart',
    async (_, name, damage, what) => {
      await damage(model(name));
      const observed = start({ location: bundledLocation(copy, bundledModelId) });
      const message = `${model(name)} ${what}`;
      await expect(observed.host.analyze(['Anna'], average)).rejects.toThrow(message);
      expect(observed.host.state.status).toBe('failed');
      expect(observed.host.state.message).toContain('Reinstall Subtext');
      expect(observed.children.length).toBe(1);

      await cp(join(modelsDir, 'subtext-base', name), model(name));
      await observed.host.restart();
      expect(observed.host.state.status).toBe('ready');
      expect((await observed.host.analyze(['Anna'], average)).length).toBe(1);
    },
  );

  test('a damaged mask head fails masks only, until it is repaired', async () => {
    await flipByte(model('onnx/mlm.onnx.data'));
    const { host } = start({ location: bundledLocation(copy, bundledModelId) });
    await expect(host.fillMask('<mask>', { topK: 1 })).rejects.toThrow(
      `${model('onnx/mlm.onnx.data')} is damaged`,
    );
    expect((await host.analyze(['Anna'], average)).length).toBe(1);
    await cp(join(modelsDir, 'subtext-base', 'onnx/mlm.onnx.data'), model('onnx/mlm.onnx.data'));
    expect((await host.fillMask('<mask>', { topK: 1 })).length).toBe(1);
  });

  test('a graph that is no graph, with a checksum that agrees, is told as such', async () => {
    await writeFile(model('onnx/encoder.onnx'), '');
    const catalog = join(copy, 'catalog.json');
    const text = await readFile(catalog, 'utf8');
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    await writeFile(catalog, text.replace(/(encoder\.onnx", "sha256": ")\w+/, `$1${empty}`));
    const { host } = start({ location: bundledLocation(copy, bundledModelId) });
    await expect(host.analyze(['Anna'], average)).rejects.toThrow(
      `${model('onnx/encoder.onnx')} cannot be loaded`,
    );
  });
});

test('the process leaves no files of onnxruntime telemetry behind', async () => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  try {
    const { host } = start();
    await host.analyze(['Anna'], average);
    await host.fillMask('<mask>', { topK: 1 });
    await host.dispose();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  expect(await readdir(temporary)).toEqual([]);
});
