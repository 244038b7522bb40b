const exponentBias = 15;
const mantissaBits = 10;

/**
 * Numbers of half precision in single precision, exactly.
 *
 * @param bits IEEE 754 binary16.
 */
export const fromFloat16 = (bits: Uint16Array): Float32Array => Float32Array.from(bits, toNumber);

function toNumber(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> mantissaBits) & 0x1f;
  const fraction = (bits & 0x3ff) / (1 << mantissaBits);
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Without an exponent the leading one is missing.
  return exponent === 0
    ? sign * fraction * 2 ** (1 - exponentBias)
    : sign * (1 + fraction) * 2 ** (exponent - exponentBias);
}
