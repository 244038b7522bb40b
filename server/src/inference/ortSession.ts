import { InferenceSession } from 'onnxruntime-node';
import type { DeviceName } from '../core/device';
import { EngineError } from '../core/ports';

export interface SessionOptions {
  /** Threads within an operator. */
  readonly threads: number;
  /**
   * Operators that the device lacks run on the processor; a device that is missing altogether is an error. One that
   * is there may still fail at the first run, for instance with half precision.
   */
  readonly device: DeviceName;
  /**
   * Whether products of 8-bit integers are exact on every processor; absent: they are. `false` is for measuring what
   * that costs: x86 processors without VNNI add two products of an unsigned and a signed byte in 16 bits, and saturate.
   */
  readonly exactProducts?: boolean | undefined;
  /** Whether memory of a run is kept for the next one; absent: it is. For graphs that run now and then it is wasted. */
  readonly keepsMemory?: boolean;
}

/** Only errors: that operators fall to the processor is a warning, and with these devices the rule. */
const errorsOnly = 3;
/** Core ML's newer format, which knows far more operators than the one that is the default. */
const mlProgram = 0x010;

const deviceOptions: Readonly<Record<DeviceName, InferenceSession.SessionOptions>> = {
  cpu: { executionProviders: ['cpu'] },
  webgpu: { executionProviders: ['webgpu'], enableMemPattern: false, logSeverityLevel: errorsOnly },
  dml: { executionProviders: ['dml'], enableMemPattern: false, logSeverityLevel: errorsOnly },
  coreml: {
    executionProviders: [{ name: 'coreml', coreMlFlags: mlProgram }],
    logSeverityLevel: errorsOnly,
  },
  cuda: { executionProviders: ['cuda'], logSeverityLevel: errorsOnly },
};

/** A graph to load. */
export interface GraphSource {
  /** By path, so that external data is mapped into memory instead of copied. */
  readonly file: string;
  /** To be loaded in place of the file. */
  readonly content?: Uint8Array;
}

/**
 * Loads a graph.
 *
 * @throws EngineError when it cannot be loaded, or not on this device.
 */
export async function createSession(
  { file, content }: GraphSource,
  { threads, device, exactProducts = true, keepsMemory = true }: SessionOptions,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    ...deviceOptions[device],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    enableCpuMemArena: keepsMemory,
    extra: {
      session: {
        // Threads that spin while they wait take the processor away from the editor.
        intra_op: { allow_spinning: '0' },
        // Where products with signed weights saturate, the runtime makes such weights unsigned as it loads them.
        x64quantprecision: exactProducts ? '1' : '0',
      },
    },
  };
  try {
    return await (content
      ? InferenceSession.create(content, options)
      : InferenceSession.create(file, options));
  } catch (error) {
    const where = device === 'cpu' ? '' : ` on ${device}`;
    throw new EngineError(`The model file ${file} cannot be loaded${where}: ${toReason(error)}`);
  }
}

/** A sentence. onnxruntime puts the place in its source code before what went wrong; only the latter helps. */
export function toReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^\/\S*onnxruntime\/.*? was false\. /s, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[^.!?]$/, '$&.');
}
