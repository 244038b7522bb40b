import { EngineError } from '../core/ports';

/**
 * Loads what needs native code: onnxruntime and tokenizers. Where the files are missing or the platform refuses them,
 * the user is told so; imported like everything else they would end the process before it could say anything.
 */
export async function loadNativeLibraries() {
  try {
    const { NativeTokenizer } = await import('./nativeTokenizer');
    const { createRunner } = await import('./preparedRunner');
    const { findWeightSign } = await import('./integerProducts');
    return { NativeTokenizer, createRunner, findWeightSign };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new EngineError(
      `The native libraries that run models could not be loaded: ${reason} ` +
        `Install the package of Subtext that is made for this platform (${process.platform}-${process.arch}).`,
    );
  }
}
