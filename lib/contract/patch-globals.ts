/**
 * What the function of a patch finds besides its arguments: the parts of JavaScript that give the same answer every
 * time. There is no clock, no randomness, no code out of text, and nothing of Node.
 */
export const PATCH_GLOBALS: readonly string[] = [
  'Array',
  'BigInt',
  'Boolean',
  'Error',
  'Infinity',
  'JSON',
  'Map',
  'Math',
  'NaN',
  'Number',
  'Object',
  'RangeError',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'SyntaxError',
  'TypeError',
  'decodeURIComponent',
  'encodeURIComponent',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'undefined',
];

/** A helper that some compilers (esbuild, tsx) call in what they emit, to keep the names of functions. */
export const NAME_HELPER = '__name';
