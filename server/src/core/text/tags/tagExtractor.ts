import { PassageExtractor } from '../passages';
import type { ProseExtractor } from '../prose';
import { TagFormat } from './tagFormat';
import { createTagItemSource } from './tagItems';

/** `{{ x }}`, `{{#if x}}`, `{% if x %}`, `<%= x %>`. */
const mustaches =
  /(?:(?<statement>(?=\{\{\{?(?:[#/^!>~]|\s*else\b)|\{[%#]|<%(?!=)))|)(?:\{\{\{?[^{}]*\}\}\}?|\{%[^%]*%\}|\{#[^#]*#\}|<%[^%]*%>)/g;
/** `{x}`, `{#if x}`, `{/if}`, `{@html x}`. */
const braces = /\{(?<statement>[#/:@])?[^{}]*\}/g;

/** @param languageId of HTML, or of what has HTML with templates of its own in it. */
export function createTagExtractor(languageId: string, isXml: boolean): ProseExtractor {
  const template = languageId === 'svelte' || languageId === 'astro' ? braces : mustaches;
  return new PassageExtractor(
    createTagItemSource(isXml),
    new TagFormat({ isXml, template: isXml ? undefined : template }),
  );
}
