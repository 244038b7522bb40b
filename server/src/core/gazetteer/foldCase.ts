/**
 * A text in lower case, character for character at the same offset. Characters of which the lower case has another
 * length stay as they are, and both forms of the Greek sigma become one.
 */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  // Lower case is never shorter, so the same length means that every character kept its own.
  const aligned = lower.length === text.length ? lower : Array.from(text, foldCharacter).join('');
  return aligned.replaceAll('ς', 'σ');
}

function foldCharacter(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === character.length ? lower : character;
}
