/** Written together: a call for every pod would take longer than its text. */
const PIECE_LENGTH = 65_536;

/**
 * The same text as `JSON.stringify(value, null, 2)`, in pieces: a run of many pods on many nodes comes to more than a
 * string can hold (512 MB).
 *
 * @param value its properties are written one after the other, and those that are lists by their items
 */
export function* jsonPieces(value: object): Generator<string> {
  let piece = '';
  for (const text of texts(value)) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function* texts(value: object): Generator<string> {
  let before = '{';
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    yield `${before}\n  ${JSON.stringify(key)}: `;
    if (Array.isArray(item) && item.length > 0) yield* listTexts(item);
    else yield textAt(item, 1);
    before = ',';
  }
  yield before === '{' ? '{}' : '\n}';
}

function* listTexts(items: readonly unknown[]): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield `${before}\n    ${textAt(item, 2)}`;
    before = ',';
  }
  yield '\n  ]';
}

/** A text has no line break of its own: JSON escapes it. */
function textAt(value: unknown, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
}
