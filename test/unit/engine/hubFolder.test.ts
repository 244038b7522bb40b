import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EngineError } from '../../../server/src/core/ports';
import type { HubEntry } from '../../../server/src/models/catalog';
import { describeModel, readModelFolder } from '../../../server/src/models/modelFolder';
import { endlessDevice, hasSpecialFiles, makePipe } from '../../support/specialFiles';

const bert = {
  architectures: ['BertForTokenClassification'],
  model_type: 'bert',
  hidden_size: 8,
  vocab_size: 30,
  max_position_embeddings: 512,
  pad_token_id: 0,
  id2label: { 2: 'I-PER', 0: 'O', 1: 'B-PER' },
};
const mlm = { ...bert, architectures: ['BertForMaskedLM'] };

let path: string;
const put = async (file: string, content: unknown) => {
  await mkdir(dirname(join(path, file)), { recursive: true });
  await writeFile(join(path, file), typeof content === 'string' ? content : JSON.stringify(content));
};
const location = (more = {}) => ({ id: 'owner/name', revision: 'abc', path, ...more });
const describeWith = async (config: object, tokenizerConfig?: object) => {
  await put('config.json', config);
  if (tokenizerConfig) await put('tokenizer_config.json', tokenizerConfig);
  return describeModel(location());
};

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'subtext-hub-folder-'));
  await put('config.json', bert);
  await put('tokenizer.json', '{}');
  await put('tokenizer_config.json', { mask_token: '[MASK]', model_max_length: 1e30 });
  await put('onnx/model.onnx', 'graph');
});
afterEach(() => rm(path, { recursive: true, force: true }));

describe('heads', () => {
  test('labels of tokens', () => {
    expect(describeModel(location())).toEqual({
      id: 'owner/name',
      revision: 'abc',
      tasks: ['entities'],
      maxTokens: 512,
      hiddenSize: 8,
      vocabularySize: 30,
      padTokenId: 0,
      maskToken: '[MASK]',
      tokenLabels: ['O', 'B-PER', 'I-PER'],
      sentimentLabels: [],
    });
  });

  test('labels of texts', async () => {
    const config = {
      ...bert,
      architectures: ['DistilBertModel', 'DistilBertForSequenceClassification'],
      hidden_size: undefined,
      dim: 6,
      id2label: { 0: '1 star', 1: '2 stars' },
      problem_type: 'multi_label_classification',
    };
    expect(await describeWith(config)).toMatchObject({
      tasks: ['sentiment'],
      hiddenSize: 6,
      tokenLabels: [],
      sentimentLabels: ['1 star', '2 stars'],
      sentimentProblem: 'multi_label_classification',
    });
  });

  test.each([
    [{}, ['LABEL_0', 'LABEL_1']],
    [{ num_labels: 3 }, ['LABEL_0', 'LABEL_1', 'LABEL_2']],
  ])('labels that go without saying: %j', async (more, labels) => {
    const config = { ...bert, architectures: ['BertForSequenceClassification'], id2label: null, ...more };
    expect((await describeWith({ ...config, problem_type: null })).sentimentLabels).toEqual(labels);
  });

  test('the vocabulary', async () => {
    expect(await describeWith(mlm)).toMatchObject({
      tasks: ['fillMask'],
      tokenLabels: [],
      sentimentLabels: [],
    });
    expect(readModelFolder(location()).outputs).toEqual({ vocabulary: 'logits' });
  });

  test.each([
    [{ content: '<mask>', lstrip: true }, '<mask>'],
    ['<mask>', '<mask>'],
  ])('a mask token written as %j', async (token, expected) => {
    expect((await describeWith(mlm, { mask_token: token })).maskToken).toBe(expected);
    await put('tokenizer_config.json', {});
    await put('special_tokens_map.json', { mask_token: token });
    expect(describeModel(location()).maskToken).toBe(expected);
  });
});

describe('limits', () => {
  test.each([
    ['positions', bert, {}, 512],
    [
      'positions behind the one for padding',
      { ...bert, model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 },
      {},
      512,
    ],
    [
      'padding that goes without saying',
      { ...bert, model_type: 'xlm-roberta', max_position_embeddings: 130, pad_token_id: null },
      {},
      128,
    ],
    ['the tokenizer', bert, { model_max_length: 128 }, 128],
    ['neither', { ...bert, max_position_embeddings: null }, { model_max_length: 1e30 }, 512],
    ['a batch', { ...bert, max_position_embeddings: 8_192 }, {}, 512],
  ])('%s', async (_, config, tokenizerConfig, expected) => {
    expect((await describeWith(config, tokenizerConfig)).maxTokens).toBe(expected);
  });

  test('position of the first token', async () => {
    expect(readModelFolder(location()).firstPosition).toBe(0);
    await put('config.json', { ...bert, model_type: 'camembert', pad_token_id: 1 });
    expect(readModelFolder(location()).firstPosition).toBe(2);
  });
});

