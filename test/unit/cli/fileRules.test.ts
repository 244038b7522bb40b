import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileRules, RuleFiles } from '../../../server/src/cli/fileRules';
import { defaultSettings } from '../../../server/src/settings/settings';

const words = (...texts: readonly string[]) => JSON.stringify({ ignore: { words: texts } });

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'subtext-file-rules-')));
  const files: Readonly<Record<string, string>> = {
    '.subtext.json': words('Root'),
    'work/.subtext.json': words('Work'),
    'work/docs/.subtext.json': '{ "ignore": { "files": ["/a.md"], "languages": ["latex"] }, // why\n}',
    'work/wrong/.subtext.json': '{\n  "ignore": { "words": [1] },\n  "x": 1\n}',
    'bare/.keep': '',
    'other.json': words('Other'),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

const rulesOf = (
  path: string,
  { choice, folder = 'work' }: { choice?: string | false; folder?: string } = {},
) => new RuleFiles(choice, defaultSettings, join(root, folder)).of(path, 'markdown');

/** Which of the words the rules ignore. */
const ignoredWords = ({ filter }: FileRules) =>
  ['Root', 'Work', 'Other'].filter((text) =>
    filter.ignores({ type: 'PER', start: 0, end: text.length }, text),
  );

describe('rules of a file', () => {
  it.each([
    ['in its folder', 'a.md', '.subtext.json', ['Work']],
    ['above it', 'deep/er/a.md', '.subtext.json', ['Work']],
    ['of standard input', '-', '.subtext.json', ['Work']],
    ['nearer than others', 'docs/b.md', join('docs', '.subtext.json'), []],
    ['outside of the working directory', '../bare/a.md', undefined, ['Root']],
  ])('are the nearest: %s', async (_, path, ruleFile, ignored) => {
    const rules = await rulesOf(path);
    expect(rules.ruleFile).toBe(ruleFile ?? join(root, '.subtext.json'));
    expect(ignoredWords(rules)).toEqual(ignored);
    expect(rules.readsComments).toBe(true);
  });

  it('are not looked for above the working directory', async () => {
    expect(await rulesOf('a.md', { folder: 'bare' })).toMatchObject({
      ruleFile: undefined,
      ignoresFile: false,
    });
  });

  it('may be chosen, or none', async () => {
    const chosen = await rulesOf('docs/a.md', { choice: '../other.json' });
    expect(ignoredWords(chosen)).toEqual(['Other']);
    expect(await rulesOf('docs/a.md', { choice: false })).toMatchObject({
      ruleFile: undefined,
      ignoresFile: false,
      readsComments: false,
    });
  });

  it('ignore files by their path from the rule file, and languages', async () => {
    const ignores = async (path: string, languageId = 'markdown') =>
      (await new RuleFiles(undefined, defaultSettings, join(root, 'work')).of(path, languageId)).ignoresFile;
    expect([
      await ignores('docs/a.md'),
      await ignores('docs/deep/a.md'),
      await ignores('a.md'),
      await ignores('docs/b.tex', 'latex'),
    ]).toEqual([true, false, false, true]);
  });

  it('are told to be wrong where they are', async () => {
    await expect(rulesOf('wrong/a.md')).rejects.toMatchObject({
      message: 'the rule file is wrong; correct it, or leave it out with --no-rules',
      lines: [
        `${join('wrong', '.subtext.json')}:2:25: expected an object`,
        `${join('wrong', '.subtext.json')}:3:3: unknown; expected one of $schema, ignore, thresholds, gazetteer`,
      ],
    });
    await expect(rulesOf('a.md', { choice: 'none.json' })).rejects.toThrow('none.json: no such file');
  });
});
