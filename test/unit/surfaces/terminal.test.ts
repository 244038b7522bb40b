import { describe, expect, it } from 'vitest';
import { terminal, truncate } from '../../../server/src/core/surfaces/terminal';

describe('text on a terminal', () => {
  it.each([
    ['', ''],
    [' two\r\n\tlines ', 'two lines'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u0007\u009bb\0c', 'a b c'],
    ['\u202egnp.exe\u2066x\u200f', 'gnp.exex'],
    ['محمد 巴黎 👩‍💻', 'محمد 巴黎 👩‍💻'],
  ])('of %j', (text, expected) => {
    expect(terminal.escape(text)).toBe(expected);
  });
});

describe('truncate', () => {
  it.each([
    ['', 5, ''],
    ['abcde', 5, 'abcde'],
    ['abcdef', 5, 'abcd…'],
    ['巴黎', 4, '巴黎'],
    ['巴黎是', 5, '巴黎…'],
    ['巴黎是', 4, '巴…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['👩‍💻👩‍💻', 3, '👩‍💻…'],
    ['abc', 0, '…'],
  ])('of %j to %i columns', (text, columns, expected) => {
    expect(truncate(terminal.escape(text), columns)).toBe(expected);
  });
});
