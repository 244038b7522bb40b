import { expect, test } from 'vitest';
import { analyzedLanguages, isAnalyzedLanguage } from '../../../server/src/settings/analyzedLanguages';
import { defaultSettings } from '../../../server/src/settings/settings';

const languages = ['markdown', 'csv'];

test('languages are those that are listed and, where comments are analysed, those of code', () => {
  expect(analyzedLanguages({ languages, 'prose.comments': false })).toEqual(languages);
  const all = analyzedLanguages({ languages: [...languages, 'python'], 'prose.comments': true });
  expect(all.slice(0, 3)).toEqual([...languages, 'python']);
  expect(all).toContain('typescript');
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain('json');
});

test.each([
  ['markdown', true, true],
  ['python', true, false],
  ['rust', true, false],
  ['csv', false, false],
  ['log', false, false],
  ['unknown', false, false],
])('%s is analysed by default: %s, without comments: %s', (languageId, byDefault, withoutComments) => {
  expect(isAnalyzedLanguage(languageId, defaultSettings)).toBe(byDefault);
  expect(isAnalyzedLanguage(languageId, { ...defaultSettings, 'prose.comments': false })).toBe(
    withoutComments,
  );
  expect(analyzedLanguages(defaultSettings).includes(languageId)).toBe(byDefault);
});
