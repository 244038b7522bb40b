import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../server/src/cli/decodeText';

const bytes = (...values: readonly (number | string)[]): Uint8Array =>
  Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.of(value))));

const utf16be = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

const notText = { problem: 'is neither UTF-8 nor UTF-16 with a byte order mark; save it as UTF-8' };

describe('decodeText', () => {
  it.each([
    ['nothing', bytes(), { text: '' }],
    ['UTF-8', bytes('Zürich 巴黎 😀 e\u0301\r\nباريس'), { text: 'Zürich 巴黎 😀 e\u0301\r\nباريس' }],
    ['UTF-8 with a mark', bytes(0xef, 0xbb, 0xbf, 'né'), { text: 'né' }],
    ['UTF-16 LE', Buffer.from('\ufeff巴黎 😀', 'utf16le'), { text: '巴黎 😀' }],
    ['UTF-16 BE', utf16be('巴黎 😀'), { text: '巴黎 😀' }],
    ['a mark and nothing else', bytes(0xff, 0xfe), { text: '' }],
    ['a NUL', bytes('abc', 0, 'def'), { problem: 'looks binary' }],
    ['a NUL far behind the start', bytes('a'.repeat(8192), 0), { text: `${'a'.repeat(8192)}\0` }],
    ['UTF-32 LE', bytes(0xff, 0xfe, 0, 0, 'a', 0, 0, 0), { problem: 'looks binary' }],
    ['Latin-1', bytes('Z', 0xfc, 'rich'), notText],
    ['a character cut in half', bytes('caf', 0xc3), notText],
    ['GBK', bytes(0xb0, 0xcd, 0xc0, 0xe8), notText],
    ['an encoded surrogate', bytes(0xed, 0xa0, 0x80), notText],
    ['half a UTF-16 character', bytes(0xff, 0xfe, 0x41), { problem: 'is not valid UTF-16LE' }],
    ['a lone surrogate', bytes(0xfe, 0xff, 0xd8, 0x3d), { problem: 'is not valid UTF-16BE' }],
  ])('of %s', (_, input, expected) => {
    expect(decodeText(input)).toEqual(expected);
  });
});
