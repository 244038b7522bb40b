import { describe, expect, it } from 'vitest';
import type { AnalyzedSentence, FoundEntity } from '../../../server/src/cli/analyzeText';
import { terminalColors } from '../../../server/src/cli/terminalColors';
import { toTextReport } from '../../../server/src/cli/textFormat';
import { terminal } from '../../../server/src/core/surfaces/terminal';

const place = (line: number, character: number) => ({
  start: 0,
  end: 0,
  from: { line, character },
  to: { line, character },
});

const entity = (type: string, name: string, score: number, line: number, character: number): FoundEntity => ({
  ...place(line, character),
  type,
  text: '',
  name,
  score,
  inSentence: { start: 0, end: 0 },
  isListed: false,
});

const sentence = (
  line: number,
  text: string,
  [negative, neutral, positive]: readonly [number, number, number],
  entities: readonly FoundEntity[],
): AnalyzedSentence => {
  const scores = { negative, neutral, positive };
  const [label, score] = Object.entries(scores).sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  return { ...place(line, 0), text, entities, isIgnored: false, sentiment: { label, score, scores } };
};

const sentences = [
  sentence(
    0,
    'Ada Lovelace met 小明 in Paris.',
    [0.1, 0.8, 0.1],
    [
      entity('PER', 'Ada\r\n Lovelace', 0.987, 0, 0),
      entity('PER', '小明', 0.7, 0, 17),
      entity('LOC', 'Paris', 0.6, 0, 23),
    ],
  ),
  sentence(9, 'It was lovely.', [0.01, 0.04, 0.95], [entity('LOC', 'Paris', 1, 9, 120)]),
  sentence(11, `It was terrible, \ufffc, ${'awful, '.repeat(20)}and \u001b[2Jmore.`, [0.96, 0.03, 0.01], []),
  sentence(
    12,
    'Hmm.',
    [0.5, 0.3, 0.2],
    [
      entity('MISC', 'محمد', 0.9, 12, 0),
      entity('MISC', 'محمد', 0.8, 12, 10),
      ...[20, 30, 40, 50].map((character) => entity('MISC', 'محمد', 0.8, 12, character)),
    ],
  ),
];

const options = { columns: 60, entities: true, sentiment: true, strong: 0.9 };

describe('the report of a file', () => {
  it('is laid out for people', () => {
    const report = { name: terminal.name('a/b.md'), sentences, milliseconds: 1234.5 };
    expect(toTextReport(report, { ...options, colors: terminalColors(false) })).toBe(
      `a/b.md  4 sentences, 1.23 s
   1:1  PER    99%  Ada Lovelace
  1:18  PER    70%  小明
  1:24  LOC   100%  Paris\u200e  ×2  also 10:121
  13:1  MISC   90%  محمد\u200e  ×6  also 13:11, 13:21, 13:31, 13:41 …
  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░███████  2 negative, 1 neutral, 1 positive
  12:1  negative   96%  It was terrible, …, awful, awful, a…
  10:1  positive   95%  It was lovely.

`,
    );
  });

  it('has colours only when they are wanted', () => {
    const report = { name: terminal.name('x'), sentences, milliseconds: 0 };
    const coloured = toTextReport(report, { ...options, colors: terminalColors(true) });
    expect(coloured).toContain('\u001b[35mPER \u001b[39m');
    // Nothing but the program's own colours: the text's escape sequence is gone.
    expect(coloured).not.toContain('\u001b[2J');
  });

  it('is short where there is nothing', () => {
    const report = { name: terminal.name('standard input'), sentences: [], milliseconds: 0 };
    const colors = terminalColors(false);
    expect(toTextReport(report, { ...options, colors })).toBe(
      'standard input  0 sentences, 0.00 s\n  No entities.\n\n',
    );
    expect(toTextReport(report, { ...options, entities: false, colors })).toBe(
      'standard input  0 sentences, 0.00 s\n\n',
    );
  });
});
