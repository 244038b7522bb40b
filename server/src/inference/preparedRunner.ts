import { join } from 'node:path';
import { toEncoderBatch } from '../core/batches';
import type { DeviceName } from '../core/device';
import type { Logger } from '../core/ports';
import {
  discardPrepared,
  type PreparationOptions,
  type PreparedGraph,
  prepareGraph,
  prunePrepared,
} from '../graphs/preparedGraphs';
import type { WeightSign } from '../graphs/unsignedWeights';
import type { ModelFolder } from '../models/modelFolder';
import { multipliesExactly } from './integerProducts';
import { OrtRunner } from './ortRunner';

/** Largest difference of two logits, as a share of the largest logit. Half precision needs as much. */
const TOLERANCE = 1e-3;

const SAMPLE_TOKENS = 8;

export interface RunnerOptions {
  /** Within an operator. */
  readonly threads: number;
  readonly device: DeviceName;
  /** Folder for what can be made again; absent: nothing is written. */
  readonly stateDir?: string | undefined;
  /** How 8-bit weights are multiplied; absent: as the device does it exactly. */
  readonly weightSign?: WeightSign | undefined;
  readonly logger: Logger;
}

/**
 * Loads a model's graph, prepared where that makes it exact or faster. Preparing takes some seconds at the first time.
 *
 * @throws EngineError as {@link OrtRunner.create}.
 */
export async function createRunner(folder: ModelFolder, options: RunnerOptions): Promise<OrtRunner> {
  const { threads, device, stateDir, logger } = options;
  const weightSign = options.weightSign ?? (await chooseSign(options));
  const session = { threads, device, weightSign };
  // The bundled model comes prepared, with signed weights.
  if (folder.maskGraph && weightSign === 'signed') return OrtRunner.create(folder, session);
  if (stateDir !== undefined) await prunePrepared(stateDir);
  const file = join(folder.path, folder.graph);
  const preparation: PreparationOptions = {
    stateDir,
    maskLogits: folder.outputs.vocabulary,
    weightSign,
    logger,
    verify: (original, prepared) => verify(folder, original, prepared, threads),
  };
  const load = (graph: PreparedGraph): Promise<OrtRunner> =>
    OrtRunner.create(folder, {
      ...session,
      graph,
      // There is nothing to compare: only the sign of its weights changes.
      prepareMaskGraph: (maskGraph) => prepareGraph(maskGraph, { ...preparation, verify: async () => {} }),
    });
  const graph = await prepareGraph(file, preparation);
  try {
    return await load(graph);
  } catch (error) {
    if (graph.file === file || stateDir === undefined) throw error;
    const runner = await load(await prepareGraph(file, { ...preparation, stateDir: undefined }));
    logger.warn(`${graph.file} cannot be loaded and is made anew next time.`);
    await discardPrepared(stateDir, graph);
    return runner;
  }
}

/** Tries what the device does, once, with the runtime that will run the model. */
async function chooseSign({ threads, device, logger }: RunnerOptions): Promise<WeightSign> {
  if (await multipliesExactly({ threads, device })) {
    logger.info(`Products of 8-bit integers are exact on ${device}: signed weights are used as they are.`);
    return 'signed';
  }
  logger.info(
    `Products with signed 8-bit weights saturate on ${device}: such weights are used as unsigned ones, ` +
      'which is exact and somewhat slower.',
  );
  return 'unsigned';
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
  const runner = await OrtRunner.create(folder, { threads, device: 'cpu', graph });
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
