import { expect, test } from 'vitest';
import { HoverRequest, type MarkupContent } from 'vscode-languageserver-protocol/node';
import { ModelMissingNotification, type ModelMissingParams } from '../../server/src/protocol/models';
import { EngineStateNotification } from '../../server/src/protocol/protocol';
import { fakeModel } from '../support/fakeEngine';
import { TestClient } from './testClient';

const english = 'Ada went to Berlin in the early morning to see the city.';
const finnish = 'Ada matkusti aamulla Berlin kaupunkiin katsomaan taloja ja puistoja.';
const chinese = 'Ada 今天早上到 Berlin 去参观这座美丽的城市。';

/** Knows English and Chinese only. */
const choosy = { ...fakeModel, id: 'choosy', languages: ['en', 'zh'] };
const models = { entities: 'choosy', sentiment: 'choosy' };

const hover = async (client: TestClient, uri: string, line: number): Promise<string | undefined> => {
  const result = await client.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri },
    position: { line, character: 6 },
  });
  return (result?.contents as MarkupContent | undefined)?.value.split('\n')[0];
};

const entitiesOf = (client: TestClient): readonly string[] =>
  client.entities.flatMap(({ regions }) =>
    regions.flatMap(({ entities }) => entities.map(({ type }) => type)),
  );

test('no model is asked for a sentence in a language that it does not know, and the state says so', async () => {
  const client = await TestClient.start({ settings: { models }, models: [choosy] });
  const uri = await client.open(`${english}\n\n${finnish} Ada.\n\n# Berlin\n`);
  expect(client.engines.get('choosy')?.requests.flat().toSorted()).toEqual([english, 'Berlin'].toSorted());
  expect(await client.complete(uri, 1)).toMatchObject({ analyzed: 4, total: 4, leftOut: { fi: 2 } });
  expect(entitiesOf(client)).toEqual(['PER', 'LOC', 'LOC']);
  expect(await hover(client, uri, 0)).toMatch(/^Sentence \(English\): \*\*neutral\*\*/u);
  expect(await hover(client, uri, 2)).toBe('This sentence is not analyzed: the model does not know Finnish.');
});

test('the state follows edits', async () => {
  const client = await TestClient.start({ settings: { models }, models: [choosy] });
  const uri = await client.open(`${english}\n\n${finnish}\n\n${finnish}\n`);
  const line = { start: { line: 2, character: 0 }, end: { line: 2, character: finnish.length } };
  await client.edit(uri, 2, { range: line, text: english });
  expect(await client.complete(uri, 2)).toMatchObject({ analyzed: 3, total: 3, leftOut: { fi: 1 } });
  await client.edit(uri, 3, { text: english });
  const state = await client.complete(uri, 3);
  expect([state.total, state.leftOut]).toEqual([1, undefined]);
});

test('the setting asks the model for every sentence', async () => {
  const settings = { models: { ...models, skipUnknownLanguages: false } };
  const client = await TestClient.start({ settings, models: [choosy] });
  const uri = await client.open(finnish);
  expect((await client.complete(uri, 1)).leftOut).toBeUndefined();
  expect(client.engines.get('choosy')?.requests).toEqual([[finnish]]);
  await client.changeSettings({ models });
  const state = await client.until(() => client.states.findLast(({ leftOut }) => leftOut));
  expect(state.leftOut).toEqual({ fi: 1 });
});

test('sentences of a language go to the model that the settings name for it', async () => {
  const stars = { ...fakeModel, id: 'stars', sentimentLabels: ['1 star', '5 stars'] };
  const settings = { models: { byLanguage: { 'zh-Hans': 'stars' } } };
  const client = await TestClient.start({ settings, models: [stars] });
  const own = client.engines.get('stars');
  if (own) own.analyzeSentence = () => ({ mentions: [], sentiment: [0.1, 0.9] });
  const uri = await client.open(`${english}\n\n${chinese}\n\n${finnish}\n`);
  expect([client.engine.requests.flat().toSorted(), own?.requests]).toEqual([
    [finnish, english],
    [[chinese]],
  ]);
  expect(entitiesOf(client)).toEqual(['PER', 'LOC', 'PER', 'LOC']);
  expect(await hover(client, uri, 2)).toBe(
    'Sentence (Chinese): **5 stars** 90 % (1 star 10 %) · +0.80 on a scale from −1 to +1',
  );
});

test('a model for a language does only what it can', async () => {
  const tagger = { ...fakeModel, id: 'tagger', tasks: ['entities' as const], sentimentLabels: [] };
  const settings = { models: { byLanguage: { fi: 'tagger', zh: 'missing' } } };
  const client = await TestClient.start({ settings, models: [tagger] });
  const own = client.engines.get('tagger');
  if (own)
    own.analyzeSentence = (text) => ({
      mentions: [{ start: 0, end: text.length, type: 'ALL', score: 1 }],
      sentiment: [],
    });
  const uri = await client.open(`${finnish}\n\n${chinese}\n`);
  expect(entitiesOf(client)).toEqual(['ALL', 'PER', 'LOC']);
  expect(client.engine.requests.flat().toSorted()).toEqual([finnish, chinese].toSorted());
  expect(await hover(client, uri, 2)).toMatch(/^\*\*Location\*\*|^Sentence \(Chinese\)/u);
});

test('of two models only the one that knows the language is asked', async () => {
  const finder = { ...fakeModel, id: 'finder', languages: ['en', 'fi'] };
  const judge = { ...fakeModel, id: 'judge', languages: ['en'] };
  const settings = { models: { entities: 'finder', sentiment: 'judge' } };
  const client = await TestClient.start({ settings, models: [finder, judge] });
  const uri = await client.open(`${english}\n\n${finnish}\n`);
  const asked = (id: string) => client.engines.get(id)?.requests.flat().toSorted();
  expect([asked('finder'), asked('judge')]).toEqual([[finnish, english], [english]]);
  expect((await client.complete(uri, 1)).leftOut).toBeUndefined();
  expect(entitiesOf(client)).toEqual(['PER', 'LOC', 'PER', 'LOC']);
  expect(await hover(client, uri, 2)).toBeUndefined();
});

test('the engines of languages are told of, and a model that is not there is, too', async () => {
  const own = { ...fakeModel, id: 'own' };
  const client = await TestClient.start({
    settings: { models: { byLanguage: { zh: 'own', fi: 'missing' } } },
    models: [own],
  });
  const missing: ModelMissingParams[] = [];
  const states = new Map<string, readonly string[]>();
  client.connection.onNotification(ModelMissingNotification.type, (params) => void missing.push(params));
  client.connection.onNotification(EngineStateNotification.type, ({ model, tasks }) => {
    states.set(model, tasks);
  });
  const uri = await client.open(`${chinese}\n\n${finnish}\n`);
  expect(missing).toEqual([{ ref: 'missing', task: 'entities' }]);
  expect(states.get('own')).toEqual(['entities', 'sentiment']);
  expect(client.engine.requests).toEqual([[finnish]]);
  expect((await client.complete(uri, 1)).leftOut).toBeUndefined();
});
