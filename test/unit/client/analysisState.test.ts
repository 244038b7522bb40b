import { expect, test } from 'vitest';
import type { StateChange } from '../../../client/src/api';
import { AnalysisState } from '../../../client/src/state/analysisState';
import type { DocumentStateParams, EngineStateParams } from '../../../server/src/protocol/protocol';

const engine: EngineStateParams = { status: 'ready', model: 'mini', tasks: ['sentiment'] };
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
  expect([state.server, state.engines, state.document('untitled:a')]).toEqual([
    { status: 'running' },
    [engine],
    document,
  ]);
  state.closeDocument('untitled:a');
  state.closeDocument('untitled:a');
  listener.dispose();
  state.setEngine(engine);
  expect(state.document('untitled:a')).toBeUndefined();
  expect(changes).toEqual([
    { kind: 'server' },
    { kind: 'engines' },
    { kind: 'document', uri: 'untitled:a' },
    { kind: 'document', uri: 'untitled:a' },
  ]);
});

test('a server that does not run has no engines and knows no documents', () => {
  const state = new AnalysisState();
  state.setServer({ status: 'running' });
  state.setEngine(engine);
  state.setDocument(document);
  state.setServer({ status: 'restarting' });
  expect([state.engines, state.document('untitled:a')]).toEqual([[], undefined]);
});

test('there is one engine a model in use, in the order of the tasks', () => {
  const state = new AnalysisState();
  state.setServer({ status: 'running' });
  const other: EngineStateParams = { status: 'idle', model: 'big', tasks: ['fillMask', 'entities'] };
  state.setEngine(engine);
  state.setEngine({ ...other, status: 'starting' });
  state.setEngine(other);
  expect(state.engines).toEqual([other, engine]);
  state.setEngine({ ...engine, tasks: [] });
  expect(state.engines).toEqual([other]);
});

test('a download is known from its begin to its end, whatever comes late', () => {
  const state = new AnalysisState();
  const seen: unknown[] = [];
  state.onDidChange(({ kind }) => seen.push([kind, state.downloads.map((one) => one.receivedBytes)]));
  const progress = (ref: string, receivedBytes: number) => ({ ref, receivedBytes, totalBytes: 9 });
  state.setDownload(progress('a/b', 1));
  state.beginDownload({ ...progress('a/b', 0), title: 'B' });
  state.beginDownload({ ...progress('a/c', 5), title: 'C' });
  state.setDownload(progress('a/b', 3));
  state.endDownload('a/b');
  state.setDownload(progress('a/b', 9));
  state.endDownload('a/b');
  expect(seen).toEqual([
    ['downloads', [0]],
    ['downloads', [0, 5]],
    ['downloads', [3, 5]],
    ['downloads', [5]],
  ]);
  expect(state.downloads).toEqual([{ ...progress('a/c', 5), title: 'C' }]);
});
