import { expect, test } from 'vitest';
import type { ServerState } from '../../../client/src/api';
import { FailureCauses } from '../../../client/src/status/failureCauses';
import { documentStatus, engineStatus } from '../../../client/src/status/statusViews';
import type { DocumentStateParams, EngineStateParams } from '../../../server/src/protocol/protocol';
import { english } from './localization';

const running: ServerState = { status: 'running' };
const restart = { command: 'subtext.restartServer', title: 'Restart' };
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

test('an engine that is ready shows its model, device and speed', () => {
  const state = engine({ device: 'cpu', millisecondsPerSentence: 7.25 });
  expect(engineStatus(running, state, english)).toEqual({
    text: 'mini',
    detail: 'cpu · 7.3 ms per sentence',
    severity: 'information',
    busy: false,
    command: showOutput,
  });
  expect(engineStatus(running, engine({}), english)).toEqual({
    text: 'mini',
    severity: 'information',
    busy: false,
    command: showOutput,
  });
});

test('a server or an engine that starts is busy', () => {
  const loading = { text: 'Loading the model', severity: 'information', busy: true, command: showOutput };
  expect(engineStatus({ status: 'starting' }, undefined, english)).toEqual(loading);
  expect(engineStatus(running, undefined, english)).toEqual(loading);
  expect(engineStatus(running, engine({ status: 'starting' }), english)).toEqual({
    ...loading,
    detail: 'mini',
  });
});

test('a restart says why', () => {
  const restarting = { text: 'Restarting', severity: 'warning', busy: true, command: showOutput };
  expect(engineStatus({ status: 'restarting' }, undefined, english)).toEqual(restarting);
  expect(engineStatus(running, engine({ status: 'restarting', message: 'It hung.' }), english)).toEqual({
    ...restarting,
    detail: 'It hung.',
  });
});

test('a failure of the server or the engine offers to restart', () => {
  const failed = {
    text: 'Analysis failed',
    detail: 'No model.',
    severity: 'error',
    busy: false,
    command: restart,
  };
  expect(engineStatus(running, engine({ status: 'failed', message: 'No model.' }), english)).toEqual(failed);
  expect(engineStatus({ status: 'failed', message: 'No model.' }, undefined, english)).toEqual(failed);
  expect(engineStatus({ status: 'stopped' }, undefined, english)).toEqual({
    text: 'Not running',
    severity: 'information',
    busy: false,
    command: restart,
  });
});

test('a document shows how far its analysis is', () => {
  expect(documentStatus(undefined, english)).toBeUndefined();
  expect(documentStatus(documentState({ status: 'analyzing', analyzed: 12 }), english)).toEqual({
    text: 'Analyzing sentence 12 of 80',
    severity: 'information',
    busy: true,
  });
  expect(documentStatus(documentState({}), english)).toEqual({
    text: '80 sentences analyzed',
    severity: 'information',
    busy: false,
  });
});

test('a skipped document says why, and offers to analyse it where that would help', () => {
  const analyze = { command: 'subtext.analyzeDocument', title: 'Analyze Anyway' };
  const skipped = (reason?: DocumentStateParams['reason']) =>
    documentStatus(documentState({ status: 'skipped', ...(reason ? { reason } : {}) }), english);
  const view = { text: 'Not analyzed', severity: 'information', busy: false };
  expect(skipped()).toEqual(view);
  expect(skipped('disabled')).toEqual({
    ...view,
    detail: 'Subtext is switched off in the settings.',
    command: analyze,
  });
  expect(skipped('tooLarge')).toEqual({
    ...view,
    detail: 'The document is larger than the limit in the settings.',
    severity: 'warning',
    command: analyze,
  });
  expect(skipped('binary')).toEqual({ ...view, detail: 'The document does not seem to be text.' });
  expect(skipped('unsupportedLanguage')).toEqual({
    ...view,
    detail: 'The language is not one of those in the settings.',
  });
});

test('each cause of a failure is told once, until the engine has worked again', () => {
  const causes = new FailureCauses();
  const failed = (message: string) => causes.next(running, engine({ status: 'failed', message }));
  expect(failed('No model.')).toBe('No model.');
  expect(failed('No model.')).toBeUndefined();
  expect(causes.next(running, engine({ status: 'starting' }))).toBeUndefined();
  expect(failed('No model.')).toBeUndefined();
  expect(failed('No memory.')).toBe('No memory.');
  expect(causes.next({ status: 'failed', message: 'Gone.' }, undefined)).toBe('Gone.');
  expect(causes.next(running, engine({}))).toBeUndefined();
  expect(failed('No model.')).toBe('No model.');
});
