/** Text of a docstring. `{@link X}` is kept for the page to resolve. */
export type DocText = string;

/** A member of an interface, a class or a constant. */
export interface MemberDoc {
  /** `size`, `synth()`, `static isVirtualCluster()`. */
  readonly name: string;
  readonly optional: boolean;
  /** Its type as TypeScript. */
  readonly type: string;
  readonly doc: DocText;
  /** What `@default` says. */
  readonly fallback: string;
  /** Whether its type is one literal, such as the `kind` that tells alternatives apart: that says everything. */
  readonly literal: boolean;
}

/** What is declared under one name: a type, a value, or both. */
export interface SymbolDoc {
  readonly name: string;
  /** The source file, from the root of the repository: `lib/spec/store.ts`. */
  readonly file: string;
  readonly doc: DocText;
  readonly fallback: string;
  /** Its declaration as TypeScript, without what is listed as members. */
  readonly code: string;
  readonly members: readonly MemberDoc[];
  /** The names under which programs import it: `sublet`, `sublet/cdk8s`. Empty for a type that others only refer to. */
  readonly importedFrom: readonly string[];
}
