import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import bundle from '../../../l10n/bundle.l10n.zh-cn.json';

const client = new URL('../../../client/src/', import.meta.url);

/** The messages of all calls of `l10n.t` in the client; each has to be one string literal. */
function messages(): string[] {
  const sources = readdirSync(client, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  return sources.flatMap((path) => {
    const source = readFileSync(new URL(path.replaceAll('\\', '/'), client), 'utf8');
    const calls = source.match(/\bl10n\.t\(/g) ?? [];
    const found = [...source.matchAll(/\bl10n\.t\(\s*'([^'\\]*)'/g)].map((match) => match[1] ?? '');
    expect(found, `messages of ${path}`).toHaveLength(calls.length);
    return found;
  });
}

const placeholders = (message: string) => (message.match(/\{\d+\}/g) ?? []).toSorted();

test('every message of the client is translated, and nothing else is', () => {
  expect(Object.keys(bundle).toSorted()).toEqual([...new Set(messages())].toSorted());
});

test('translations are Chinese and keep the placeholders', () => {
  for (const [message, translation] of Object.entries(bundle)) {
    expect(placeholders(translation), message).toEqual(placeholders(message));
    if (message !== 'Subtext: {0}') expect(translation, message).toMatch(/\p{Script=Han}/u);
  }
});
