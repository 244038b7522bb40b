import { Tensor } from 'onnxruntime-node';
import type { Logger } from '../core/ports';
import { largestFactor, largestSum, makeLargestProduct } from '../graphs/largestProduct';
import { createSession, type SessionOptions } from './ortSession';

/** How a device multiplies signed 8-bit weights: as they are, or as unsigned ones. */
export type WeightSign = 'signed' | 'unsigned';

/**
 * Finds out how a session with exact products uses signed weights on a device, and logs it with the reason.
 *
 * @throws EngineError where the device cannot be used at all.
 */
export async function findWeightSign(
  { threads, device }: SessionOptions,
  logger: Logger,
): Promise<WeightSign> {
  if (await multipliesExactly({ threads, device, exactProducts: false })) {
    logger.info(`Products of 8-bit integers are exact on ${device}: signed weights are used as they are.`);
    return 'signed';
  }
  logger.info(
    `Products with signed 8-bit weights saturate on ${device}: such weights are used as unsigned ones, ` +
      'which is exact and somewhat slower.',
  );
  return 'unsigned';
}

/**
 * Whether the runtime multiplies unsigned with signed 8-bit integers exactly: tries the largest ones.
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
