import type { Draft } from './draft';
import { text, texts } from './readers';
import { elsewhere, enabled, group, notNeeded, type Rule, unsupported } from './rules';
import { isEmpty, isTree, type Path, type Tree, valueAt } from './tree';

const METADATA = 'the object has the annotations that endpoint.annotations says';
const PASSED = 'TLS is passed through to the API server, which has a certificate of its own';

/** Annotations by which the controllers are told to pass TLS through: they tell which controller is meant, and are set by Sublet. */
const PASSING = {
  nginx: ['backend-protocol', 'ssl-passthrough', 'ssl-redirect'].map((key) => `nginx.ingress.kubernetes.io/${key}`),
  haproxy: ['haproxy.org/ssl-passthrough', 'haproxy-ingress.github.io/ssl-passthrough'],
} as const;

/** `controlPlane.ingress`. */
export const ingress: Rule = (value, from, draft) => {
  if (!enabled(value) || !isTree(value)) return draft.note('default', from, 'is switched off');
  const ingressClass = valueAt(value, ['spec', 'ingressClassName']);
  const annotations = isTree(value.annotations) ? value.annotations : {};
  const controller = PASSING.haproxy.some((key) => key in annotations) ? 'haproxy' : 'nginx';
  if (isEmpty(ingressClass))
    return draft.note(
      'unsupported',
      from,
      "say which class: endpoint: { via: 'ingress', hostname, ingressClass, controller } (docs/reference/endpoint.md)",
    );
  draft.set([...from, 'enabled'], ['endpoint', 'via'], 'ingress');
  draft.imply(['endpoint', 'controller'], controller);
  group({
    enabled: elsewhere,
    host,
    pathType: notNeeded(PASSED),
    labels: unsupported(METADATA),
    annotations: passedAnnotations,
    spec: group({
      ingressClassName: (name, path) => draft.set(path, ['endpoint', 'ingressClass'], text(name)),
      tls: notNeeded(PASSED),
      rules: unsupported('the Ingress leads to the API server, whole'),
    }),
  })(value, from, draft);
};

const host: Rule = (value, from, draft) => draft.set(from, ['endpoint', 'hostname'], value);

/** All annotations but those that Sublet sets itself. */
function passedAnnotations(value: unknown, from: Path, draft: Draft): void {
  const own = new Set<string>([...PASSING.nginx, ...PASSING.haproxy]);
  const entries = Object.entries(isTree(value) ? value : {});
  if (entries.length === 0) draft.note('default', from, 'is empty');
  for (const [key, one] of entries) {
    const place = [...from, key];
    if (own.has(key)) draft.note('default', place, 'is set in any case');
    else draft.set(place, ['endpoint', 'annotations', key], text(one));
  }
}

/** `controlPlane.tlsRoute`. */
export const tlsRoute: Rule = (value, from, draft) => {
  if (!enabled(value) || !isTree(value)) return draft.note('default', from, 'is switched off');
  const parents = firstParent(value);
  if (parents === undefined || draft.get(['endpoint']) !== undefined)
    return draft.note(
      'unsupported',
      from,
      "say one way in: endpoint: { via: 'gateway', hostname, gateway } (docs/reference/endpoint.md)",
    );
  draft.set([...from, 'enabled'], ['endpoint', 'via'], 'gateway');
  group({
    enabled: elsewhere,
    host,
    labels: unsupported(METADATA),
    annotations: (annotations, path) => {
      if (isEmpty(annotations)) draft.note('default', path, 'is empty');
      else draft.set(path, ['endpoint', 'annotations'], texts(annotations));
    },
    parentRefs: gateway,
    spec: group({
      parentRefs: gateway,
      hostnames: notNeeded('the name is that of the endpoint'),
      rules: unsupported('the route leads to the API server, whole'),
    }),
  })(value, from, draft);
};

/** The one Gateway of a route; several can't be said. */
function firstParent(value: Tree): Tree | undefined {
  const parents = valueAt(value, ['spec', 'parentRefs']) ?? value.parentRefs;
  const [first, ...others] = Array.isArray(parents) ? parents : [];
  return isTree(first) && others.length === 0 ? first : undefined;
}

function gateway(value: unknown, from: Path, draft: Draft): void {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  if (!isTree(first)) {
    draft.note('default', from, 'is empty');
    return;
  }
  const { name, namespace, sectionName } = first;
  draft.set(from, ['endpoint', 'gateway'], {
    name,
    ...(isEmpty(namespace) ? {} : { namespace }),
    ...(isEmpty(sectionName) ? {} : { listener: sectionName }),
  });
}
