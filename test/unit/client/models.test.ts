import { expect, test } from 'vitest';
import { deviceTable } from '../../../client/src/devices/deviceTable';
import { cudaConsent, modelConsent } from '../../../client/src/downloads/downloadConsent';
import {
  bundledFirst,
  modelSections,
  tasksOf,
  toChoiceItem,
  toManagedItem,
  unsuitable,
} from '../../../client/src/models/modelItems';
import { formatBytes, languageNames } from '../../../client/src/models/modelText';
import type { DownloadPlan, ModelInfo } from '../../../server/src/protocol/models';
import { english } from './localization';

const bundled: ModelInfo = {
  ref: 'subtext-base',
  title: 'Subtext base',
  source: 'bundled',
  tasks: ['entities', 'sentiment', 'fillMask'],
  installed: true,
  bytes: 29_400_000,
  licence: 'MIT',
  languages: ['en', 'zh', 'de', 'fr'],
  path: '/extension/models/subtext-base',
  removable: false,
};
const ner: ModelInfo = {
  ref: 'bert-base-ner',
  title: 'BERT base NER',
  source: 'catalog',
  tasks: ['entities'],
  installed: false,
  bytes: 108_800_000,
  licence: 'MIT',
  languages: ['en'],
  score: 'CoNLL-2003 F1 92.6',
  url: 'https://huggingface.co/Xenova/bert-base-NER',
  removable: false,
};
const hub: ModelInfo = {
  ref: 'a/b@v2',
  title: 'a/b@v2',
  source: 'hub',
  tasks: ['entities'],
  installed: true,
  languages: [],
  path: '/cache/models--a--b/snapshots/1',
  removable: true,
};
const folder: ModelInfo = { ...hub, ref: '/models/mine', title: 'mine', source: 'folder', removable: false };
const choices = { entities: 'a/b@v2', sentiment: 'subtext-base', fillMask: 'subtext-base' };

test('sizes are decimal and in the number format of the locale', () => {
  const sizes = [0, 999, 1_000, 178_400_000, 999_999_999, 1_234_000_000];
  expect(sizes.map((bytes) => formatBytes(bytes, 'en'))).toEqual([
    '0 kB',
    '1 kB',
    '1 kB',
    '178 MB',
    '1,000 MB',
    '1.2 GB',
  ]);
  expect(formatBytes(1_234_000_000, 'zh-cn')).toBe('1.2 GB');
  expect(formatBytes(1_234_000_000, 'fr')).toBe('1,2\u202fGo');
});

test('languages have names, and many are shortened', () => {
  expect(languageNames(bundled.languages, 'en', english)).toBe('English, Chinese, German and 1 more');
  expect(languageNames(['en', 'pt-BR'], 'de', english)).toBe('Englisch, Portugiesisch (Brasilien)');
  expect(languageNames(['zh'], 'zh-cn', english)).toBe('中文');
  expect(languageNames([], 'en', english)).toBe('');
  // What repositories write where a tag is expected.
  expect(languageNames(['multilingual', 'x_y'], 'en', english)).toBe('multilingual, x_y');
});

test('the models of a task are installed or in the catalogue, the bundled one first', () => {
  expect(modelSections([ner, hub, bundled, folder], 'entities')).toEqual({
    installed: [bundled, hub, folder],
    catalogue: [ner],
  });
  expect(modelSections([ner, hub, bundled], 'fillMask')).toEqual({ installed: [bundled], catalogue: [] });
  expect(bundledFirst([])).toEqual([]);
});

test('a model to choose tells its use, size, languages, licence and score', () => {
  const line = (model: ModelInfo) => {
    const { label, description, detail } = toChoiceItem(model, choices, 'en', english);
    return [label, description, detail];
  };
  expect(line(bundled)).toEqual([
    'Subtext base',
    '$(check) Sentiment, Fill-mask · subtext-base',
    '29 MB · English, Chinese, German and 1 more · MIT',
  ]);
  expect(line(ner)).toEqual([
    'BERT base NER',
    'bert-base-ner',
    '109 MB · English · MIT · CoNLL-2003 F1 92.6',
  ]);
  expect(line(hub)).toEqual(['a/b@v2', '$(check) Entities', 'licence not stated']);
  expect(line(folder)).toEqual(['mine', '', '']);
});

test('a model to manage tells its use, size and place', () => {
  const line = (model: ModelInfo) => {
    const { label, description, detail } = toManagedItem(model, choices, 'en', english);
    return [label, description, detail];
  };
  expect(line(bundled)[2]).toBe('29 MB · comes with Subtext');
  expect(line({ ...hub, bytes: 5_000_000 })).toEqual([
    'a/b@v2',
    '$(check) Entities',
    '5 MB · /cache/models--a--b/snapshots/1',
  ]);
  expect(line({ ...hub, tasks: [], problem: 'config.json is a pipe.' })[2]).toBe(
    '/cache/models--a--b/snapshots/1 · broken: config.json is a pipe.',
  );
});

