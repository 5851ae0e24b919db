/** A workload `shop/web` whose pod template stands at a path and mounts a ConfigMap. */
export function podTemplate(apiVersion: string, kind: string, path: string): string {
  const pod = {
    metadata: { labels: { app: 'web' } },
    spec: {
      containers: [{ name: 'web', image: 'nginx' }],
      volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
    },
  };
  const nested = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), pod);
  const json = JSON.stringify({ apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, ...Object(nested) });
  return json.replaceAll('"', '').replaceAll(':', ': ').replaceAll(',', ', ');
}
