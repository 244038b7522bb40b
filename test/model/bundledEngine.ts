import { join } from 'node:path';
import { Engine, type EngineOptions } from '../../server/src/core/engine';
import { bundledModelId } from '../../server/src/core/model';
import { NativeTokenizer } from '../../server/src/inference/nativeTokenizer';
import { OrtRunner } from '../../server/src/inference/ortRunner';
import {
  bundledLocation,
  type ModelFolder,
  readModelFolder,
  verifyFiles,
} from '../../server/src/models/modelFolder';
import { root } from '../support/paths';

/** The bundled model, its files verified, and the engine of the inference process on top of it, in this process. */
export async function loadBundledEngine(
  options: EngineOptions = {},
): Promise<{ readonly engine: Engine; readonly folder: ModelFolder }> {
  const folder = readModelFolder(bundledLocation(join(root, 'models'), bundledModelId));
  await verifyFiles(folder, 'encoder');
  const tokenizer = await NativeTokenizer.fromFile(join(folder.path, 'tokenizer.json'));
  const runner = await OrtRunner.create(folder, 1);
  return { engine: new Engine(folder.description, tokenizer, runner, options), folder };
}
