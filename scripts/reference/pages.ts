import type { SymbolDoc } from './model';

/** One page of the reference. */
export interface Page {
  /** Name of the file, without `.md`. */
  readonly id: string;
  readonly title: string;
  readonly symbols: readonly SymbolDoc[];
}

/** Sources that are explained together. A source that is not named here has a page of its own. */
const FAMILIES: readonly { readonly id: string; readonly title: string; readonly files: RegExp }[] = [
  { id: 'cdk8s', title: 'Constructs for cdk8s', files: /^lib\/cdk8s\// },
  { id: 'pulumi', title: 'Components for Pulumi', files: /^lib\/pulumi\// },
  {
    id: 'virtual-cluster',
    title: 'The declaration',
    files: /^lib\/spec\/(virtual-cluster|name|resolve|errors|version)\.ts$/,
  },
  { id: 'kubernetes', title: 'Version', files: /^lib\/spec\/kubernetes\.ts$/ },
  { id: 'store', title: 'Store', files: /^lib\/spec\/store\.ts$/ },
  {
    id: 'control-plane',
    title: 'Control plane',
    files: /^lib\/spec\/(control-plane|extra-args|resources|scheduling|service|kubeconfig|images)\.ts$/,
  },
  { id: 'endpoint', title: 'Endpoint', files: /^lib\/spec\/endpoint\.ts$/ },
  { id: 'backup', title: 'Backup', files: /^lib\/spec\/backup\.ts$/ },
  { id: 'policies', title: 'Policies', files: /^lib\/spec\/policies\// },
  { id: 'networking', title: 'Networking and DNS', files: /^lib\/spec\/(networking|dns|mapped-names)\.ts$/ },
  { id: 'sync', title: 'What crosses', files: /^lib\/spec\/sync\// },
  { id: 'isolation', title: 'What tenants are kept from', files: /^lib\/spec\/(isolation\/|host-pod-security)/ },
  { id: 'nodes', title: 'Nodes and scheduling', files: /^lib\/spec\/(nodes|node-scheduling)\.ts$/ },
  { id: 'namespaces', title: 'Namespaces', files: /^lib\/spec\/namespaces\.ts$/ },
  { id: 'service-mappings', title: 'Services by name', files: /^lib\/spec\/service-mappings\.ts$/ },
  { id: 'custom-resources', title: 'Custom resources', files: /^lib\/spec\/custom-/ },
  { id: 'patches', title: 'Patches', files: /^lib\/spec\/(patches|patch-types)\.ts$/ },
  { id: 'manifests', title: 'Manifests', files: /^lib\/manifests\// },
  { id: 'contract', title: 'Names, labels and errors', files: /^lib\/contract\/[^/]+$/ },
  { id: 'configuration', title: 'Configuration of the syncer', files: /^lib\/contract\/config\// },
];

/** The symbols by page, in the order in which the index lists the pages. */
export function pagesOf(symbols: readonly SymbolDoc[]): readonly Page[] {
  const named = FAMILIES.map(({ id, title, files }) => ({
    id,
    title,
    symbols: symbols.filter(({ file }) => files.test(file)),
  }));
  const others = Map.groupBy(
    symbols.filter(({ file }) => !FAMILIES.some(({ files }) => files.test(file))),
    ({ file }) => file,
  );
  const single = [...others].map(([file, own]): Page => {
    const id = file.replace(/^.*\//, '').replace(/\.ts$/, '');
    return { id, title: id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' '), symbols: own };
  });
  return [...named, ...single].filter(({ symbols: own }) => own.length > 0);
}
