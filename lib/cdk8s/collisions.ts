import { ApiObject } from 'cdk8s';

/** Objects elsewhere in the app that would be the same object on the host as one of ours, each as an error message. */
export function collisions(ours: readonly ApiObject[]): string[] {
  const [first] = ours;
  if (first === undefined) return [];
  const identities = new Map(ours.map((object) => [identityOf(object), object]));
  const others = first.node.root.node.findAll().filter((node) => ApiObject.isApiObject(node));
  return others.flatMap((node) => {
    const other = ApiObject.of(node);
    const identity = identityOf(other);
    const own = identities.get(identity);
    if (own === undefined || ours.includes(other)) return [];
    const hint = own.kind === 'Namespace' ? '; set createNamespace: false on one of them' : '';
    return [`${identity} is also declared at ${other.node.path}${hint}`];
  });
}

function identityOf({ apiGroup, kind, metadata, name }: ApiObject): string {
  const namespace = kind === 'Namespace' ? '' : `${String(metadata.namespace ?? '')}/`;
  return `${apiGroup === 'core' ? '' : `${apiGroup}/`}${kind} ${namespace}${String(name)}`;
}
