import { join } from 'node:path';
import { Engine, type EngineOptions } from '../../server/src/core/engine';
import { NativeTokenizer } from '../../server/src/inference/nativeTokenizer';
import { OrtRunner } from '../../server/src/inference/ortRunner';
import type { ModelFolder } from '../../server/src/models/modelFolder';

/** The engine of the inference process on top of a model folder, in this process. */
export async function loadEngine(folder: ModelFolder, options: EngineOptions = {}): Promise<Engine> {
  const tokenizer = await NativeTokenizer.fromFile(join(folder.path, 'tokenizer.json'));
  const runner = await OrtRunner.create(folder, 1);
  return new Engine(runner.description, tokenizer, runner, options);
}
