import { InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../core/ports';

export interface SessionOptions {
  /** Threads within an operator. */
  readonly threads: number;
}

/**
 * Loads a graph. By path, so that external data is mapped into memory instead of copied.
 *
 * @throws EngineError when it cannot be loaded.
 */
export async function createSession(file: string, { threads }: SessionOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      // Threads that spin while they wait take the processor away from the editor.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new EngineError(
      `The model file ${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
