// The options of a regular expression, none of them set.
import type { RegexOptions } from '../../src/director/config/checks/regex.ts';

export const NO_OPTIONS: RegexOptions = {
  caseless: false,
  multiline: false,
  dotall: false,
  extended: false,
  dollarEndOnly: false,
  altCircumflex: false,
  allowEmptyClass: false,
  noAutoCapture: false,
  ungreedy: false,
  utf: false,
};
