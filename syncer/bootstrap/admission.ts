import { stringify } from 'yaml';

/**
 * What the API server's own admission demands of pods in namespaces that say nothing else. It tells tenants at once, and
 * they may lift it: what keeps them in is the syncer.
 */
export function admissionConfiguration(level: 'baseline' | 'restricted'): string {
  return stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: [
      {
        name: 'PodSecurity',
        configuration: {
          apiVersion: 'pod-security.admission.config.k8s.io/v1',
          kind: 'PodSecurityConfiguration',
          defaults: { enforce: level, 'enforce-version': 'latest' },
        },
      },
    ],
  });
}
