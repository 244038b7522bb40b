/** A script, and the language that has it for itself. */
interface Script {
  readonly pattern: RegExp;
  /** Absent where words have to tell. */
  readonly language?: string;
}

/** Letters before this one are Latin. */
const otherThanLatin = /[\u0370-\u1dff\u1f00-\u1fff\u2d00-\u2dff\u2e80-\udbff\uf900-\ufdff\ufe70-\uffdc]/;

/** Latin first. */
const scripts: readonly Script[] = [
  { pattern: /\p{Script=Latin}/gu },
  { pattern: /\p{Script=Cyrillic}/gu },
  { pattern: /\p{Script=Arabic}/gu },
  { pattern: /\p{Script=Devanagari}/gu },
  { pattern: /\p{Script=Hangul}/gu, language: 'ko' },
  { pattern: /\p{Script=Greek}/gu, language: 'el' },
  { pattern: /\p{Script=Hebrew}/gu, language: 'he' },
  { pattern: /\p{Script=Thai}/gu, language: 'th' },
  { pattern: /\p{Script=Lao}/gu, language: 'lo' },
  { pattern: /\p{Script=Khmer}/gu, language: 'km' },
  { pattern: /\p{Script=Myanmar}/gu, language: 'my' },
  { pattern: /\p{Script=Georgian}/gu, language: 'ka' },
  { pattern: /\p{Script=Armenian}/gu, language: 'hy' },
  { pattern: /\p{Script=Ethiopic}/gu, language: 'am' },
  { pattern: /\p{Script=Bengali}/gu, language: 'bn' },
  { pattern: /\p{Script=Gurmukhi}/gu, language: 'pa' },
  { pattern: /\p{Script=Gujarati}/gu, language: 'gu' },
  { pattern: /\p{Script=Oriya}/gu, language: 'or' },
  { pattern: /\p{Script=Tamil}/gu, language: 'ta' },
  { pattern: /\p{Script=Telugu}/gu, language: 'te' },
  { pattern: /\p{Script=Kannada}/gu, language: 'kn' },
  { pattern: /\p{Script=Malayalam}/gu, language: 'ml' },
  { pattern: /\p{Script=Sinhala}/gu, language: 'si' },
];

/** Fewer letters may be a formula or a borrowed word. */
const LEAST_LETTERS = 4;
/** So many Han characters without kana are hardly Japanese: names and headings there are shorter. */
const LEAST_HAN = 6;
/** A word takes fewer characters in these scripts than letters in others. */
const LETTERS_A_CHARACTER = 2;
/** Chinese texts borrow a の; in Japanese ones a third of the characters are kana. */
const LEAST_KANA_SHARE = 0.1;

/** What the script of a text says: its language, or that words have to tell; neither where there is too little. */
export interface ScriptFinding {
  readonly language?: string | undefined;
  readonly words?: 'latin' | 'other';
}

/** Finds the script of most letters. */
export function findScript(text: string): ScriptFinding {
  if (!otherThanLatin.test(text)) return { words: 'latin' };
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const han = count(text, /\p{Script=Han}/gu);
  const counts = scripts.map((script) => ({ ...script, letters: count(text, script.pattern) }));
  const eastAsian = (kana + han) * LETTERS_A_CHARACTER;
  const total = counts.reduce((sum, { letters }) => sum + letters, eastAsian);
  if (eastAsian * 2 > total) return { language: japaneseOrChinese(kana, han) };
  const main = counts.find(({ letters }) => letters * 2 > total);
  if (!main) return {};
  if (main.language === undefined) return { words: main === counts[0] ? 'latin' : 'other' };
  return main.letters < LEAST_LETTERS ? {} : { language: main.language };
}

function japaneseOrChinese(kana: number, han: number): string | undefined {
  if (kana + han < LEAST_LETTERS) return undefined;
  if (kana >= (kana + han) * LEAST_KANA_SHARE) return 'ja';
  return han >= LEAST_HAN ? 'zh' : undefined;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
