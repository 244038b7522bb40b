import { PassageExtractor } from '../passages';
import type { ProseExtractor } from '../prose';
import { TagFormat } from './tagFormat';
import { createTagItemSource } from './tagItems';

/** `{{ x }}`, `{{#if x}}`, `{% if x %}`, `<%= x %>`. */
const mustaches =
  /(?:(?<statement>(?=\{\{\{?(?:[#/^!>~]|\s*else\b)|\{[%#]|<%(?!=)))|)(?:\{\{\{?[^{}]*\}\}\}?|\{%[^%]*%\}|\{#[^#]*#\}|<%[^%]*%>)/g;
/** `{x}`, `{#if x}`, `{/if}`, `{@html x}`. */
const braces = /\{(?<statement>[#/:@])?[^{}]*\}/g;

const htmlTemplates: Readonly<Record<string, RegExp | undefined>> = {
  html: mustaches,
  vue: mustaches,
  'vue-html': mustaches,
  handlebars: mustaches,
  'django-html': mustaches,
  'jinja-html': mustaches,
  liquid: mustaches,
  twig: mustaches,
  ejs: mustaches,
  erb: mustaches,
  svelte: braces,
  astro: braces,
};

const xmlLanguages = ['xml', 'xsl', 'docbook', 'dita', 'xliff'];

export const tagLanguages: ReadonlySet<string> = new Set([...Object.keys(htmlTemplates), ...xmlLanguages]);

/** @param languageId one of {@link tagLanguages}. */
export function createTagExtractor(languageId: string): ProseExtractor {
  const isXml = xmlLanguages.includes(languageId);
  return new PassageExtractor(
    createTagItemSource(isXml),
    new TagFormat({ isXml, template: htmlTemplates[languageId] }),
  );
}
