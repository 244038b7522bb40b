import { beforeEach, expect, test, vi } from 'vitest';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver-protocol';
import { ModelDownloads } from '../../../client/src/downloads/modelDownloads';
import type { ModelChooser } from '../../../client/src/models/chooseModel';
import { MissingModels } from '../../../client/src/models/missingModels';
import type { ServerSession } from '../../../client/src/server/serverSession';
import { AnalysisState } from '../../../client/src/state/analysisState';
import type { DownloadPlan, ModelInfo } from '../../../server/src/protocol/models';
import { window } from './fakeEditor';

vi.mock('vscode', () => import('./fakeEditor'));
vi.mock('vscode-languageclient/node', () => import('vscode-languageserver-protocol'));

const model: ModelInfo = {
  ref: 'a/b',
  title: 'B',
  source: 'hub',
  tasks: ['entities'],
  installed: false,
  languages: [],
  removable: false,
};
const installed: ModelInfo = { ...model, installed: true, removable: true };
const plan: DownloadPlan = {
  model,
  commit: '0123456789abcdef0123456789abcdef01234567',
  host: 'huggingface.co',
  folder: '/cache',
  files: [{ path: 'onnx/model.onnx', bytes: 10_000_000 }],
  precision: 'int8',
  precisions: [{ precision: 'int8', bytes: 10_000_000 }],
  bytes: 10_000_000,
  missingBytes: 8_000_000,
};
const cut = new ResponseError(LSPErrorCodes.RequestFailed, 'The connection broke.', { retry: true });
const absent = new ResponseError(LSPErrorCodes.RequestFailed, 'There is no a/b.', { retry: false });
const cancelled = new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');

