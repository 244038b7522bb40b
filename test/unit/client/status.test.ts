import { expect, test } from 'vitest';
import type { ServerState } from '../../../client/src/api';
import { DeviceFallbacks, FailureCauses } from '../../../client/src/status/failureCauses';
import { documentStatus, downloadStatus, engineStatuses } from '../../../client/src/status/statusViews';
import type { DocumentStateParams, EngineStateParams } from '../../../server/src/protocol/protocol';
import { english } from './localization';

const running: ServerState = { status: 'running' };
const restart = { command: 'subtext.restartServer', title: 'Restart' };
const chooseModel = { command: 'subtext.chooseModel', title: 'Choose Model' };
const showOutput = { command: 'subtext.showOutput', title: 'Show Output' };
const engine = (state: Partial<EngineStateParams>): EngineStateParams => ({
  status: 'ready',
  model: 'mini',
  tasks: ['entities'],
  ...state,
});
const documentState = (state: Partial<DocumentStateParams>): DocumentStateParams => ({
  uri: 'file:///a.md',
  version: 1,
  status: 'complete',
  analyzed: 80,
  total: 80,
  ...state,
});

/** The one view of a model that is the only one. */
const status = (state: Partial<EngineStateParams>) => engineStatuses(running, [engine(state)], english);

test('one model shows its name, device and speed', () => {
  const view = { text: 'mini', severity: 'information', busy: false, command: chooseModel };
  expect(status({ device: 'cpu', millisecondsPerSentence: 7.25 })).toEqual([
    { ...view, detail: 'cpu · 7.3 ms per sentence' },
  ]);
  expect(status({})).toEqual([view]);
  expect(status({ device: 'cpu', message: 'No graphics card was found.' })).toEqual([
    { ...view, detail: 'cpu · No graphics card was found.', severity: 'warning' },
  ]);
  expect(status({ status: 'idle', device: 'cpu' })).toEqual([{ ...view, detail: 'not loaded' }]);
});

test('several models show what each is used for', () => {
  const engines = [
    engine({ model: 'Xenova/bert-base-NER', tasks: ['entities'], device: 'webgpu' }),
    engine({ model: 'C:\\models\\stars\\', tasks: ['sentiment'], status: 'idle' }),
    engine({ tasks: ['fillMask'], device: 'cpu', millisecondsPerSentence: 7.25 }),
    engine({ model: '/models/new', tasks: ['entities', 'sentiment'] }),
  ];
  const lines = engineStatuses(running, engines, english).map(({ text, detail }) => [text, detail]);
  expect(lines).toEqual([
    ['bert-base-NER', 'Entities · webgpu'],
    ['stars', 'Sentiment · not loaded'],
    ['mini', 'Fill-mask · cpu · 7.3 ms'],
    ['new', 'Entities, Sentiment'],
  ]);
});

test('without a model there is the server to tell of', () => {
  const view = { severity: 'information', busy: false };
  expect(engineStatuses(running, [], english)).toEqual([
    { ...view, text: 'No model in use', command: chooseModel },
  ]);
  expect(engineStatuses({ status: 'stopped' }, [], english)).toEqual([
    { ...view, text: 'Not running', command: restart },
  ]);
});

test('a server or a model that starts is busy', () => {
  const loading = { text: 'Loading the model', severity: 'information', busy: true, command: showOutput };
  expect(engineStatuses({ status: 'starting' }, [], english)).toEqual([loading]);
  expect(status({ status: 'starting' })).toEqual([{ ...loading, detail: 'mini' }]);
});

test('a restart says why', () => {
  const restarting = { text: 'Restarting', severity: 'warning', busy: true, command: showOutput };
  expect(engineStatuses({ status: 'restarting' }, [], english)).toEqual([restarting]);
  const hung = engine({ status: 'restarting', message: 'It hung.' });
  expect(engineStatuses(running, [hung], english)).toEqual([{ ...restarting, detail: 'It hung.' }]);
  const [, second] = engineStatuses(running, [engine({ model: 'a/b' }), hung], english);
  expect(second).toEqual({ ...restarting, detail: 'mini: It hung.' });
});

test('a failure of the server or a model offers to restart', () => {
  const failed = { text: 'Analysis failed', severity: 'error', busy: false, command: restart };
  const broken = engine({ status: 'failed', message: 'No model.' });
  expect(engineStatuses(running, [broken], english)).toEqual([{ ...failed, detail: 'No model.' }]);
  const [first] = engineStatuses(running, [broken, engine({ model: 'a/b' })], english);
  expect(first).toEqual({ ...failed, detail: 'mini: No model.' });
  expect(engineStatuses({ status: 'failed', message: 'No server.' }, [], english)).toEqual([
    { ...failed, detail: 'No server.' },
  ]);
});

