import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createExtractor, extractAll } from '../../../server/src/core/text/extractors';
import { bundle } from '../../model/bundle';

/** What opens something in a format, and is never closed here. */
const openings: Readonly<Record<string, readonly string[]>> = {
  html: ['<a b="', '<div>', '<a b=', '<!--', '<![CDATA[', '&', '<', '<script>', '</', '<p', '<table>'],
  xml: ['<a b="', '<a>', '<!--', '<![CDATA[', '&', '<', '<?', '<!DOCTYPE ['],
  javascript: ['/*', '`${', '{', '(', '"', '<a>', '/', '[', '<a b="', '{/*'],
  typescript: ['/*', '`${', '{', '<a', 'a<', '('],
  python: ['"""', '(', "f'{", '#', '[', "'", '{', 'lambda:'],
  markdown: ['[', '![', '*', '`', '<', '> ', '- ', '$', '[^', '<!--', '<a b="', '|', '](', '\n- '],
  latex: ['{', '\\begin{a}', '$', '\\[', '%', '\\verb|', '\\a{', '[', '\\item', '\\begin{verbatim}'],
  bibtex: ['@a{', '{', '"'],
  restructuredtext: ['`', '*', '|', '[', ':a:`', '.. a::\n  ', '_', '<'],
  asciidoc: ['`', '*', '+', '[', '<<', 'a::b[', '////\n', '|===\n', '{', '----\n'],
  org: ['*', '/', '~', '[[', '#+begin_src\n', '<', '$', '[fn:'],
  typst: ['$', '`', '#', '[', '{', '/*', '#a[', '"'],
  c: ['/*', '"', "'", '#if 0\n'],
  cpp: ['/*', 'R"('],
  csharp: ['/*', '@"', '$"{', '"""'],
  go: ['/*', '`'],
  haskell: ['{-', '"'],
  lua: ['--[[', '[['],
  php: ['/*', '<<<A\n', '<?php '],
  ruby: ['"#{', '<<A\n', '=begin\n'],
  rust: ['/*', 'r#"'],
  shellscript: ['$(', '<<A\n', '"', '${'],
  sql: ['/*', "'", '$$'],
  css: ['/*', '"', '{'],
  json: ['[', '{"a":', '"'],
  yaml: ['|', '"', '- ', '{'],
  'git-commit': ['> ', '#'],
  plaintext: ['. ', '"', '(', '\n', 'a '],
};

/** Every opening again and again, and in turns with the next one. */
const patterns = Object.entries(openings).flatMap(([languageId, opened]) =>
  opened
    .flatMap((opening, i) => [opening, opening + (opened[(i + 1) % opened.length] ?? '')])
    .map((pattern) => [languageId, pattern] as const),
);

/** Steps in which a text is read, and read again after a letter was typed at its end. */
function countSteps(languageId: string, text: string): number {
  const extractor = createExtractor(languageId);
  const typed = { start: text.length, end: text.length, text: 'a' };
  let steps = 0;
  for (const update of [() => extractor.update(text), () => extractor.update(`${text}a`, [typed])])
    for (const run = update(); !run.next().done; steps++);
  return steps;
}

test('the steps of reading grow with the text and no faster, whatever is opened and not closed', () => {
  const grown = patterns.filter(([languageId, pattern]) => {
    const count = Math.ceil(1_500 / pattern.length);
    const [once, four] = [count, 4 * count].map((times) => countSteps(languageId, pattern.repeat(times)));
    return (four ?? 0) > 4.8 * (once ?? 0) + 20;
  });
  expect(grown).toEqual([]);
});

test('memory is at most a kilobyte for a byte of the text', async () => {
  const size = 60_000;
  const baseMegabytes = 64;
  const program = await bundle('test/support/readTexts.ts');
  try {
    const repeated = patterns.map(([id, pattern]) => [id, pattern, Math.ceil(size / pattern.length)]);
    const heap = `--max-old-space-size=${Math.round(baseMegabytes + (size * 1_024) / 2 ** 20)}`;
    const { status, stderr } = spawnSync(process.execPath, [heap, program.path, JSON.stringify(repeated)], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  } finally {
    await program.remove();
  }
});

test('a text of which reading was stopped is read from its start again when it changes', () => {
  const hostile = '<a b="'.repeat(20_000);
  const prose = '<p>Ada was here.</p>\n';
  const extractor = createExtractor('html');
  const finish = (run: ReturnType<typeof extractor.update>) => {
    for (;;) {
      const step = run.next();
      if (step.done) return step.value.map(({ start, end }) => [start, end]);
    }
  };
  const spans = (text: string) => extractAll(text, 'html').map(({ start, end }) => [start, end]);
  expect(finish(extractor.update(prose + hostile))).toEqual(spans(prose + hostile));
  const removed = { start: prose.length, end: prose.length + hostile.length, text: prose };
  expect(finish(extractor.update(prose + prose, [removed]))).toEqual(spans(prose + prose));
  expect(spans(prose + prose)).toHaveLength(2);
});
