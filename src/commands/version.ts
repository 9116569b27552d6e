/** The build writes the package's version in here. */
export const VERSION: string = process.env['SPILLWAY_VERSION'] ?? '0.0.0-source';
