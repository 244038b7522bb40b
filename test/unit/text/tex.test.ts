import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../server/src/core/text/edits';
import { createExtractor, extractAll } from '../../../server/src/core/text/extractors';
import { itExtractsExactly } from './properties';
import { changedBlocks, describeBlocks, finish, prose } from './support';

const gap = '\uFFFC';

/** The text of each block's sentences. */
const tex = (text: string, languageId = 'latex'): string[][] =>
  finish(createExtractor(languageId), text).map(({ block }) =>
    block.sentences.map((sentence) => sentence.text),
  );

describe('LaTeX', () => {
  it('has paragraphs, headings, items and cells', () => {
    const text = String.raw`% A comment
\documentclass[a4paper]{article}
\usepackage{babel} % no
\title{On \emph{something}}
\newcommand{\foo}[1]{no #1}
\begin{document}
\maketitle
\section*{A heading} \label{sec:a}
One paragraph of
two lines.   % and no comment
% nor this
It goes on.

Another one.
\begin{itemize}
  \item First \textbf{item}
  \item Second
\end{itemize}
\begin{figure}[ht]
  \centering
  \includegraphics[width=2cm]{no.png}
  \caption[short]{What it shows.}
\end{figure}
\begin{tabular}{l|r}
  \hline
  A & B \\ \hline
  C & D \\[2pt]
  E & F
\end{tabular}
The end.
\end{document}`;
    expect(tex(text)).toEqual([
      ['On something'],
      ['A heading'],
      ['One paragraph of two lines.', 'It goes on.'],
      ['Another one.'],
      ['First item'],
      ['Second'],
      ['What it shows.'],
      ['A'],
      ['B'],
      ['C'],
      ['D'],
      ['E'],
      ['F'],
      ['The end.'],
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('ends paragraphs at empty lines only, with line ends %j', (lineEnd) => {
    const lines = ['One', 'two $a', 'b$.', ' ', 'Three $a', '', 'b$ four.'];
    expect(tex(lines.join(lineEnd))).toEqual([[`One two ${gap}.`], ['Three a'], ['b four.']]);
  });

  it('puts gaps for formulas, references and code', () => {
    const text = String.raw`As \citet[p.~3]{knuth} says in Section~\ref{a}, $a < \$b$ and \(c\) are
\begin{equation}
  E = mc^2
\end{equation}
or \[ x \] and \verb|a$b| or $$y$$; see \url{https://a.b/c_d} and https://e.f.`;
    expect(tex(text)).toEqual([
      [
        `As ${gap} says in Section ${gap}, ${gap} and ${gap} are ${gap} or ${gap} and ${gap} or ${gap}; see ${gap} and ${gap}.`,
      ],
    ]);
  });

  it('leaves out what is no prose', () => {
    const text = String.raw`Before.
\begin{verbatim}
no \section{no}
\end{verbatim}
Between.
\begin{tikzpicture}[scale=2]
\draw (0,0) -- (1,1) node {no};
\end{tikzpicture}
\begin{align*}
a &= b \\
c &= d
\end{align*}
\vspace{1cm}\label{no}\setlength{\parindent}{0pt}
\input{no}`;
    expect(tex(text)).toEqual([['Before.'], ['Between.']]);
  });

  it('writes characters as they are read', () => {
    expect(
      prose(
        'latex',
        String.raw`Erd\H{o}s, M\"uller, \'Elan, na\"{\i}ve, fa\c cade: \LaTeX{} costs 5\,\% -- or --- \o re \& ${'``'}so''\ldots`,
      ),
    ).toEqual([
      [
        String.raw`Erdős, Müller, Élan, naïve, façade: LaTeX costs 5 % – or — øre & “so”… ← Erd\H{o}s, M\"uller, \'Elan, na\"{\i}ve, fa\c cade: \LaTeX{} costs 5\,\% -- or --- \o re \& ${'``'}so''\ldots`,
      ],
    ]);
    expect(
      prose(
        'latex',
        String.raw`A\~q\footnote{A note.} \href{https://x.y}{link} to \textcolor{red}{a \unknown{word}}\\ here.`,
      ),
    ).toEqual([
      [
        String.raw`Aq (A note.) link to a word here. ← A\~q\footnote{A note.} \href{https://x.y}{link} to \textcolor{red}{a \unknown{word}}\\ here.`,
      ],
    ]);
  });

  it('is read while it is being written', () => {
    expect(
      tex('One $a + b\n\nTwo \\emph{three\n\n\\begin{equation}\nfour\n\n\\section{Five\n\nSix } \\'),
    ).toEqual([['One a + b'], ['Two three'], ['four'], ['Five'], ['Six']]);
    expect(tex('\\documentclass{article}\nno')).toEqual([]);
    expect(tex('')).toEqual([]);
  });

  it('reads no whole value of a paragraph that is too long at once', () => {
    const texts = tex('A sentence of some words. '.repeat(2_000)).flat();
    expect(texts).toHaveLength(2_000);
  });
});

describe('BibTeX', () => {
  it('has titles, abstracts and notes', () => {
    const text = `A comment.
@article{knuth:1984,
  author = {Donald E. Knuth},
  title = "Literate {P}rogramming",
  journal = {No},
  abstract = {The author {\\"o} says. So.

    And more.},
  pages={97--111},
}`;
    expect(tex(text, 'bibtex')).toEqual([
      ['Literate Programming'],
      ['The author ö says.', 'So.'],
      ['And more.'],
    ]);
  });
});

const snippets = [
  ...[
    '\\section{',
    '\\emph{',
    '{',
    '}',
    '$',
    '$$',
    '%',
    '% c\n',
    '\\[',
    '\\]',
    '~',
    '&',
    '\\\\',
    '\\',
    '--',
    '``',
    "''",
  ],
  ...[
    '\\begin{equation}',
    '\\end{equation}',
    '\\begin{verbatim}',
    '\\end{verbatim}',
    '\\begin{itemize}',
    '\\item ',
    '\\footnote{',
  ],
  ...[
    '\\documentclass{a}',
    '\\begin{document}',
    '\\title{',
    '\\"o',
    "\\'{e}",
    '\\cite[p]{k}',
    '\\verb|',
    '|',
    '[',
    ']',
    'title = {',
    'note = "',
    '"',
  ],
];

describe.each(['latex', 'bibtex'])('an extractor of %s', (languageId) => {
  itExtractsExactly(languageId, snippets, { rewritten: /[\r\n~\\`'{}$-]/ });
});

it.each([
  ['--\r\n\\section{', 4, '\n'],
  ['One $a & b\n \n$ two.', 12, 'c'],
])('sees how an edit changes what was read further ahead of it, in %j', (before, at, inserted) => {
  const edit = { start: at, end: at, text: inserted };
  const text = applyEdits(before, [edit]);
  const extractor = createExtractor('latex');
  finish(extractor, before);
  expect(describeBlocks(finish(extractor, text, [edit]))).toEqual(describeBlocks(extractAll(text, 'latex')));
});

it('keeps the blocks that an edit does not touch', () => {
  expect(changedBlocks('latex', (i) => `Text ${i} is \\emph{here}, $x$.\n\n`)).toEqual([150]);
});

it.each([
  ['braces', '{'],
  ['formulas', '$a '],
  ['environments', '\\begin{verbatim}\n'],
  ['equations', '\\begin{equation} a '],
  ['arguments', '\\ref{'],
  ['options', '\\section['],
  ['verbatim', '\\verb|'],
  ['accents', '\\"'],
  ['line breaks', '\r'],
  ['titles', '\\title{'],
  ['cells', '&'],
  ['comments', '%'],
])('takes many %s in linear time', (_name, pattern) => {
  const text = pattern.repeat(60_000 / pattern.length);
  for (const languageId of ['latex', 'bibtex']) {
    for (const before of ['', '\\documentclass{a}']) {
      const blocks = finish(createExtractor(languageId), before + text);
      expect(blocks.every(({ start, end }) => start <= end && end <= before.length + text.length)).toBe(true);
    }
  }
});
