/** What may be passed on under Apache-2.0, as SPDX names it. Another one is a decision: add it with its reason. */
export const LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
];

/**
 * Of alternatives one must be allowed, of licences that hold together all. What is nested deeper occurs nowhere and is
 * refused, as is a licence that is missing.
 */
export function isAllowed(licence) {
  if (typeof licence !== 'string') return false;
  const alternatives = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return alternatives.some((alternative) =>
    alternative.split(' AND ').every((one) => LICENCES.includes(one)),
  );
}
