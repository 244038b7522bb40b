import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EngineError } from '../../../server/src/core/ports';
import { readCatalog } from '../../../server/src/models/catalog';
import {
  bundledLocation,
  describeModel,
  readModelFolder,
  verifyFiles,
} from '../../../server/src/models/modelFolder';

const files: Readonly<Record<string, string>> = {
  'config.json': JSON.stringify({
    hidden_size: 8,
    vocab_size: 30,
    pad_token_id: 0,
    id2label: { 0: 'O', 1: 'B-X', 2: 'I-X' },
    sentiment_id2label: { 0: 'bad', 1: 'good' },
  }),
  'tokenizer_config.json': JSON.stringify({ mask_token: '<mask>' }),
  'onnx/encoder.onnx': 'graph',
  'onnx/encoder.onnx.data': 'weights',
  'onnx/mask.onnx': 'mask graph',
  'onnx/mask.onnx.data': 'mask weights',
};

const entry = {
  id: 'tiny',
  revision: '7',
  title: 'Tiny',
  bundled: 'tiny',
  licence: 'MIT',
  languages: ['en'],
  limits: { maxTokens: 64 },
  heads: {
    encoder: { graph: 'onnx/encoder.onnx', outputs: { token: 't', sequence: 's', hidden: 'h' } },
    mask: { graph: 'onnx/mask.onnx', input: 'h', output: 'l' },
  },
  files: Object.entries(files).map(([path, text]) => ({
    path,
    sha256: createHash('sha256').update(text).digest('hex'),
  })),
};

let modelsDir: string;
const put = async (path: string, text: string) => {
  await mkdir(dirname(join(modelsDir, path)), { recursive: true });
  await writeFile(join(modelsDir, path), text);
};
const putEntry = (change: object) =>
  put('catalog.json', JSON.stringify({ models: [{ ...entry, ...change }] }));

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'subtext-models-'));
  await putEntry({});
  for (const [path, text] of Object.entries(files)) await put(`tiny/${path}`, text);
});
afterEach(() => rm(modelsDir, { recursive: true, force: true }));

describe('describeModel', () => {
  test('joins the catalogue and the files of the model', () => {
    expect(describeModel(bundledLocation(modelsDir, 'tiny'))).toEqual({
      id: 'tiny',
      revision: '7',
      tasks: ['entities', 'sentiment', 'fillMask'],
      maxTokens: 64,
      hiddenSize: 8,
      vocabularySize: 30,
      padTokenId: 0,
      maskToken: '<mask>',
      tokenLabels: ['O', 'B-X', 'I-X'],
      sentimentLabels: ['bad', 'good'],
      languages: ['en'],
    });
  });

  test('has no labels for heads that the model lacks', async () => {
    await putEntry({ heads: { encoder: { graph: 'onnx/encoder.onnx', outputs: { hidden: 'h' } } } });
    expect(describeModel(bundledLocation(modelsDir, 'tiny'))).toMatchObject({
      tasks: [],
      tokenLabels: [],
      sentimentLabels: [],
    });
  });

  test.each([
    ['an unknown model', 'none', 'catalog.json', 'catalog.json has no model "other".', 'other'],
    ['a missing file', 'missing', 'tiny/config.json', 'config.json cannot be read (ENOENT).', 'tiny'],
    ['broken JSON', '{', 'tiny/config.json', 'config.json is not valid JSON (line 1, column 2).', 'tiny'],
    ['another kind of JSON', '[]', 'tiny/config.json', 'config.json: expected an object.', 'tiny'],
    [
      'a missing field',
      '{}',
      'tiny/tokenizer_config.json',
      'tokenizer_config.json: "mask_token" must be a string.',
      'tiny',
    ],
    [
      'labels with a gap',
      files['config.json']?.replace('"1":"B-X"', '"5":"B-X"'),
      'tiny/config.json',
      'config.json: "id2label": "1" must be a string.',
      'tiny',
    ],
    [
      'an unknown kind of scores',
      files['config.json']?.replace('{', '{"sentiment_problem_type":"x",'),
      'tiny/config.json',
      'config.json: "sentiment_problem_type" is not known: x.',
      'tiny',
    ],
  ])('%s is named', async (_, content, path, message, id) => {
    if (content === 'missing') await rm(join(modelsDir, path));
    else if (content !== 'none') await put(path, content ?? '');
    const describeIt = () => describeModel(bundledLocation(modelsDir, id));
    expect(describeIt).toThrow(EngineError);
    expect(describeIt).toThrow(message);
  });
});

describe('readCatalog', () => {
  test.each([
    [{ id: 3 }, '"models[0]": "id" must be a string.'],
    [{ languages: ['en', 1] }, '"models[0]": "languages" must be a list of strings.'],
    [
      { limits: { maxTokens: 0.5 } },
      '"models[0]": "limits": "maxTokens" must be a whole number from 1 to 100,000,000.',
    ],
    [{ bundled: '../elsewhere' }, '"models[0]": "bundled" must be a relative path inside its folder.'],
    [{ bundled: '/absolute' }, '"models[0]": "bundled" must be a relative path inside its folder.'],
    [{ bundled: 'C:\\x' }, '"models[0]": "bundled" must be a relative path inside its folder.'],
    [{ files: [{ path: 'x', sha256: 'ABC' }] }, '"files[0]": "sha256" must be a SHA-256 checksum'],
    [{ files: {} }, '"models[0]": "files" must be a list.'],
    [{ heads: {} }, '"models[0]": "heads": "encoder": expected an object.'],
    [{ heads: { ...entry.heads, mask: {} } }, '"mask": "graph" must be a relative path inside its folder.'],
  ])('%j', async (change, message) => {
    await putEntry(change);
    expect(() => readCatalog(modelsDir)).toThrow(EngineError);
    expect(() => readCatalog(modelsDir)).toThrow(message);
  });
});

describe('verifyFiles', () => {
  const verify = (part: 'encoder' | 'mask') =>
    verifyFiles(readModelFolder(bundledLocation(modelsDir, 'tiny')), part);

  test('accepts what is as catalogued', async () => {
    await verify('encoder');
    await verify('mask');
  });

  test.each([
    ['onnx/encoder.onnx.data', 'encoder', 'mask'],
    ['onnx/mask.onnx.data', 'mask', 'encoder'],
  ] as const)(
    'names %s when it is damaged or missing, when its part is needed',
    async (path, part, other) => {
      await put(`tiny/${path}`, 'Weights');
      const file = join(modelsDir, 'tiny', path);
      await expect(verify(part)).rejects.toThrow(
        new EngineError(`The model file ${file} is damaged. Reinstall Subtext to restore it.`),
      );
      await rm(file);
      await expect(verify(part)).rejects.toThrow(
        new EngineError(`The model file ${file} is missing. Reinstall Subtext to restore it.`),
      );
      await mkdir(file);
      await expect(verify(part)).rejects.toThrow(
        new EngineError(`The model file ${file} cannot be read (EISDIR). Reinstall Subtext to restore it.`),
      );
      await verify(other);
    },
  );
});
