import type { MarkdownConfig } from '@lezer/markdown';
import { brackets } from './brackets';
import { containers } from './containers';
import { mdx } from './mdx';
import { sharedNodes } from './proseLine';
import { quarto } from './quarto';
import { templates } from './templates';

/** GitHub's Markdown with what other hosts and generators of sites add; MDX; pandoc's, of Quarto and R Markdown. */
export type MarkdownDialect = 'markdown' | 'mdx' | 'quarto';

const extensions: Readonly<Record<MarkdownDialect, readonly MarkdownConfig[]>> = {
  markdown: [sharedNodes, containers, brackets, templates],
  mdx: [sharedNodes, containers, brackets, templates, mdx],
  quarto: [sharedNodes, containers, brackets, templates, ...quarto],
};

export const dialectExtensions = (dialect: MarkdownDialect): readonly MarkdownConfig[] => extensions[dialect];
