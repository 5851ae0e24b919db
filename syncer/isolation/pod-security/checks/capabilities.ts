import { inContainers, isWindows } from '../containers';
import type { Finder, Finding, SecuredPod } from '../types';
import { notAllowed } from '../wording';

/** What a container runtime gives a container of its own accord. */
const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const RESTRICTED_CAPABILITIES: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);

/** Nothing beyond the default set may be added. */
export const addedCapabilities: Finder = (pod) => added(pod, DEFAULT_CAPABILITIES);

/** Every capability is dropped, and NET_BIND_SERVICE alone may be added. */
export const restrictedCapabilities: Finder = (pod) => [
  ...inContainers(pod, ({ securityContext }, path) =>
    (securityContext?.capabilities?.drop ?? []).includes('ALL')
      ? []
      : [{ field: `${path}.securityContext.capabilities.drop`, problem: 'must include "ALL"' }],
  ),
  ...added(pod, RESTRICTED_CAPABILITIES),
];

/** Windows has no capabilities, and its pods may not name any. */
export const restrictedCapabilitiesUnlessWindows: Finder = (pod) => (isWindows(pod) ? [] : restrictedCapabilities(pod));

function added(pod: SecuredPod, allowed: ReadonlySet<string>): readonly Finding[] {
  return inContainers(pod, ({ securityContext }, path) =>
    (securityContext?.capabilities?.add ?? []).flatMap((name, index) =>
      allowed.has(name)
        ? []
        : [
            {
              field: `${path}.securityContext.capabilities.add[${index}]`,
              problem: notAllowed(name),
              exemptible: { kind: 'capability', name },
            },
          ],
    ),
  );
}
