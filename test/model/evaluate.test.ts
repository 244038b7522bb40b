import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/paths';
import { runToEnd } from '../support/processes';

/* The built program with the bundled model, on a few sentences of our own: a number that a better model changes
   is not tested. */

const timeout = 110_000;
const cli = join(root, 'dist/cli.js');
const fixtures = join(root, 'test/fixtures/evaluation');

const evaluate = async (task: string, file: string, ...args: string[]) => {
  const path = join(fixtures, file);
  const all = [cli, 'evaluate', '--task', task, '--format', 'json', ...args, path];
  const { code, stdout, stderr } = await runToEnd(process.execPath, all, { cwd: root, timeout });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const output = JSON.parse(stdout);
  expect(output).toMatchObject({ version: 1, model: { id: 'subtext-base' }, task, files: [path] });
  return output.scores;
};

describe('subtext evaluate', () => {
  it('measures entities', async () => {
    const { micro, errors, languages, leftOut } = await evaluate('entities', 'entities.conll');
    const { type, boundary, both, missed, spurious } = errors;
    expect(micro.annotated).toBe(7);
    expect(micro.right + type + boundary + both + missed).toBe(micro.annotated);
    expect(micro.right + type + boundary + both + spurious).toBe(micro.found);
    // These are names that any model worth shipping finds.
    expect(micro.right).toBeGreaterThanOrEqual(5);
    expect(languages).toMatchObject([{ name: 'und', sentences: 3 }]);
    expect(leftOut.unknown).toEqual([{ type: 'DATE', count: 1 }]);
  });

  it('finds nothing that is surer than sure', async () => {
    const { micro } = await evaluate('entities', 'entities.conll', '--threshold', '1');
    expect(micro).toEqual({ annotated: 7, found: 0, right: 0, precision: 0, recall: 0, f1: 0 });
  });

  it('measures sentiment', async () => {
    const { texts, accuracy, languages, confusion, calibrationError } = await evaluate(
      'sentiment',
      'sentiment.jsonl',
    );
    expect(texts).toBe(4);
    expect(accuracy).toBeGreaterThanOrEqual(0.75);
    expect(languages.map(({ name }: { readonly name: string }) => name)).toEqual(['en', 'zh']);
    expect(confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(4);
    expect(calibrationError).toBeGreaterThan(0);
  });

  it('measures masked words, the same ones each time', async () => {
    const args = ['fill-mask', 'sentences.txt', '--sample', '10', '--language', 'en'] as const;
    const scores = await evaluate(...args);
    expect(scores.words).toBe(10);
    expect(scores.top5).toBeGreaterThanOrEqual(scores.top1);
    expect(scores.top5).toBeGreaterThan(0);
    expect(scores.pseudoPerplexity).toBeGreaterThan(1);
    expect(await evaluate(...args)).toEqual(scores);
  });

  it('names a model that there is not', async () => {
    const args = ['evaluate', '--task', 'entities', '--models', 'models', '--model', 'none'];
    const { code, stdout, stderr } = await runToEnd(process.execPath, [cli, ...args], {
      cwd: root,
      input: 'Ada B-PER\n',
      timeout,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('has no model none');
  });
});
