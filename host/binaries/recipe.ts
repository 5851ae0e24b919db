/** How a tool's binaries come from Go modules. */
export type GoRecipe =
  /** `go install <module>/<package>@<version>` for each package. */
  | {
      readonly kind: 'install';
      readonly module: string;
      readonly packages: readonly string[];
      readonly cgo?: CgoOptions;
    }
  /** For modules whose go.mod has `replace` directives, which `go install` refuses: built from within a module of ours. */
  | {
      readonly kind: 'wrapper';
      readonly module: string;
      readonly packages: readonly string[];
      readonly kubernetes?: string;
      /** The module's own `replace` directives, which count only in the module that is built: `path` → `path version`. */
      readonly replaces?: { readonly [path: string]: string };
      /** Texts that the linker puts into the program: `import/path.Variable` → text. */
      readonly variables?: { readonly [variable: string]: string };
      /** Text of a program of ours that only uses the module's packages: it is built instead of them, as one binary. */
      readonly program?: string;
      /** What becomes of the packages: their programs, or programs of their tests (`go test -c`). @default 'programs' */
      readonly builds?: 'programs' | 'tests';
    };

/** For programs with C in them. */
export interface CgoOptions {
  readonly tags: string;
  /** Whether the result shall need no shared library. */
  readonly static: boolean;
  /** pkg-config names of the C libraries that must be there. */
  readonly libraries: readonly string[];
}

/** One file of an official release, with the address of its SHA-256. */
export interface ReleaseFile {
  readonly url: string;
  /** Text with the checksum, bare or in the form of sha256sum(1). */
  readonly checksumUrl: string;
  /** Binary → member of the archive; absent when the file is itself the only binary. */
  readonly members?: { readonly [binary: string]: string };
  readonly binary?: string;
}
