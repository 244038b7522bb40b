import { expect, test } from 'vitest';
import { bundledModelId } from '../../../server/src/core/model';
import { EngineError } from '../../../server/src/core/ports';
import type { InstalledModel } from '../../../server/src/models/installedModels';
import { type MissingModel, TaskModels } from '../../../server/src/models/taskModels';
import { fakeLocation, fakeModel } from '../../support/fakeEngine';

const model = (id: string, tasks = fakeModel.tasks): InstalledModel => ({
  location: { ...fakeLocation, id },
  description: { ...fakeModel, id, tasks },
  bytes: 1,
});

function create(...installed: InstalledModel[]) {
  const told: MissingModel[] = [];
  const source = {
    forget: () => {},
    find: (ref: string) => {
      if (ref === 'broken') throw new EngineError('broken/config.json is not valid JSON.');
      return [...installed, model(bundledModelId)].find(({ location }) => location.id === ref);
    },
  };
  return { models: new TaskModels(source, (missing) => told.push(missing)), told };
}

test('a model that can do the task does it', () => {
  const { models, told } = create(model('org/names', ['entities']));
  expect(models.find('entities', 'org/names').location.id).toBe('org/names');
  expect(told).toEqual([]);
});

test('the bundled model stands in, and that is told once', () => {
  const { models, told } = create(model('org/names', ['entities']));
  for (const ref of ['org/names', 'org/absent', 'broken', 'broken', 'org/absent']) {
    expect(models.find('sentiment', ref).location.id).toBe(bundledModelId);
  }
  expect(told).toEqual([
    { task: 'sentiment', ref: 'org/names', message: 'The model org/names does not judge sentiment.' },
    { task: 'sentiment', ref: 'org/absent' },
    { task: 'sentiment', ref: 'broken', message: 'broken/config.json is not valid JSON.' },
  ]);
  models.refresh();
  models.find('sentiment', 'org/absent');
  expect(told).toHaveLength(4);
});
