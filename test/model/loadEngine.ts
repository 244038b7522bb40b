import { join } from 'node:path';
import { Engine } from '../../server/src/core/engine';
import type { EngineOptions } from '../../server/src/core/engineParts';
import { NativeTokenizer } from '../../server/src/inference/nativeTokenizer';
import { createRunner, type RunnerOptions } from '../../server/src/inference/preparedRunner';
import type { ModelFolder } from '../../server/src/models/modelFolder';

const logger = { info: () => {}, warn: () => {}, error: () => {} };

/** The engine of the inference process on top of a model folder, in this process. */
export async function loadEngine(
  folder: ModelFolder,
  options: EngineOptions = {},
  runnerOptions: Partial<RunnerOptions> = {},
): Promise<Engine> {
  const tokenizer = await NativeTokenizer.fromFile(join(folder.path, 'tokenizer.json'));
  const runner = await createRunner(folder, { threads: 1, device: 'cpu', logger, ...runnerOptions });
  return new Engine(runner.description, tokenizer, runner, options);
}
