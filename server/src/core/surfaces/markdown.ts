import { oneLine } from './controls';
import { createSurface, type SurfaceText } from './surface';

/** Markdown in which what others wrote is text: no mark-up, no link, no image, no HTML, no icon. */
export type Markdown = SurfaceText<'markdown'>;

/** Acts wherever it stands; a colon and a dot do in addresses and names of emoji. */
const acting = /[!$&*<>@[\\\]^_`{|}~]|:(?=\S)|(?<=www)\./giu;

/** Begins a heading, a list or a rule where a line begins. */
const beginning = /^(?:[#+\-=]|\d+[.)](?=\s|$))/u;

/** What others wrote goes into one line: behind a line break more would act. */
export const markdown = createSurface<Markdown>((text) =>
  oneLine(text)
    .replace(acting, '\\$&')
    .replace(beginning, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`),
);

/** A table; `rule` has `---` or `---:` for each column. */
export const markdownTable = (
  header: readonly Markdown[],
  rule: readonly ('---' | '---:')[],
  rows: readonly (readonly Markdown[])[],
): Markdown => {
  const toRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [header, rule, ...rows].map(toRow).join('') as Markdown;
};
