/** How an API server writes its resourceVersions. */
export interface VersionFormat {
  readonly write: (version: number) => string;
  readonly read: (text: string) => number;
}

export const DECIMAL: VersionFormat = { write: String, read: Number };

/** Longer than a number of JavaScript is exact; the last ones have one digit more than the first ones. */
const LONG_START = 10n ** 20n - 50n;
export const LONG: VersionFormat = {
  write: (version) => String(LONG_START + BigInt(version)),
  read: (text) => Number(BigInt(text) - LONG_START),
};

/** No server that is known: what has no order must not be compared. */
export const OPAQUE: VersionFormat = {
  write: (version) => `v${version}`,
  read: (text) => Number(text.slice(1)),
};