describe('the catalogue', () => {
  const entry: HubEntry = {
    kind: 'hub',
    id: 'owner/name',
    revision: 'abc',
    title: 'Name',
    licence: 'MIT',
    languages: ['en'],
    tasks: ['entities'],
    limits: { maxTokens: 256 },
    labels: { PERSON: 'PER', DATE: null },
    megabytes: {},
    url: 'https://example.org',
    files: [],
  };

  test('limits and names labels, and leaves some out', async () => {
    const labels = ['O', 'B-PERSON', 'I-PERSON', 'B-DATE', 'I-DATE', 'B-LAW', 'E-PERSON'];
    await put('config.json', { ...bert, id2label: { ...labels } });
    const { tokenLabels, maxTokens } = describeModel(location({ entry }));
    expect(tokenLabels).toEqual(['O', 'B-PER', 'I-PER', 'O', 'O', 'B-LAW', 'E-PER']);
    expect(maxTokens).toBe(256);
  });
});

describe('graphs', () => {
  test('the one that suits a processor best, or the precision that is asked for', async () => {
    await put('model_quantized.onnx', 'graph');
    expect(readModelFolder(location()).graph).toBe('model_quantized.onnx');
    const { graph, description } = readModelFolder(location({ precision: 'fp32' }));
    expect([graph, description.revision]).toEqual(['onnx/model.onnx', 'abc fp32']);
  });
});

describe('a folder without a revision', () => {
  const revision = () => describeModel(location({ revision: '' })).revision;

  test('has one that changes with its files', async () => {
    const seen = [revision()];
    await put('config.json', { ...bert, id2label: { 0: 'O', 1: 'B-LOC' } });
    seen.push(revision());
    await put('onnx/model.onnx', 'g'.repeat(100_000));
    seen.push(revision());
    await utimes(join(path, 'onnx/model.onnx'), 1, 1);
    seen.push(revision());
    await rm(join(path, 'tokenizer_config.json'));
    seen.push(revision());
    expect(new Set(seen).size).toBe(5);
    expect(seen).toEqual(seen.map(() => expect.stringMatching(/^[0-9a-f]{12}$/)));
    expect(revision()).toBe(seen.at(-1));
  });
});

describe.runIf(hasSpecialFiles)('files that would be read for ever', () => {
  const special = ['config.json', 'tokenizer_config.json', 'tokenizer.json', 'onnx/model.onnx'];

  test.each(special)('%s as a pipe', async (file) => {
    await rm(join(path, file));
    makePipe(join(path, file));
    expect(() => describeModel(location({ revision: '' }))).toThrow(`${file} is a pipe, not a regular file.`);
  });

  test.each(special)('%s as a link to a device', async (file) => {
    await rm(join(path, file));
    await symlink(endlessDevice, join(path, file));
    expect(() => describeModel(location())).toThrow(`${file} is a device, not a regular file.`);
  });

  test('special_tokens_map.json as a pipe', async () => {
    makePipe(join(path, 'special_tokens_map.json'));
    expect(() => describeModel(location())).toThrow('special_tokens_map.json is a pipe, not a regular file.');
  });

  test('config.json as a folder', async () => {
    await rm(join(path, 'config.json'));
    await mkdir(join(path, 'config.json'));
    expect(() => describeModel(location())).toThrow('config.json is a directory, not a file.');
  });
});

