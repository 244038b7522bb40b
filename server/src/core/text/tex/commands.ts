/** What a command of LaTeX is to the text around it; arguments of commands that are not known are text. */
export type CommandRole =
  /** A heading or a caption: its argument is a block. */
  | 'title'
  /** Begins a block. */
  | 'begins'
  /** Stands, with its arguments, for something that is no prose. */
  | 'gap'
  /** Says nothing, nor do its arguments. */
  | 'nothing'
  /** Only its first argument is no text. */
  | 'dropsFirst'
  /** Its first two are not. */
  | 'dropsTwo'
  /** Its argument is read where it stands, in parentheses. */
  | 'note';

const words = (list: string): readonly string[] => list.split(/\s+/);

const commandsByRole: Readonly<Record<CommandRole, readonly string[]>> = {
  title: words(`part chapter section subsection subsubsection paragraph subparagraph title subtitle caption
    subcaption captionof frametitle framesubtitle addchap addsec minisec author date institute`),
  begins: words('item bibitem par newpage clearpage noindent indent hline toprule midrule bottomrule'),
  gap: words(`cite citep citet citealp citeauthor citeyear parencite textcite autocite footcite fullcite nocite
    ref eqref pageref autoref nameref cref Cref vref url path nolinkurl lstinline verb mintinline includegraphics
    gls Gls glspl acrshort acrlong SI si num qty unit ensuremath footnotemark ce tikz`),
  nothing: words(`label index vspace hspace input include usepackage RequirePackage documentclass bibliography
    bibliographystyle addbibresource printbibliography graphicspath hypersetup setlength addtolength setcounter
    addtocounter newcommand renewcommand providecommand newenvironment renewenvironment newtheorem DeclareMathOperator
    pagestyle thispagestyle pagenumbering color definecolor hyphenation selectlanguage lstset tikzset pgfplotsset
    geometry linespread fontsize selectfont usetheme usecolortheme cline cmidrule phantom hphantom vphantom rule
    newlength newcounter stepcounter refstepcounter glsadd newacronym newglossaryentry usetikzlibrary addcontentsline
    markboth markright captionsetup setmainfont setdefaultlanguage setotherlanguage theoremstyle def let`),
  dropsFirst: words('href textcolor colorbox foreignlanguage parbox raisebox hyperref'),
  dropsTwo: words('multicolumn multirow'),
  note: words('footnote footnotetext sidenote marginpar marginnote thanks endnote'),
};

const roles: ReadonlyMap<string, CommandRole> = new Map(
  Object.entries(commandsByRole).flatMap(([role, names]) =>
    names.map((name) => [name, role as CommandRole] as const),
  ),
);

export const commandRole = (name: string): CommandRole | undefined => roles.get(name);

export type EnvironmentRole = 'formula' | 'hidden' | 'block';

const formulas = new Set(
  words(`math displaymath equation align alignat flalign gather multline eqnarray split cases array matrix pmatrix
    dmath IEEEeqnarray`),
);
const hidden = new Set(
  words(`verbatim Verbatim BVerbatim lstlisting minted comment tikzpicture pgfpicture axis algorithmic algorithm2e
    filecontents alltt luacode forest asy circuitikz tikzcd code`),
);

/** @param name of an environment; those of formulas may have a star. */
export const environmentRole = (name: string): EnvironmentRole => {
  const plain = name.replace(/\*$/, '');
  if (formulas.has(plain)) return 'formula';
  return hidden.has(plain) ? 'hidden' : 'block';
};

/** Commands that stand for characters, without their backslash. */
export const characters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{
      ss: 'ß',
      ae: 'æ',
      AE: 'Æ',
      oe: 'œ',
      OE: 'Œ',
      o: 'ø',
      O: 'Ø',
      l: 'ł',
      L: 'Ł',
      aa: 'å',
      AA: 'Å',
      i: 'ı',
      j: 'ȷ',
    },
    ...{
      ldots: '…',
      dots: '…',
      textellipsis: '…',
      textendash: '–',
      textemdash: '—',
      slash: '/',
      S: '§',
      P: '¶',
    },
    ...{
      textbackslash: '\\',
      textasciitilde: '~',
      textasciicircum: '^',
      textbar: '|',
      textless: '<',
      textgreater: '>',
    },
    ...{
      textquotedblleft: '“',
      textquotedblright: '”',
      textquoteleft: '‘',
      textquoteright: '’',
      glqq: '„',
      grqq: '“',
    },
    ...{
      flqq: '«',
      frqq: '»',
      euro: '€',
      pounds: '£',
      copyright: '©',
      textregistered: '®',
      texttrademark: '™',
    },
    ...{
      LaTeX: 'LaTeX',
      TeX: 'TeX',
      BibTeX: 'BibTeX',
      LaTeXe: 'LaTeX2e',
      XeLaTeX: 'XeLaTeX',
      quad: ' ',
      qquad: ' ',
      newline: '\n',
      tabularnewline: '\n',
      and: ',',
    },
    ...{ '&': '&', '%': '%', $: '$', '#': '#', _: '_', '{': '{', '}': '}' },
    ...{ ' ': ' ', ',': ' ', ';': ' ', ':': ' ', '\n': ' ', '\r': ' ' },
  }),
);

/** Combining marks of the commands that put an accent on what follows. */
export const accents: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{
      '`': '\u0300',
      "'": '\u0301',
      '^': '\u0302',
      '~': '\u0303',
      '=': '\u0304',
      u: '\u0306',
      '.': '\u0307',
    },
    ...{
      '"': '\u0308',
      r: '\u030A',
      H: '\u030B',
      v: '\u030C',
      d: '\u0323',
      c: '\u0327',
      k: '\u0328',
      b: '\u0331',
    },
  }),
);
