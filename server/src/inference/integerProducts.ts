import { Tensor } from 'onnxruntime-node';
import { largestFactor, largestSum, makeLargestProduct } from '../graphs/largestProduct';
import { createSession, type SessionOptions } from './ortSession';

/**
 * Whether the runtime multiplies unsigned with signed 8-bit integers exactly on a device: tries the largest ones.
 *
 * @throws EngineError where the device cannot be used at all.
 */
export async function multipliesExactly(options: SessionOptions): Promise<boolean> {
  const session = await createSession(
    { file: 'a product of integers', content: makeLargestProduct() },
    options,
  );
  try {
    const activations = new Tensor('uint8', largestFactor.data, largestFactor.shape);
    const { sums } = await session.run({ activations });
    return sums?.data instanceof Int32Array && sums.data.every((sum) => sum === largestSum);
  } finally {
    await session.release();
  }
}
