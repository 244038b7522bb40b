/*
 * Abbreviations that end in a full stop without ending the sentence, of English, German, French, Spanish,
 * Portuguese, Italian, Dutch, Polish and Russian in one list, since a document may mix languages. Written
 * without the last full stop. An entry in lower case stands for any case; a capitalised one, whose small form
 * is a common word in one of the languages, only for itself. Single letters and dotted letters ("U.S.") need
 * no entry.
 */

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Never stand last in a sentence: titles before a name, and words that announce what follows. */
const leading: ReadonlySet<string> = new Set([
  // English
  ...words(
    'mr mrs Ms Mx dr prof Rev Hon Gen Col Maj Capt cmdr Lt Sgt cpl Adm Gov Sen Rep Supt St Mt Ft messrs',
  ),
  ...words('mmes e.g i.e eg viz cf vs approx resp esp incl excl'),
  // German
  ...words('Hr Fr frl dipl priv.-doz bzw vgl evtl ggf sog zzgl inkl exkl insb insbes bspw geb gest verh hl'),
  // French
  ...words('Mm mme mlle mlles mgr vve env boul'),
  // Spanish and Portuguese
  ...words(
    'sr sra srta sres sras dª dña drs dra dras profa arq gral cnel Cap avda exmo exma ilmo ilma engª p.ej',
  ),
  // Italian
  ...words('sig sigg sig.ra sig.na dott dott.ssa prof.ssa avv Arch geom Mons ecc.mo'),
  // Dutch
  ...words('dhr mevr mej bijv d.w.z m.b.t t.a.v i.v.m zgn'),
  // Polish
  ...words('np tzn tzw tj inż płk św bł m.in'),
  // Russian
  ...words('т.е т.к т.н напр г-н г-жа проф акад доц канд просп им св тов'),
  // Arabic
  ...words('أ.د'),
]);

/** Do not end a sentence before a number: "No. 5", "S. 12", "art. 3". */
const beforeNumber: ReadonlySet<string> = new Set([
  ...words(
    'no nos nr nrn num núm n.º nº n° fig figs eq eqs sec sect ch chap vol vols pt pts pp pg pag pág págs',
  ),
  ...words(
    'art arts abs abb tab kap bd bde ss ff ziff rdnr rn anm aufl cap cáp cl § tel ext ed vv blz afb hfdst str',
  ),
  ...words(
    'rys rozdz poz ust рис табл стр гл пп ст ок ca circa jan feb mar apr jun jul aug sep sept oct nov dec',
  ),
]);

/** May stand last in a sentence as well as inside of one. */
const inner: ReadonlySet<string> = new Set([
  ...words(
    'etc inc ltd Co corp bros jr dept univ assn Ave blvd rd hwy al ca Jan Feb Mar Apr Jun Jul Aug Sep sept',
  ),
  ...words('Oct Nov Dec ph.d b.sc m.sc'),
  ...words(
    'usw usf ing med phil jur rer nat mag Ev kath bzgl jh jhdt str gmbh mio mrd tsd std sek mrz okt dez hrsg',
  ),
  ...words('janv févr avr juil déc c.-à-d éd hab apr av bd'),
  ...words('ud uds vd vds entlo izq dcha ee.uu ltda cía pág ecc s.p.a s.r.l febbr sett ott'),
  ...words('enz bv nl itd itp godz tys mln mld zł ul os ks hab'),
  ...words('гг вв руб коп тыс млн млрд др пр обл р-н см ср ул пер гр'),
]);

/**
 * Abbreviations of several words, as the text reads in lower case before the last full stop. They never stand
 * last in a sentence.
 */
const leadingPhrase =
  /(?<![\p{L}\p{N}])(?:z\.\s?b|d\.\s?h|i\.\s?d\.\s?r|s\.\s?o|m\.\s?e|v\.\s?a|p\.\s?ej|por ej|p\.\s?ex|p\.\s?es|par ex|c\.-à-d|т\.\s?е|т\.\s?к|т\.\s?н|b\.v|m\.\s?a\.\s?w)$/u;

