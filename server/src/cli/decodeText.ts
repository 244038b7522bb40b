/** What a file's bytes say, or why they are not text; the problem completes "FILE: …". */
export type Decoded = { readonly text: string } | { readonly problem: string };

/** Like git and grep: a NUL this early means a binary file. */
const PROBED_UNITS = 8192;

const byteOrderMarks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

const binary = { problem: 'looks binary' };

/**
 * Decodes UTF-8, and UTF-16 with a byte order mark; the mark is not part of the text. Anything else is a
 * problem rather than a guess: text in the wrong encoding would be analysed as nonsense, at wrong offsets.
 */
export const decodeText = (bytes: Uint8Array): Decoded => {
  const early = binaryProblem(bytes);
  if (early) return early;
  const mark = markOf(bytes);
  const encoding = mark?.encoding ?? 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // Also finds UTF-32, of which the mark begins like the one of UTF-16.
    if (text.slice(0, PROBED_UNITS).includes('\0')) return binary;
    return { text };
  } catch {
    return {
      problem: mark
        ? `is not valid ${mark.encoding.toUpperCase()}`
        : 'is neither UTF-8 nor UTF-16 with a byte order mark; save it as UTF-8',
    };
  }
};

/** What the beginning of a file tells already. */
export const binaryProblem = (beginning: Uint8Array): { readonly problem: string } | undefined => {
  const encoding = markOf(beginning)?.encoding ?? 'utf-8';
  return encoding === 'utf-8' && beginning.subarray(0, PROBED_UNITS).includes(0) ? binary : undefined;
};

const markOf = (bytes: Uint8Array) =>
  byteOrderMarks.find((known) => known.bytes.every((byte, i) => bytes[i] === byte));
