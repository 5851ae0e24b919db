import { appArmor } from './checks/app-armor';
import { addedCapabilities, restrictedCapabilities, restrictedCapabilitiesUnlessWindows } from './checks/capabilities';
import { hostNamespaces } from './checks/host-namespaces';
import { hostPorts } from './checks/host-ports';
import { hostProbes } from './checks/host-probes';
import { privilegeEscalation, privilegeEscalationUnlessWindows } from './checks/privilege-escalation';
import { privileged } from './checks/privileged';
import { procMount, procMountUnlessUserNamespace } from './checks/proc-mount';
import {
  runAsNonRoot,
  runAsNonRootUnlessUserNamespace,
  runAsUser,
  runAsUserUnlessUserNamespace,
} from './checks/run-as';
import { seccompAnnotations, seccompProfiles, seccompRequired, seccompRequiredUnlessWindows } from './checks/seccomp';
import { seLinuxOptions, seLinuxOptionsWithEngine } from './checks/selinux';
import { SYSCTL_FORMS } from './checks/sysctls';
import { hostPathVolumes, restrictedVolumes } from './checks/volumes';
import { windowsHostProcess } from './checks/windows-host-process';
import type { PodSecurityCheck } from './types';

/** Every check of the Pod Security Standards, in the order in which upstream evaluates them. */
export const POD_SECURITY_CHECKS: readonly PodSecurityCheck[] = [
  { id: 'appArmorProfile', level: 'baseline', forms: [{ from: 0, find: appArmor }] },
  { id: 'capabilities_baseline', level: 'baseline', forms: [{ from: 0, find: addedCapabilities }] },
  { id: 'hostNamespaces', level: 'baseline', forms: [{ from: 0, find: hostNamespaces }] },
  { id: 'hostPathVolumes', level: 'baseline', forms: [{ from: 0, find: hostPathVolumes }] },
  { id: 'hostPorts', level: 'baseline', forms: [{ from: 0, find: hostPorts }] },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', forms: [{ from: 34, find: hostProbes }] },
  { id: 'privileged', level: 'baseline', forms: [{ from: 0, find: privileged }] },
  {
    id: 'procMount',
    level: 'baseline',
    forms: [
      { from: 0, find: procMount },
      { from: 35, find: procMountUnlessUserNamespace },
    ],
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    forms: [
      { from: 0, find: seLinuxOptions },
      { from: 31, find: seLinuxOptionsWithEngine },
    ],
  },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    forms: [
      { from: 0, find: seccompAnnotations },
      { from: 19, find: seccompProfiles },
    ],
  },
  { id: 'sysctls', level: 'baseline', forms: SYSCTL_FORMS },
  { id: 'windowsHostProcess', level: 'baseline', forms: [{ from: 0, find: windowsHostProcess }] },
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    forms: [
      { from: 8, find: privilegeEscalation },
      { from: 25, find: privilegeEscalationUnlessWindows },
    ],
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    replaces: 'capabilities_baseline',
    forms: [
      { from: 22, find: restrictedCapabilities },
      { from: 25, find: restrictedCapabilitiesUnlessWindows },
    ],
  },
  { id: 'procMount_restricted', level: 'restricted', replaces: 'procMount', forms: [{ from: 35, find: procMount }] },
  {
    id: 'restrictedVolumes',
    level: 'restricted',
    replaces: 'hostPathVolumes',
    forms: [{ from: 0, find: restrictedVolumes }],
  },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    forms: [
      { from: 0, find: runAsNonRoot },
      { from: 35, find: runAsNonRootUnlessUserNamespace },
    ],
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    forms: [
      { from: 23, find: runAsUser },
      { from: 35, find: runAsUserUnlessUserNamespace },
    ],
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    replaces: 'seccompProfile_baseline',
    forms: [
      { from: 19, find: seccompRequired },
      { from: 25, find: seccompRequiredUnlessWindows },
    ],
  },
];
