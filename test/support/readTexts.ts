import { createExtractor } from '../../server/src/core/text/extractors';

/*
 * A program for a process whose heap is limited: reads repeated patterns, given as JSON in the first argument, and types
 * a letter at the end of each.
 */

const [, , patterns = '[]'] = process.argv;
for (const [languageId, pattern, count] of JSON.parse(patterns) as [string, string, number][]) {
  const text = pattern.repeat(count);
  const extractor = createExtractor(languageId);
  for (const step of [
    extractor.update(text),
    extractor.update(`${text}a`, [{ start: text.length, end: text.length, text: 'a' }]),
  ]) {
    while (!step.next().done);
  }
}
