import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Precision } from '../../../server/src/core/model';
import type { ModelLocation } from '../../../server/src/models/modelLocation';
import { cacheFolder } from '../../support/paths';

/** Models with random weights, as test/bench/make_shapes.py makes them. */
export const shapes = ['6-layers', '12-layers'] as const;
export const shapeTasks = ['entities', 'fill-mask'] as const;
export const shapePrecisions = ['int8', 'fp32'] as const satisfies readonly Precision[];

export type Shape = (typeof shapes)[number];
export type ShapeTask = (typeof shapeTasks)[number];

const folder = join(cacheFolder, 'bench-models');

/** How to make the models; undefined where all of them are there. */
export function howToMakeShapes(): string | undefined {
  const isThere = shapes.every((shape) =>
    shapeTasks.every((task) => existsSync(join(folder, `${shape}-${task}`))),
  );
  if (isThere) return undefined;
  return (
    'skipped: its models are not there. To make them, with Python 3.11:\n' +
    '    pip install -r models/training/requirements.txt\n' +
    '    python test/bench/make_shapes.py'
  );
}

export function shapeLocation(shape: Shape, task: ShapeTask, precision: Precision): ModelLocation {
  const id = `${shape}-${task}`;
  return { id, revision: 'random', path: join(folder, id), precision };
}