describe('what cannot be used says why', () => {
  test.each<[string, string, unknown, string]>([
    [
      'a model for something else',
      'config.json',
      { ...bert, architectures: ['BertForQuestionAnswering'] },
      'config.json: "architectures" is BertForQuestionAnswering, a model for question answering; Subtext needs one that ' +
        'ends with ForTokenClassification (entities), ForSequenceClassification (sentiment), ForMaskedLM (fillMask).',
    ],
    [
      'embeddings',
      'config.json',
      { ...bert, architectures: ['BertModel'] },
      'is BertModel, a model for embeddings;',
    ],
    ['an unknown use', 'config.json', { ...bert, architectures: ['Whatever'] }, 'is Whatever; Subtext needs'],
    ['no architecture', 'config.json', { ...bert, architectures: [] }, 'is empty; Subtext needs'],
    [
      'no config',
      'config.json',
      undefined,
      'config.json cannot be read (ENOENT). Remove the model and download it again.',
    ],
    [
      'a broken config',
      'config.json',
      '{',
      'config.json is not valid JSON (line 1, column 2). Remove the model and download it again.',
    ],
    [
      'no size of the vocabulary',
      'config.json',
      { ...bert, vocab_size: '30' },
      '"vocab_size" must be a whole number from 1 to 10,000,000.',
    ],
    [
      'no size of states',
      'config.json',
      { ...bert, hidden_size: undefined },
      '"hidden_size" must be a whole number from 1 to 100,000.',
    ],
    [
      'labels with a gap',
      'config.json',
      { ...bert, id2label: { 0: 'O', 5: 'B-X' } },
      '"id2label": "1" must be a string.',
    ],
    [
      'an unknown kind of scores',
      'config.json',
      { ...bert, problem_type: 'x' },
      '"problem_type" is not known: x.',
    ],
    [
      'no room for text',
      'config.json',
      { ...bert, max_position_embeddings: 4 },
      'config.json: "max_position_embeddings" leaves no room for text: 4 tokens.',
    ],
    [
      'an odd limit',
      'tokenizer_config.json',
      { model_max_length: 'long' },
      '"model_max_length" must be a positive number.',
    ],
    ...[4e9, -1, 0, 1.5, '3', true, [3]].map((count): [string, string, unknown, string] => [
      `${JSON.stringify(count)} labels`,
      'config.json',
      { ...bert, id2label: null, num_labels: count },
      '"num_labels" must be a whole number from 1 to 10,000.',
    ]),
    ...[4e9, -1, 1e308].flatMap((size): [string, string, unknown, string][] => [
      [`vocabulary of ${size}`, 'config.json', { ...bert, vocab_size: size }, '"vocab_size" must be a whole'],
      [`states of ${size}`, 'config.json', { ...bert, hidden_size: size }, '"hidden_size" must be a whole'],
      [`padding ${size}`, 'config.json', { ...bert, pad_token_id: size }, '"pad_token_id" must be a whole'],
      [
        `${size} positions`,
        'config.json',
        { ...bert, max_position_embeddings: size },
        '"max_position_embeddings" must be a whole number from 1 to 100,000,000.',
      ],
    ]),
    [
      'what is no number in JSON',
      'config.json',
      JSON.stringify(bert).replace('"vocab_size":30', '"vocab_size":NaN'),
      'config.json is not valid JSON (line 1, column',
    ],
    [
      'a number beyond all numbers',
      'config.json',
      JSON.stringify(bert).replace('"vocab_size":30', '"vocab_size":1e999'),
      '"vocab_size" must be a whole number from 1 to 10,000,000.',
    ],
    [
      'labels without end',
      'config.json',
      { ...bert, id2label: Object.fromEntries(Array.from({ length: 10_001 }, (_, id) => [id, 'O'])) },
      '"id2label" has more than 10,000 labels.',
    ],
    [
      'a label like a book',
      'config.json',
      { ...bert, id2label: { 0: 'O', 1: 'x'.repeat(2_001) } },
      '"id2label": "1" has more than 2,000 characters.',
    ],
    [
      'architectures without end',
      'config.json',
      { ...bert, architectures: Array.from({ length: 10_001 }, () => 'BertForTokenClassification') },
      '"architectures" has more than 10,000 items.',
    ],
    [
      'a million labels',
      'config.json',
      `{"id2label": {${'"1": "O", '.repeat(1_500_000)}}}`,
      'is larger than 10 MB.',
    ],
    [
      'deep nesting',
      'config.json',
      `{"x": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      'config.json is nested deeper than 100 levels (line 1, column 106).',
    ],
    [
      'deep nesting of the tokenizer',
      'tokenizer_config.json',
      '{"a":'.repeat(10_000),
      'tokenizer_config.json is nested deeper than 100 levels (line 1, column 501).',
    ],
    [
      'a negative limit',
      'tokenizer_config.json',
      { model_max_length: -5 },
      '"model_max_length" must be a positive number.',
    ],
    ['no tokenizer', 'tokenizer.json', undefined, 'holds no tokenizer.json.'],
    [
      'no graph',
      'onnx/model.onnx',
      undefined,
      'holds no ONNX graph such as onnx/model.onnx. Export the model to ONNX.',
    ],
  ])('%s', async (_, file, content, message) => {
    if (content === undefined) await rm(join(path, file));
    else await put(file, content);
    const read = () => describeModel(location());
    expect(read).toThrow(EngineError);
    expect(read).toThrow(message);
  });

  test('no mask token, no precision of this kind, no folder', async () => {
    expect(() => describeModel(location({ precision: 'fp16' }))).toThrow(
      'holds no ONNX graph in fp16 such as',
    );
    await expect(describeWith(mlm, {})).rejects.toThrow(
      'tokenizer_config.json names no "mask_token", so masks cannot be filled.',
    );
    const gone = () => describeModel(location({ path: join(path, 'gone') }));
    expect(gone).toThrow(new EngineError(`The model folder ${join(path, 'gone')} cannot be read (ENOENT).`));
  });

  test('in a folder of the user it is not to be downloaded', async () => {
    await rm(join(path, 'config.json'));
    expect(() => describeModel(location({ revision: '' }))).toThrow(
      'config.json cannot be read (ENOENT). It belongs into every folder with a model.',
    );
  });
});