/** @param answers of the server, by request: the next one each time it is asked; errors are thrown. */
function setUp(answers: { readonly plan?: unknown[]; readonly download?: unknown[] }) {
  const state = new AnalysisState();
  const asked: unknown[] = [];
  const left = { plan: [...(answers.plan ?? [])], download: [...(answers.download ?? [])] };
  const request = async ({ method }: { method: string }, params: unknown): Promise<unknown> => {
    const kind = method === 'subtext/planDownload' ? 'plan' : 'download';
    asked.push([kind, params]);
    if (kind === 'download') state.setDownload({ ref: 'a/b', receivedBytes: 6_000_000, totalBytes: 1e7 });
    const answer = await left[kind].shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const session = { request } as unknown as ServerSession;
  return { downloads: new ModelDownloads(session, state), state, asked };
}

beforeEach(() => window.reset());

const consent = { kind: 'information', message: 'Download “B”?', buttons: ['Download'] };
const fetching = ['download', { ref: 'a/b', commit: plan.commit, precision: 'int8' }];

test('a model is downloaded after consent, and its progress is shown', async () => {
  const { downloads, state, asked } = setUp({ plan: [plan], download: [installed] });
  window.presses.push('Download');
  expect(await downloads.download('a/b')).toEqual(installed);
  expect(asked).toEqual([['plan', { ref: 'a/b' }], fetching]);
  expect(window.shown).toEqual([consent]);
  expect(window.progress).toEqual([{ message: '6 MB of 10 MB', increment: 60 }]);
  expect(state.downloads).toEqual([]);
});

test('of several formats one is chosen, the usual one first', async () => {
  const several: DownloadPlan = {
    ...plan,
    precisions: [
      { precision: 'fp32', bytes: 40_000_000 },
      { precision: 'int8', bytes: 10_000_000 },
    ],
  };
  const { downloads, asked } = setUp({
    plan: [several, { ...several, precision: 'fp32' }],
    download: [installed],
  });
  window.picks.push('32-bit floating point');
  window.presses.push('Download');
  expect(await downloads.download('a/b')).toEqual(installed);
  expect(window.lists).toEqual([['8-bit integers', '32-bit floating point']]);
  expect(asked).toEqual([
    ['plan', { ref: 'a/b' }],
    ['plan', { ref: 'a/b', precision: 'fp32' }],
    ['download', { ref: 'a/b', commit: plan.commit, precision: 'fp32' }],
  ]);
  expect(await setUp({}).downloads.carryOut(several)).toBeUndefined();
});

test('who declines gets nothing', async () => {
  const { downloads, asked } = setUp({ plan: [plan] });
  expect(await downloads.download('a/b')).toBeUndefined();
  expect(asked).toEqual([['plan', { ref: 'a/b' }]]);
});

test('what is here already needs no consent', async () => {
  const { downloads, asked } = setUp({ download: [installed] });
  expect(await downloads.carryOut({ ...plan, missingBytes: 0 })).toEqual(installed);
  expect(asked).toEqual([fetching]);
  expect(window.shown).toEqual([]);
});

test('a failure of the network can be retried, without another consent', async () => {
  const { downloads, asked } = setUp({ plan: [cut, plan], download: [cut, installed] });
  window.presses.push('Retry', 'Download', 'Retry');
  expect(await downloads.download('a/b')).toEqual(installed);
  const planning = ['plan', { ref: 'a/b' }];
  expect(asked).toEqual([planning, planning, fetching, fetching]);
  const failed = { kind: 'error', message: 'The connection broke.', buttons: ['Retry'] };
  expect(window.shown).toEqual([failed, consent, failed]);
});

test('other failures are told and end the attempt', async () => {
  const { downloads, state } = setUp({ plan: [absent], download: [cut] });
  expect(await downloads.download('a/b')).toBeUndefined();
  expect(window.shown).toEqual([{ kind: 'error', message: 'There is no a/b.', buttons: [] }]);
  window.presses.push('Download');
  expect(await downloads.carryOut(plan)).toBeUndefined();
  expect(state.downloads).toEqual([]);
});

test('a cancellation is not told', async () => {
  const { downloads, state } = setUp({ download: [cancelled] });
  window.presses.push('Download');
  expect(await downloads.carryOut(plan)).toBeUndefined();
  expect(window.shown).toEqual([consent]);
  expect(state.downloads).toEqual([]);
});

test('who asks for a model on its way waits for the same download', async () => {
  let arrive = (_model: ModelInfo): void => {};
  const arrival = new Promise<ModelInfo>((resolve) => {
    arrive = resolve;
  });
  const { downloads, asked } = setUp({ download: [arrival, installed] });
  window.presses.push('Download');
  const both = Promise.all([downloads.carryOut(plan), downloads.download('a/b')]);
  arrive(installed);
  expect(await both).toEqual([installed, installed]);
  expect(asked).toEqual([fetching]);
  await downloads.carryOut({ ...plan, missingBytes: 0 });
  expect(asked).toEqual([fetching, fetching]);
});

test('a model that is missing is told once, with what may help', async () => {
  const done: unknown[] = [];
  const downloads = { download: async (ref: string) => done.push(['download', ref]) };
  const chooser = { choose: async (task: string) => done.push(['choose', task]) };
  const missing = new MissingModels(
    downloads as unknown as ModelDownloads,
    chooser as unknown as ModelChooser,
  );
  window.presses.push('Download', 'Choose Model', undefined);
  await missing.tell({ ref: 'a/b', task: 'entities' });
  await missing.tell({ ref: 'a/b', task: 'sentiment' });
  await missing.tell({ ref: '/gone', task: 'sentiment', message: 'There is no folder /gone.' });
  await missing.tell({ ref: 'a/c', task: 'fillMask' });
  expect(done).toEqual([
    ['download', 'a/b'],
    ['choose', 'sentiment'],
  ]);
  expect(window.shown).toEqual([
    {
      kind: 'information',
      message: '“a/b” is not installed; the bundled model is used.',
      buttons: ['Download', 'Choose Model'],
    },
    {
      kind: 'warning',
      message: 'There is no folder /gone. The bundled model is used.',
      buttons: ['Choose Model'],
    },
    {
      kind: 'information',
      message: '“a/c” is not installed; the bundled model is used.',
      buttons: ['Download', 'Choose Model'],
    },
  ]);
});
