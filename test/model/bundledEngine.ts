import { join } from 'node:path';
import type { Engine } from '../../server/src/core/engine';
import type { EngineOptions } from '../../server/src/core/engineParts';
import { bundledModelId } from '../../server/src/core/model';
import type { RunnerOptions } from '../../server/src/inference/preparedRunner';
import {
  bundledLocation,
  type ModelFolder,
  readModelFolder,
  verifyFiles,
} from '../../server/src/models/modelFolder';
import { root } from '../support/paths';
import { loadEngine } from './loadEngine';

/** The bundled model, its files verified, and the engine of the inference process on top of it, in this process. */
export async function loadBundledEngine(
  options: EngineOptions = {},
  runnerOptions: Partial<RunnerOptions> = {},
): Promise<{ readonly engine: Engine; readonly folder: ModelFolder }> {
  const folder = readModelFolder(bundledLocation(join(root, 'models'), bundledModelId));
  await verifyFiles(folder, 'encoder');
  return { engine: await loadEngine(folder, options, runnerOptions), folder };
}
