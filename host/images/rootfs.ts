/** One entry of an image's root file system. Paths are relative to the root, without a leading slash. */
export type RootfsEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  /** A file with this content. */
  | { readonly kind: 'text'; readonly path: string; readonly content: string; readonly mode?: number }
  /** A copy of a file of this machine. */
  | { readonly kind: 'file'; readonly path: string; readonly source: string; readonly mode?: number };

/** A program as the file of an image. */
export function program(path: string, source: string): RootfsEntry {
  return { kind: 'file', path, source, mode: 0o755 };
}

/** The few files of `/etc` without which C libraries and Go programs misbehave, and `/tmp`. */
export function baseEntries(): readonly RootfsEntry[] {
  return [
    { kind: 'directory', path: 'tmp', mode: 0o1777 },
    {
      kind: 'text',
      path: 'etc/passwd',
      content: 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
    },
    { kind: 'text', path: 'etc/group', content: 'root:x:0:\nnonroot:x:65532:\n' },
    // Without it some resolvers ask DNS before /etc/hosts.
    { kind: 'text', path: 'etc/nsswitch.conf', content: 'hosts: files dns\n' },
  ];
}

/** The entries with a directory for each parent that is not listed, sorted so that parents come first; the last of equals wins. */
export function completeEntries(entries: readonly RootfsEntry[]): RootfsEntry[] {
  const byPath = new Map<string, RootfsEntry>();
  for (const entry of entries) {
    const parts = entry.path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const path = parts.slice(0, depth).join('/');
      if (!byPath.has(path)) byPath.set(path, { kind: 'directory', path });
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
