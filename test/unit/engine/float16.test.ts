import { expect, test } from 'vitest';
import { fromFloat16 } from '../../../server/src/inference/float16';

test.each([
  [0x0000, 0],
  [0x8000, -0],
  [0x0001, 2 ** -24],
  [0x03ff, 2 ** -14 - 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3c00, 1],
  [0xc248, -3.140625],
  [0x7bff, 65504],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0xfc00, Number.NEGATIVE_INFINITY],
  [0x7e00, Number.NaN],
])('%i', (bits, value) => {
  expect(fromFloat16(Uint16Array.of(bits))[0]).toBe(value);
});
