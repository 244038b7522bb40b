import { join } from 'node:path';
import { toEncoderBatch } from '../core/batches';
import type { DeviceName } from '../core/device';
import type { Logger } from '../core/ports';
import { discardPrepared, type PreparedGraph, prepareGraph, prunePrepared } from '../graphs/preparedGraphs';
import type { ModelFolder } from '../models/modelFolder';
import { OrtRunner } from './ortRunner';

/** Largest difference of two logits, as a share of the largest logit. Half precision needs as much. */
const TOLERANCE = 1e-3;

const SAMPLE_TOKENS = 8;

export interface RunnerOptions {
  /** Within an operator. */
  readonly threads: number;
  readonly device: DeviceName;
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
  const { threads, device, stateDir, logger } = options;
  // The bundled model comes prepared.
  if (stateDir === undefined || folder.maskGraph) return OrtRunner.create(folder, threads, device);
  await prunePrepared(stateDir);
  const original = { file: join(folder.path, folder.graph), gathersMasks: false };
  const graph = await prepareGraph(original.file, {
    stateDir,
    maskLogits: folder.outputs.vocabulary,
    logger,
    verify: (_, prepared) => verify(folder, original, prepared, threads),
  });
  try {
    return await OrtRunner.create(folder, threads, device, graph);
  } catch (error) {
    if (graph.file === original.file) throw error;
    const runner = await OrtRunner.create(folder, threads, device);
    logger.warn(`${graph.file} cannot be loaded and is made anew next time.`);
    await discardPrepared(stateDir, graph);
    return runner;
  }
}

async function verify(
  folder: ModelFolder,
  original: PreparedGraph,
  prepared: PreparedGraph,
  threads: number,
): Promise<void> {
  const expected = await runSample(folder, original, threads);
  const logits = await runSample(folder, prepared, threads);
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
async function runSample(folder: ModelFolder, graph: PreparedGraph, threads: number): Promise<Float32Array> {
  const runner = await OrtRunner.create(folder, threads, 'cpu', graph);
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
