import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeModel, encodeModel, type OnnxModel } from '../../../server/src/graphs/onnxModel';
import {
  discardPrepared,
  type PreparedGraph,
  prepareGraph,
  prunePrepared,
} from '../../../server/src/graphs/preparedGraphs';
import { INT8, makeModel, maskedModel, node, weights } from './tinyGraph';

const statfs = vi.hoisted(() => vi.fn());
vi.mock('node:fs/promises', async (importActual) => ({ ...(await importActual<object>()), statfs }));

let folder: string;
let stateDir: string;
let file: string;
const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const verify = vi.fn<(original: string, prepared: PreparedGraph) => Promise<void>>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-prepared-'));
  stateDir = join(folder, 'state');
  file = join(folder, 'model.onnx');
  vi.resetAllMocks();
  statfs.mockResolvedValue({ bavail: 1e9, bsize: 4_096 });
});
afterEach(() => rm(folder, { recursive: true }));

const put = (model: OnnxModel) => writeFile(file, encodeModel(model));
const prepare = (maskLogits?: string) => prepareGraph(file, { stateDir, maskLogits, logger, verify });
const asItIs = () => ({ file, gathersMasks: false });
const preparedFolders = () => readdir(join(stateDir, 'prepared'));
const filesOf = async (graph: PreparedGraph) => (await readdir(dirname(graph.file))).sort();

/** Weights that lie in a file beside the graph. */
const inFile = (location: string) => ({
  dataLocation: 1,
  externalData: [{ key: 'location', value: location }],
});

/** Just enough weights to be worth moving. */
const large = (dataType: number) =>
  makeModel(
    [node('Identity', 'large', 'logits')],
    [weights('large', [32e6], { dataType, rawData: new Uint8Array(32e6).fill(7) })],
  );

