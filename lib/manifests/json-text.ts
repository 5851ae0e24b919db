/**
 * A field that holds JSON as text, before it is written out. It stays a value until all markers in it are replaced, so
 * that what replaces them is escaped as JSON wants it.
 */
export class JsonText {
  constructor(
    /** What the text says. */
    readonly value: unknown,
  ) {}
}
