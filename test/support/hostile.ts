import { GFM, parser } from '@lezer/markdown';
import fc from 'fast-check';
import { expect } from 'vitest';

/* Names as somebody would choose them who wants them to be more than names, and what may come of them. */

/** What the places where we show text would run, draw, follow or reorder. */
const pieces = [
  ...[
    '![x](https://example.org/beacon.png)',
    '[click](command:workbench.action.quit)',
    '[x](file:///etc/passwd)',
  ],
  ...[
    'https://example.org',
    'www.example.org',
    'someone@example.org',
    '<https://example.org>',
    '[x]: https://e.org',
  ],
  ...['<img src=x onerror=alert(1)>', '<script>', '</td>', '<!--', '&lt;', '&#60;'],
  ...[
    '**',
    '__',
    '*',
    '_',
    '`',
    '```',
    '~~',
    '# ',
    '- ',
    '+ ',
    '1. ',
    '2) ',
    '> ',
    '---',
    '===',
    '    x',
    '|',
    '\\',
  ],
  ...['$(sync~spin)', '$(trash)', '$x$', ':smile:', '{0}'],
  ...['\u001b[31m', '\u001b]8;;https://example.org\u0007', '\u009b2J', '\u0007', '\b', '\0', '\u007f'],
  ...['\u202e', '\u202d', '\u2066', '\u2069', '\u200f', '\u200e', '\u061c', '\ufeff'],
  ...['\n', '\r\n', '\r', '\t', '\u2028', '\u2029', '\u0085', '\v', '\u00a0', ' '],
  ...['=1+1', "=cmd|' /C calc'!A0", '+1+1', '-2+3', '@SUM(A1)', ',', ';', '"', "'", '""'],
  ...['O', 'B-PER', '-DOCSTART-', '__proto__', 'constructor', 'toString', '', '-', '=', '7', 'x', 'PRODUCT'],
  ...['😀', 'محمد', '巴黎', 'e\u0301', '\ud800'],
];

export const hostileName = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pieces) },
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));

const controls = /[\p{Cc}\u2028\u2029]/u;
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Text in one line that neither acts on a terminal nor reorders what stands around it. */
export function expectOneLine(text: string): void {
  expect(text).not.toMatch(controls);
  expect(text).not.toMatch(directions);
}

/** As VS Code finds links in notifications and in the status, and icons in lists. */
export function expectLabel(text: string): void {
  expectOneLine(text);
  expect(text).not.toMatch(/\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/iu);
  expect(text).not.toMatch(/\$\([a-z0-9-]+(?:~[a-z0-9-]+)?\)/iu);
}

const markdownParser = parser.configure(GFM);

/** The kinds of nodes of a Markdown text, each as often as it stands there. */
export function markdownNodes(text: string): readonly string[] {
  const names: string[] = [];
  markdownParser.parse(text).iterate({ enter: ({ name }) => void names.push(name) });
  return names.filter((name) => name !== 'Document' && name !== 'Escape' && !name.endsWith('Mark'));
}

/** What a reader sees of Markdown without mark-up: backslashes gone. */
export const unescaped = (text: string): string => text.replace(/\\([!-/:-@[-`{-~])/gu, '$1');

/** Lines that may stand on a terminal. */
export function expectLines(text: string): void {
  for (const line of text.split('\n')) expectOneLine(line.replace(/\r$/u, ''));
}
