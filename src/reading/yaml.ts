/**
 * To be loaded when it is needed, by `import()`. Of a CommonJS package itself a bundle in pieces gives `default` alone.
 */
export { parse } from 'yaml';