/** What an ordinal ("3. Oktober", "XX. Jahrhundert") stands before, in lower case. */
const ordinalNouns: ReadonlySet<string> = new Set([
  ...words('januar jänner februar feber märz april mai juni juli august september oktober november dezember'),
  ...words('jan feb mär apr jun jul aug sep sept okt nov dez'),
  ...words(
    'jahrhundert jahrhunderts jahrhunderten jh jhd jhdt jahrestag geburtstag todestag hochzeitstag tag woche',
  ),
  ...words(
    'klasse platz rang stock stockwerk obergeschoss etage auflage ausgabe kapitel band teil akt szene strophe',
  ),
  ...words('weltkrieg weltkriegs weltkrieges bundesliga liga runde spieltag minute etappe sitzung bezirk'),
  ...words('lebensjahr lebensjahres semester quartal'),
]);

/** German words behind which a number with a full stop is an ordinal: "der 2. Vorsitzende". */
const ordinalDeterminers: ReadonlySet<string> = new Set(
  words('der das dem den des im vom zum zur beim ein eine einen einem einer jeder jede jedes sein ihr'),
);

/**
 * Capitalised words that begin sentences far more often than they are part of a name, in lower case: behind an
 * abbreviation that may end a sentence, one of these says that it did.
 */
const sentenceStarters: ReadonlySet<string> = new Set([
  ...words('the a an this that these those it he she we they you i there here his her its our their my your'),
  ...words(
    'in on at by for from with after before during since when while where why how what who if although',
  ),
  ...words(
    'because but and or so then however yet still also as to no not all some many most each every once now',
  ),
  ...words(
    'der die das ein eine einen einem er sie es wir ihr ich dies diese dieser dieses dort hier da dann doch',
  ),
  ...words(
    'aber und oder denn nach vor seit wenn als wie was wer wo im am zum zur bei mit auf aus für von sein seine',
  ),
  ...words('auch nur noch jetzt heute alle viele'),
  ...words(
    'le la les un une des il elle ils elles nous vous je on ce cet cette ces mais et ou donc car dans en au aux',
  ),
  ...words('pour avec sans sur après avant depuis quand si son sa ses leur leurs'),
  ...words(
    'el los las una unos unas él ella ellos ellas nosotros yo este esta estos estas ese esa pero y o con sin',
  ),
  ...words('por para desde cuando como su sus al del'),
  ...words('os um uma ele ela eles elas nós isso mas e em na nos nas com sem quando se seu sua'),
  ...words('lo gli uno egli lui lei loro noi questo questa ma nel nella senza per suo'),
  ...words('de het een hij zij ze wij we ik dit dat deze maar of op met zonder voor na toen zijn haar'),
  ...words('ona ono oni one ten ta te ale lub po przed gdy jeśli jego jej ich'),
  ...words(
    'он она оно они мы вы я это этот эта эти но и а или в во на с со по до после когда если его её их как',
  ),
]);

/** Starters that stand inside of names, too: Ursula K. Le Guin. */
const nameParticles: ReadonlySet<string> = new Set(
  words('le la les de del der des den el los las al da do dos das lo en ten'),
);

function has(list: ReadonlySet<string>, token: string): boolean {
  const lower = token.toLowerCase();
  if (list.has(lower)) return true;
  const first = token[0];
  return first !== undefined && first !== lower[0] && list.has(first + lower.slice(1));
}

export const isLeadingAbbreviation = (token: string): boolean => has(leading, token);

export const isInnerAbbreviation = (token: string): boolean => has(inner, token);

export const isNumberAbbreviation = (token: string): boolean => has(beforeNumber, token);

export const endsWithLeadingPhrase = (text: string): boolean => leadingPhrase.test(text.toLowerCase());

export const isOrdinalNoun = (word: string): boolean => ordinalNouns.has(word.toLowerCase());

export const isOrdinalDeterminer = (word: string): boolean => ordinalDeterminers.has(word.toLowerCase());

/** @param behindInitial whether the word follows an initial, as a family name would. */
export function isSentenceStarter(word: string, behindInitial: boolean): boolean {
  const lower = word.toLowerCase();
  return word[0] !== lower[0] && sentenceStarters.has(lower) && !(behindInitial && nameParticles.has(lower));
}