describe('a masked-LM graph', () => {
  test('is prepared once, and verified', async () => {
    await put(maskedModel());
    const prepared = await prepare('logits');
    expect(prepared.gathersMasks).toBe(true);
    expect(decodeModel(await readFile(prepared.file)).graph.input.map(({ name }) => name)).toEqual([
      'input_ids',
      'mask_positions',
    ]);
    expect(await filesOf(prepared)).toEqual(['model.onnx', 'prepared.json']);
    expect(await prepare('logits')).toEqual(prepared);
    expect(verify).toHaveBeenCalledTimes(1);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  test('of an unknown pattern is used as it is, and the log says why, once', async () => {
    await put(makeModel([node('Softmax', 'input_ids', 'logits')], []));
    expect(await prepare('logits')).toEqual(asItIs());
    expect(await prepare('logits')).toEqual(asItIs());
    expect(logger.info.mock.calls).toEqual([
      [`Preparing ${file}, which is done once.`],
      [`With ${file}, filling a mask computes the logits of every token: the logits come from Softmax.`],
    ]);
  });

  test('that gives other results when prepared is used as it is', async () => {
    await put(maskedModel());
    verify.mockRejectedValue(new Error('logits differ by 0.3'));
    expect(await prepare('logits')).toEqual(asItIs());
    expect(await prepare('logits')).toEqual(asItIs());
    expect(verify).toHaveBeenCalledTimes(1);
    expect(logger.warn.mock.calls).toEqual([
      [`The graph ${file} is loaded as it is, for a prepared one differs: logits differ by 0.3.`],
    ]);
  });

  test('takes its data files along', async () => {
    await put(maskedModel(inFile('model.onnx_data')));
    await writeFile(join(folder, 'blob'), 'weights');
    await symlink('blob', join(folder, 'model.onnx_data'));
    const prepared = await prepare('logits');
    expect(await filesOf(prepared)).toEqual(['model.onnx', 'model.onnx_data', 'prepared.json']);
    expect(await readFile(join(dirname(prepared.file), 'model.onnx_data'), 'utf8')).toBe('weights');
  });

  test('whose data files lie elsewhere is used as it is', async () => {
    await put(maskedModel(inFile('../data')));
    expect(await prepare('logits')).toEqual(asItIs());
    expect(logger.warn.mock.calls).toEqual([
      [`The graph ${file} is loaded as it is: its weights lie in another folder (../data).`],
    ]);
    expect(await preparedFolders()).toEqual([]);
  });
});

describe('weights', () => {
  test('are moved where there are many', async () => {
    await put(large(1));
    const prepared = await prepare();
    expect(await filesOf(prepared)).toEqual(['model.onnx', 'prepared.json', 'weights.data']);
    expect((await stat(prepared.file)).size).toBeLessThan(1_000);
    expect(prepared.gathersMasks).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('of single bytes take no room on disk', async () => {
    await put(large(INT8));
    const prepared = await prepare();
    expect(await filesOf(prepared)).toEqual(['model.onnx', 'original.onnx', 'prepared.json']);
    expect((await stat(join(dirname(prepared.file), 'original.onnx'))).ino).toBe((await stat(file)).ino);
  });

  test('stay where the disk is nearly full, until it is not', async () => {
    statfs.mockResolvedValueOnce({ bavail: 1e5, bsize: 4_096 });
    await put(large(1));
    expect(await prepare()).toEqual(asItIs());
    expect(logger.warn.mock.calls).toEqual([
      [`The graph ${file} is loaded as it is: the disk has no room for a prepared one.`],
    ]);
    expect(await preparedFolders()).toEqual([]);
    expect(await prepare()).not.toEqual(asItIs());
  });

  test('stay where there are few', async () => {
    await put(maskedModel());
    expect(await prepare()).toEqual(asItIs());
    expect(verify).not.toHaveBeenCalled();
  });
});

describe('what is no graph is left to the loader', () => {
  test.each([
    ['a web page', '<!doctype html>', /it is no ONNX model \(.*\)\.$/],
    ['an empty file', '', /it is no ONNX model \(it has no nodes\)\.$/],
  ])('%s', async (_, text, message) => {
    await writeFile(file, text);
    expect(await prepare('logits')).toEqual(asItIs());
    expect(logger.warn.mock.calls.flat()).toEqual([expect.stringMatching(message)]);
    expect(await preparedFolders()).toEqual([]);
  });

  test('a missing file', async () => {
    expect(await prepare('logits')).toEqual(asItIs());
    expect(logger.warn.mock.calls.flat()).toEqual([expect.stringContaining('ENOENT')]);
  });
});

describe('what was prepared', () => {
  test('is made anew when the graph changes, and the old one is removed', async () => {
    await put(maskedModel());
    const first = await prepare('logits');
    await utimes(file, 1, 1);
    const second = await prepare('logits');
    expect(second.file).not.toBe(first.file);
    await prunePrepared(stateDir);
    expect(await preparedFolders()).toEqual([basename(dirname(second.file))]);
  });

  test('is removed with its model', async () => {
    await put(maskedModel());
    await prepare('logits');
    await rm(file);
    await prunePrepared(stateDir);
    expect(await preparedFolders()).toEqual([]);
  });

  test('is made anew when it is not whole', async () => {
    await put(maskedModel());
    const prepared = await prepare('logits');
    await truncate(prepared.file, 10);
    expect(await prepare('logits')).toEqual(prepared);
    expect(decodeModel(await readFile(prepared.file)).graph.node).toHaveLength(5);
  });

  test('is made anew when it was thrown away', async () => {
    await put(maskedModel());
    const prepared = await prepare('logits');
    await discardPrepared(stateDir, prepared);
    expect(await preparedFolders()).toEqual([]);
    expect(await prepare('logits')).toEqual(prepared);
  });

  test('is never the original', async () => {
    await put(maskedModel());
    await discardPrepared(stateDir, asItIs());
    expect((await stat(file)).isFile()).toBe(true);
  });
});

describe('a preparation that was not finished', () => {
  const unfinished = async () => {
    await put(maskedModel());
    const { file: graph } = await prepare('logits');
    await rm(dirname(graph), { recursive: true });
    await mkdir(`${dirname(graph)}.unfinished`);
    return `${dirname(graph)}.unfinished`;
  };

  test('is not begun by another process, and not removed', async () => {
    const claimed = await unfinished();
    expect(await prepare('logits')).toEqual(asItIs());
    expect(logger.warn.mock.calls.flat()).toEqual([
      expect.stringContaining('it is being prepared by another process'),
    ]);
    await prunePrepared(stateDir);
    expect(await preparedFolders()).toEqual([basename(claimed)]);
  });

  test('is begun again when it is old', async () => {
    await utimes(await unfinished(), 1, 1);
    expect((await prepare('logits')).gathersMasks).toBe(true);
  });

  test('is removed when it is old', async () => {
    await utimes(await unfinished(), 1, 1);
    await prunePrepared(stateDir);
    expect(await preparedFolders()).toEqual([]);
  });
});

test('there is nothing to remove where nothing was prepared', async () => {
  await expect(prunePrepared(stateDir)).resolves.toBeUndefined();
});
