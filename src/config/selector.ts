import * as z from 'zod';
import { describe, oneOf, section, text } from '../reading/fields.ts';

// Kubernetes' names of labels and their values: apimachinery's pkg/util/validation/validation.go.
const NAME = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';
const DNS_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const KEY = `(?:${DNS_LABEL}(?:\\.${DNS_LABEL})*/)?${NAME}`;
const VALUE = `(?:${NAME})?`;
const REQUIREMENT = [
  `!?${KEY}`,
  `${KEY}\\s*(?:==?|!=)\\s*${VALUE}`,
  `${KEY}\\s+(?:in|notin)\\s*\\(\\s*${VALUE}(?:\\s*,\\s*${VALUE})*\\s*\\)`,
].join('|');

export const LABEL_KEY = new RegExp(`^${KEY}$`);
export const NAMESPACE = new RegExp(`^${DNS_LABEL}$`);
/** A label selector as the API's `labelSelector` parameter and `kubectl -l` take it. */
export const SELECTOR_TEXT = new RegExp(`^(?:${REQUIREMENT})(?:\\s*,\\s*(?:${REQUIREMENT}))*$`);

const LABEL_VALUE = new RegExp(`^${VALUE}$`);
const KEY_ALLOWED = "a label's name like app or example.com/tier";
const VALUE_ALLOWED =
  'a label value: text of up to 63 letters, digits, -, _ and . (quote numbers, true and false)';
const NEEDS_VALUES = 'at least one value with the operators In and NotIn';
const NO_VALUES = 'no values with the operators Exists and DoesNotExist';

const labelValue = z.string(VALUE_ALLOWED).regex(LABEL_VALUE, VALUE_ALLOWED);

const expression = section(
  {
    key: text(KEY_ALLOWED, LABEL_KEY, 'The label to look at.'),
    operator: oneOf(
      ['In', 'NotIn', 'Exists', 'DoesNotExist'],
      "How the label's value is compared. A node or pod without the label matches NotIn and DoesNotExist.",
    ),
    values: describe(
      z.array(labelValue, 'a list of label values').optional(),
      'The values to compare with.',
      `${NEEDS_VALUES}; ${NO_VALUES}`,
    ),
  },
  'One condition on a label.',
).superRefine(({ operator, values = [] }, context) => {
  const wantsValues = operator === 'In' || operator === 'NotIn';
  if (wantsValues === values.length > 0) return;
  context.addIssue({ code: 'custom', path: ['values'], message: wantsValues ? NEEDS_VALUES : NO_VALUES });
});

/** Kubernetes' LabelSelector: every entry must hold, and an empty one matches everything. */
export function labelSelector(what: string) {
  return section(
    {
      matchLabels: describe(
        z
          .record(z.string().regex(LABEL_KEY, KEY_ALLOWED), labelValue, 'a mapping of label names to values')
          .optional(),
        'Labels that must be there with these very values.',
        'a mapping of label names to label values',
      ),
      matchExpressions: describe(
        z.array(expression, 'a list of conditions').optional(),
        'Conditions on labels; all must hold.',
        'a list of key, operator, values',
      ),
    },
    what,
  );
}
