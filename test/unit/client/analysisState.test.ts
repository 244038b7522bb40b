import { expect, test } from 'vitest';
import type { StateChange } from '../../../client/src/api';
import { AnalysisState } from '../../../client/src/state/analysisState';
import type { DocumentStateParams, EngineStateParams } from '../../../server/src/protocol/protocol';

const engine: EngineStateParams = { status: 'ready', model: 'mini', tasks: ['entities'] };
const document: DocumentStateParams = {
  uri: 'untitled:a',
  version: 2,
  status: 'complete',
  analyzed: 1,
  total: 1,
};

test('keeps the newest state and tells what changed', () => {
  const state = new AnalysisState();
  const changes: StateChange[] = [];
  const listener = state.onDidChange((change) => changes.push(change));
  state.setServer({ status: 'running' });
  state.setEngine(engine);
  state.setDocument(document);
  expect([state.server, state.engine, state.document('untitled:a')]).toEqual([
    { status: 'running' },
    engine,
    document,
  ]);
  state.closeDocument('untitled:a');
  state.closeDocument('untitled:a');
  listener.dispose();
  state.setEngine(engine);
  expect(state.document('untitled:a')).toBeUndefined();
  expect(changes).toEqual([
    { kind: 'server' },
    { kind: 'engine' },
    { kind: 'document', uri: 'untitled:a' },
    { kind: 'document', uri: 'untitled:a' },
  ]);
});

test('a server that does not run has no engine and knows no documents', () => {
  const state = new AnalysisState();
  state.setServer({ status: 'running' });
  state.setEngine(engine);
  state.setDocument(document);
  state.setServer({ status: 'restarting' });
  expect([state.engine, state.document('untitled:a')]).toEqual([undefined, undefined]);
});