test('downloads show how much has come', () => {
  const one = { ref: 'a/b', title: 'B', receivedBytes: 44_100_000, totalBytes: 178_000_000 };
  const two = { ref: 'a/c', title: 'C', receivedBytes: 0, totalBytes: 1_230_000_000 };
  const view = { severity: 'information', busy: true };
  expect(downloadStatus([], 'en', english)).toBeUndefined();
  expect(downloadStatus([one], 'en', english)).toEqual({
    text: 'Downloading “B”',
    detail: '44 MB of 178 MB',
    ...view,
  });
  expect(downloadStatus([one, two], 'en', english)).toEqual({
    text: 'Downloading 2 models',
    detail: 'B: 44 MB of 178 MB · C: 0 kB of 1.2 GB',
    ...view,
  });
});

test('a document shows how far its analysis is', () => {
  expect(documentStatus(undefined, 'en', english)).toBeUndefined();
  expect(documentStatus(documentState({ status: 'analyzing', analyzed: 12 }), 'en', english)).toEqual({
    text: 'Analyzing sentence 12 of 80',
    severity: 'information',
    busy: true,
  });
  expect(documentStatus(documentState({}), 'en', english)).toEqual({
    text: '80 sentences analyzed',
    severity: 'information',
    busy: false,
  });
});

test('a document says which languages were left out', () => {
  expect(documentStatus(documentState({ leftOut: { fi: 1, vi: 3 } }), 'en', english)).toMatchObject({
    text: '76 sentences analyzed',
    detail: '4 left out: Vietnamese, Finnish (unknown to the model)',
  });
});

test('a document says when not all diagnostics are shown', () => {
  expect(documentStatus(documentState({ diagnostics: { shown: 100, found: 240 } }), 'en', english)).toEqual({
    text: '80 sentences analyzed',
    detail: '100 of 240 diagnostics shown',
    severity: 'information',
    busy: false,
  });
});

test('a document that waits says what for, and offers to analyse it', () => {
  const view = {
    severity: 'information',
    busy: false,
    command: { command: 'subtext.analyzeDocument', title: 'Analyze' },
  };
  const waiting = (state: Partial<DocumentStateParams>) =>
    documentStatus(documentState({ status: 'waiting', ...state }), 'en', english);
  expect(waiting({ analyzed: 78, awaits: 'save' })).toEqual({
    ...view,
    text: '78 of 80 sentences analyzed',
    detail: 'The rest is analyzed when the document is saved.',
  });
  expect(waiting({ analyzed: 0, awaits: 'request' })).toEqual({
    ...view,
    text: 'Not analyzed yet',
    detail: 'Documents are analyzed on request only.',
  });
});

test('a skipped document says why, and offers to analyse it where that would help', () => {
  const analyze = { command: 'subtext.analyzeDocument', title: 'Analyze Anyway' };
  const skipped = (reason?: DocumentStateParams['reason']) =>
    documentStatus(documentState({ status: 'skipped', ...(reason ? { reason } : {}) }), 'en', english);
  const view = { text: 'Not analyzed', severity: 'information', busy: false };
  expect(skipped()).toEqual(view);
  expect(skipped('disabled')).toEqual({
    ...view,
    detail: 'Subtext is switched off in the settings.',
    command: analyze,
  });
  expect(skipped('tooLarge')).toEqual({
    ...view,
    detail: 'The document exceeds the size limit.',
    severity: 'warning',
    command: analyze,
  });
  expect(skipped('binary')).toEqual({ ...view, detail: 'The document does not seem to be text.' });
  expect(skipped('unsupportedLanguage')).toEqual({
    ...view,
    detail: 'The language is not one of those in the settings.',
  });
});

test('each cause of a failure is told once, until what failed has worked again', () => {
  const causes = new FailureCauses();
  const failed = (message: string) => causes.next(running, [engine({ status: 'failed', message })]);
  expect(failed('No model.')).toEqual(['No model.']);
  expect(failed('No model.')).toEqual([]);
  expect(causes.next(running, [engine({ status: 'starting' })])).toEqual([]);
  expect(failed('No model.')).toEqual([]);
  expect(failed('No memory.')).toEqual(['No memory.']);
  expect(causes.next({ status: 'failed', message: 'Gone.' }, [])).toEqual(['Gone.']);
  expect(causes.next({ status: 'failed', message: 'Gone.' }, [])).toEqual([]);
  expect(causes.next(running, [engine({ model: 'other' })])).toEqual([]);
  expect(failed('No model.')).toEqual([]);
  expect(causes.next({ status: 'failed', message: 'Gone.' }, [])).toEqual(['Gone.']);
  expect(causes.next(running, [engine({})])).toEqual([]);
  expect(failed('No model.')).toEqual(['No model.']);
});

test('failures of several models are told together', () => {
  const engines = ['No file.', 'No memory.'].map((message) =>
    engine({ model: message, status: 'failed', message }),
  );
  expect(new FailureCauses().next(running, engines)).toEqual(['No file.', 'No memory.']);
});

test('each reason for another device is told once', () => {
  const fallbacks = new DeviceFallbacks();
  const engines = [engine({ message: 'No card.' }), engine({ model: 'other', message: 'No card.' })];
  expect(fallbacks.next([...engines, engine({ status: 'failed', message: 'No model.' })])).toEqual([
    'No card.',
  ]);
  expect(fallbacks.next([...engines, engine({ message: 'It lies.' })])).toEqual(['It lies.']);
});
