import { parseManifests } from '../../cli/explain/documents';
import { explainManifests } from '../../cli/explain/explain';
import { resolveSpec } from '../../lib/spec';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const sync = {
  toHost: { ingresses: { enabled: true }, networkPolicies: { enabled: true }, podDisruptionBudgets: { enabled: true } },
};
const isolation = { classes: { ingress: { default: 'any' } } };
const pair = usePair({ spec: { sync, isolation } });

/** What a tenant applies: each kind whose copy an API server can hold without a kubelet. */
const GIVEN = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf, namespace: shop, labels: {app: web}}
data: {a: b}
---
apiVersion: v1
kind: Secret
metadata: {name: key, namespace: shop}
stringData: {key: value}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, protocol: TCP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {note: mine}}
spec:
  enableServiceLinks: false
  containers:
  - name: web
    image: example.com/web
    env:
    - {name: KEY, valueFrom: {secretKeyRef: {name: key, key: key}}}
    - {name: NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
    volumeMounts: [{name: conf, mountPath: /conf}]
  volumes: [{name: conf, configMap: {name: conf}}]
  affinity:
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
      - {weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
`;

/** What is explained as an expectation: a placeholder stands for any text. */
function expectation(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('<') ? expect.stringMatching(patternOf(value)) : value;
  if (Array.isArray(value)) return value.map(expectation);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expectation(member)]));
}

function patternOf(text: string): RegExp {
  const parts = text.split(/<[^>]*>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}

describe('what is explained', () => {
  it('is what the syncer creates on the host, field by field', async () => {
    const { name, namespace, virtual, host } = pair();
    const given = parseManifests('given.yaml', GIVEN);
    const explained = explainManifests(given, resolveSpec({ name, namespace, sync, isolation }));
    for (const { object } of given) await virtual.create(object as TestObject);

    const expected = explained.flatMap(({ hostObjects }) => hostObjects);
    const kinds = expected.map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual(
      ['ConfigMap', 'Ingress', 'NetworkPolicy', 'Pod', 'PodDisruptionBudget', 'Secret', 'Secret', 'Service'].sort(),
    );
    for (const object of expected) {
      const { stringData: _, ...content } = object as TestObject;
      // Tokens are told by their keys alone, and the store holds them encoded.
      await host.until(object, 'the copy', (found) => expect(found).toMatchObject(Object(expectation(content))));
    }
  });
});
