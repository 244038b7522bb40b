/** A space, as byte-level BPE writes it. */
export const byteLevelMark = 'Ġ';

/** Code points that stand for the byte of the same number; the other bytes follow from U+0100 on, in their order. */
const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);

const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !isPrintable(byte));

/**
 * The text of pieces of byte-level BPE, which writes each byte of UTF-8 as one character (GPT-2's alphabet).
 * Bytes that make no character become U+FFFD.
 */
export function fromByteLevel(pieces: string): string {
  const bytes = Array.from(pieces, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? code : (others[code - 0x100] ?? 0);
  });
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
