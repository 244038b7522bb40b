import { join } from 'node:path';
import { toEncoderBatch } from '../core/batches';
import type { Logger } from '../core/ports';
import { discardPrepared, type PreparedGraph, prepareGraph, prunePrepared } from '../graphs/preparedGraphs';
import type { ModelFolder } from '../models/modelFolder';
import { OrtRunner } from './ortRunner';
import type { SessionOptions } from './ortSession';

/** Largest difference of two logits, as a share of the largest logit. Half precision needs as much. */
const TOLERANCE = 1e-3;

const SAMPLE_TOKENS = 8;

export interface RunnerOptions extends SessionOptions {
  /** Folder for what can be made again; absent: graphs are loaded as they are. */
  readonly stateDir?: string | undefined;
  readonly logger: Logger;
}

/**
 * Loads a model's graph, prepared where that makes it faster. Preparing takes some seconds at the first time.
 *
 * @throws EngineError as {@link OrtRunner.create}.
 */
export async function createRunner(folder: ModelFolder, options: RunnerOptions): Promise<OrtRunner> {
  const { stateDir, logger } = options;
  // The bundled model comes prepared.
  if (stateDir === undefined || folder.maskGraph) return OrtRunner.create(folder, options);
  await prunePrepared(stateDir);
  const original = { file: join(folder.path, folder.graph), gathersMasks: false };
  const graph = await prepareGraph(original.file, {
    stateDir,
    maskLogits: folder.outputs.vocabulary,
    logger,
    verify: (_, prepared) => verify(folder, original, prepared, options),
  });
  try {
    return await OrtRunner.create(folder, options, graph);
  } catch (error) {
    if (graph.file === original.file) throw error;
    const runner = await OrtRunner.create(folder, options);
    logger.warn(`${graph.file} cannot be loaded and is made anew next time.`);
    await discardPrepared(stateDir, graph);
    return runner;
  }
}

async function verify(
  folder: ModelFolder,
  original: PreparedGraph,
  prepared: PreparedGraph,
  options: SessionOptions,
): Promise<void> {
  const onProcessor = { ...options, device: 'cpu' } as const;
  const expected = await runSample(folder, original, onProcessor);
  const logits = await runSample(folder, prepared, onProcessor);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (logits[i] ?? 0))),
    0,
  );
  // Written so that NaN fails, too.
  if (logits.length === expected.length && difference <= TOLERANCE * largest) return;
  throw new Error(`its logits differ by ${difference.toPrecision(2)}`);
}

/** All logits of a short batch with padding. */
async function runSample(
  folder: ModelFolder,
  graph: PreparedGraph,
  options: SessionOptions,
): Promise<Float32Array> {
  const runner = await OrtRunner.create(folder, options, graph);
  try {
    const { vocabularySize, padTokenId } = folder.description;
    const ids = Array.from({ length: SAMPLE_TOKENS }, (_, i) => (i * 7_919) % vocabularySize);
    const batch = toEncoderBatch([ids, ids.slice(SAMPLE_TOKENS / 2)], padTokenId);
    if (folder.outputs.vocabulary !== undefined) {
      return await runner.runMasks(batch, [
        { row: 1, column: 2 },
        { row: 0, column: 5 },
      ]);
    }
    const { tokenLogits, sequenceLogits } = await runner.run(batch);
    return tokenLogits ?? sequenceLogits ?? new Float32Array();
  } finally {
    await runner.dispose();
  }
}
