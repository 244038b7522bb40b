/** From this length on, reading a document takes long enough to be noticed. */
const LARGE_CHARACTERS = 200_000;
/** More than a screen shows. */
const PREVIEW_CHARACTERS = 8_192;
/** In these languages a paragraph is one whatever comes below. */
const languages: readonly string[] = ['markdown', 'plaintext'];

/** The first paragraphs of a large document, which can be shown before the rest is read. */
export function findPreview(text: string, languageId: string): string | undefined {
  if (text.length < LARGE_CHARACTERS || !languages.includes(languageId)) return undefined;
  const start = text.slice(0, PREVIEW_CHARACTERS);
  const end = Math.max(start.lastIndexOf('\n\n'), start.lastIndexOf('\n\r\n'));
  return end > 0 ? start.slice(0, end + 1) : undefined;
}