test('a model is in use for the tasks whose settings name it', () => {
  expect(tasksOf(bundled, choices)).toEqual(['sentiment', 'fillMask']);
  expect(tasksOf(ner, choices)).toEqual([]);
});

test('a model that cannot do the task is refused as soon as that is known', () => {
  expect(unsuitable(ner, 'entities', english)).toBeUndefined();
  expect(unsuitable({ ...hub, tasks: [], installed: false }, 'sentiment', english)).toBeUndefined();
  expect(unsuitable({ ...hub, tasks: [] }, 'sentiment', english)).toBe(
    '“a/b@v2” cannot be used for Sentiment.',
  );
  expect(unsuitable(ner, 'sentiment', english)).toBe(
    '“BERT base NER” cannot be used for Sentiment, only for Entities.',
  );
});

test('consent names model, size, files, licence, source and place', () => {
  const plan: DownloadPlan = {
    model: ner,
    commit: '0123456789abcdef0123456789abcdef01234567',
    host: 'huggingface.co',
    folder: '/home/me/.cache/huggingface/hub',
    files: [
      { path: 'config.json', bytes: 800 },
      { path: 'onnx/model_quantized.onnx', bytes: 108_000_000 },
      { path: 'tokenizer.json', bytes: 700_000 },
      { path: 'vocab.txt', bytes: 200_000 },
    ],
    precision: 'int8',
    precisions: [{ precision: 'int8', bytes: 108_900_800 }],
    bytes: 108_900_800,
    missingBytes: 108_900_800,
  };
  expect(modelConsent(plan, 'en', english)).toEqual({
    message: 'Download “BERT base NER”?',
    detail: [
      'Size: 109 MB',
      'Files: onnx/model_quantized.onnx, tokenizer.json, vocab.txt and 1 more',
      'Licence: MIT',
      'Source: huggingface.co, revision 0123456',
      'Goes to: /home/me/.cache/huggingface/hub',
    ].join('\n'),
  });
  const { detail } = modelConsent({ ...plan, model: hub, missingBytes: 9_000_000 }, 'en', english);
  expect(detail.split('\n').filter((line) => /^(Size|Licence)/.test(line))).toEqual([
    'Size: 9 MB; the rest of 109 MB is here already',
    'Licence: not stated',
  ]);
});

test('consent to CUDA support names package, size, licence and source', () => {
  const plan = { package: 'ort.gpu', version: '1.30.0', host: 'example.org', bytes: 412_000_000 };
  expect(cudaConsent({ ...plan, licence: 'MIT' }, 'en', english)).toEqual({
    message: 'Install CUDA support?',
    detail: [
      'Size: 412 MB',
      'Package: ort.gpu 1.30.0',
      'Licence: MIT',
      'Source: example.org',
      'Goes to a folder of Subtext; nothing else on this machine is changed.',
    ].join('\n'),
  });
  expect(cudaConsent(plan, 'en', english).detail).toContain('Licence: not stated');
});

test('the table of devices keeps what drivers say in its cells', () => {
  const table = deviceTable(
    [
      {
        device: 'webgpu',
        hardware: 'A|B <b>*X*</b>',
        precision: 'fp16',
        model: 'a/b',
        status: 'ok',
        loadMilliseconds: 1234.4,
        tokensPerSecond: 56_789,
        difference: 0.000_12,
      },
      { device: 'cuda', precision: 'fp32', model: 'a/b', status: 'unavailable', message: 'No\nlibrary.' },
      { device: 'dml', precision: 'fp32', model: 'a/b', status: 'wrong', difference: 0.4 },
      { device: 'coreml', precision: 'fp32', model: 'a/b', status: 'crashed' },
      { device: 'cpu', precision: 'int8', model: 'a/b', status: 'ok', difference: 0, weightSign: 'unsigned' },
      { device: 'cpu', precision: 'int8', model: 'c/d', status: 'ok', difference: 0, weightSign: 'unsigned' },
    ],
    'en',
    english,
  );
  expect(table.split('\n')).toEqual([
    '# Devices',
    '',
    '| Device | Hardware | Precision | Model | Loading (ms) | Tokens/s | Difference from CPU | Result |',
    '| --- | --- | --- | --- | ---: | ---: | ---: | --- |',
    '| webgpu | A\\|B \\<b\\>\\*X\\*\\</b\\> | fp16 | a/b | 1,234 | 56,789 | 1.2e-4 | works |',
    '| cuda |  | fp32 | a/b |  |  |  | not available |',
    '| dml |  | fp32 | a/b |  |  | 4.0e-1 | computes something else than the CPU |',
    '| coreml |  | fp32 | a/b |  |  |  | crashed |',
    '| cpu |  | int8 | a/b |  |  | 0 | works |',
    '| cpu |  | int8 | c/d |  |  | 0 | works |',
    '',
    '- cuda, a/b: No library.',
    '- cpu: Products with signed 8-bit weights saturate, so they are used as unsigned ones: exact, and somewhat slower.',
    '',
  ]);
});
