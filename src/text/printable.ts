/**
 * What a terminal acts upon or does not show: control characters, those that turn the direction of writing
 * or have no width, separators of lines, halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Of these, what writers of JSON do not escape by themselves; pino leaves halves of pairs, too. */
const UNPRINTABLE_IN_JSON = /[\u007f-\u009f\p{Cf}\p{DI}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A text of unknown origin, fit to show: on one line, without what a terminal would act upon, and of at most
 * so many characters and an ellipsis. What was cut is put together anew: V8 keeps a text whole for as long as
 * a slice of it is kept (200 characters each of 20 texts of 10 MB kept 200 MB).
 */
export function printable(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters && !UNPRINTABLE.test(text)) return text;
  const shown: string[] = [];
  let room = maxCharacters;
  for (const character of text) {
    const piece = UNPRINTABLE.test(character) ? escaped(character) : character;
    room -= piece.length;
    if (room < 0) return `${shown.join('')}…`;
    shown.push(piece);
  }
  return shown.join('');
}

/** The same JSON, of characters that can be shown. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE_IN_JSON, escaped);
}

/** As JSON has it: a character beyond the first plane is two of these. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
