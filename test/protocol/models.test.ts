import { describe, expect, it } from 'vitest';
import { HoverRequest, type MarkupContent } from 'vscode-languageserver-protocol/node';
import type { ModelDescription } from '../../server/src/core/model';
import { FillMaskRequest } from '../../server/src/protocol/fillMask';
import { ModelMissingNotification, type ModelMissingParams } from '../../server/src/protocol/models';
import { EngineStateNotification } from '../../server/src/protocol/protocol';
import { fakeModel } from '../support/fakeEngine';
import { TestClient } from './testClient';

const names: ModelDescription = {
  ...fakeModel,
  id: 'org/names',
  tasks: ['entities'],
  sentimentLabels: [],
};
const stars: ModelDescription = {
  ...fakeModel,
  id: 'org/stars',
  tasks: ['sentiment'],
  tokenLabels: [],
  sentimentLabels: ['1 star', '5 stars'],
};
const masks: ModelDescription = { ...fakeModel, id: 'org/masks', tasks: ['fillMask'], maskToken: '<mask>' };

async function start(settings: unknown): Promise<TestClient> {
  const client = await TestClient.start({ settings, models: [names, stars, masks] });
  for (const [id, engine] of client.engines) {
    engine.analyzeSentence = () => ({
      mentions: id === names.id ? [{ start: 0, end: 2, type: 'GPE', score: 0.9 }] : [],
      sentiment: id === stars.id ? [0.2, 0.8] : [],
    });
  }
  return client;
}

const typesOf = (client: TestClient): string[] =>
  client.entities.flatMap(({ regions }) =>
    regions.flatMap(({ entities }) => entities.map(({ type }) => type)),
  );

describe('models', () => {
  it('of the tasks work together', async () => {
    const client = await start({ models: { entities: names.id, sentiment: stars.id, fillMask: masks.id } });
    const uri = await client.open('Ada is [MASK].\n');
    expect(typesOf(client)).toEqual(['GPE']);
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line: 0, character: 1 },
    });
    expect((hover?.contents as MarkupContent | undefined)?.value).toContain('5 stars');
    await client.connection.sendRequest(FillMaskRequest.type, {
      textDocument: { uri, version: 1 },
      range: { start: { line: 0, character: 7 }, end: { line: 0, character: 13 } },
    });
    expect(client.engines.get(masks.id)?.fillRequests).toEqual(['Ada is <mask>.']);
    expect(client.engine.requests).toEqual([]);
    await client.stop();
  });

  it('that change leave the marks until the new ones have answered', async () => {
    const client = await start({});
    const uri = await client.open('Ada is here.\n');
    expect(typesOf(client)).toEqual(['PER']);
    client.entities.length = 0;
    client.states.length = 0;
    const engine = client.engines.get(names.id);
    if (!engine) throw new Error('There is no such engine.');
    engine.isHeld = true;
    await client.changeSettings({ models: { entities: names.id } });
    await client.until(() => engine.requests[0]);
    await client.roundTrip();
    // Nothing was said of the sentence, so that its mark stays.
    expect(client.entities.flatMap(({ regions }) => regions).every(({ start }) => start >= 12)).toBe(true);
    engine.isHeld = false;
    engine.release();
    await client.complete(uri, 1);
    expect(typesOf(client)).toEqual(['GPE']);
    await client.stop();
  });

  it('may differ from document to document', async () => {
    const client = await start({});
    client.documentSettings.set('file:///b.md', { models: { entities: names.id } });
    await client.open('Ada is here.\n', { uri: 'file:///a.md' });
    await client.open('Ada is here.\n', { uri: 'file:///b.md' });
    expect(client.entities.map(({ uri, regions }) => [uri, regions[0]?.entities[0]?.type])).toEqual([
      ['file:///a.md', 'PER'],
      ['file:///b.md', 'GPE'],
    ]);
    await client.stop();
  });

  it('that only a switched-off task needs are not loaded', async () => {
    const client = await start({ models: { entities: names.id }, sentiment: { enabled: false } });
    await client.open('Ada is here.\n');
    expect(typesOf(client)).toEqual(['GPE']);
    expect(client.engine.requests).toEqual([]);
    await client.stop();
  });

  it('that are not there are told of, and the bundled one stands in', async () => {
    const client = await TestClient.start();
    const missing: ModelMissingParams[] = [];
    client.connection.onNotification(ModelMissingNotification.type, (params) => {
      missing.push(params);
    });
    await client.changeSettings({ models: { entities: 'org/absent', sentiment: 'not a model' } });
    await client.open('Ada is here.\n');
    expect(typesOf(client)).toEqual(['PER']);
    expect(missing.map(({ task, ref }) => [task, ref])).toEqual([
      ['entities', 'org/absent'],
      ['sentiment', 'not a model'],
    ]);
    await client.stop();
  });

  it('tell their states, each with its tasks', async () => {
    const client = await start({});
    const states = new Map<string, string>();
    client.connection.onNotification(EngineStateNotification.type, ({ model, status, tasks }) => {
      states.set(model, `${status} ${tasks.join('+')}`);
    });
    await client.open('Ada is here.\n');
    await client.changeSettings({ models: { sentiment: stars.id } });
    await client.until(() => client.engines.get(stars.id)?.requests[0]);
    await client.roundTrip();
    expect(Object.fromEntries(states)).toEqual({
      'org/stars': 'ready sentiment',
      'subtext-base': 'ready entities+fillMask',
    });
    await client.stop();
  });
});
