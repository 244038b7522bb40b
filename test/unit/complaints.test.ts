import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/paths';

const text = readFileSync(join(root, 'docs/complaints.md'), 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Complaint '));
const testsOf = (row: string) =>
  [...row.matchAll(/`(test\/[^`]+)`: “([^”]+)”/gu)].map(([, file = '', title = '']) => ({ file, title }));

/** Whether a test of this title is written in a file; `%s` stands for itself. */
const hasTest = (file: string, title: string): boolean => {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote},`));
};

describe('docs/complaints.md', () => {
  it('answers every complaint, with tests', () => {
    expect(rows.length).toBe(16);
    expect(rows.filter((row) => testsOf(row).length === 0)).toEqual([]);
    expect(rows.filter((row) => !/\([\w./-]+#\d+/u.test(row))).toEqual([]);
  });

  it('names tests that are there', () => {
    const missing = rows.flatMap(testsOf).filter(({ file, title }) => !hasTest(file, title));
    expect(missing).toEqual([]);
  });
});
