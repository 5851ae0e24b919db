import { mergePatch } from '../engine/diff';
import { hostMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import { isSelected } from '../engine/selected';
import type { Change, ClusterContext, Translation } from '../engine/types';
import { denial, isolationOf, quoted } from '../isolation/rules';
import type { Json, KubeObject } from '../kube/types';

/** What a claim may ask a device of: a class, narrowed by expressions. */
export interface DeviceRequest {
  readonly deviceClassName?: string;
  /** Access to devices that others use: for administrators of the host. */
  readonly adminAccess?: boolean;
  readonly selectors?: Json;
  readonly allocationMode?: string;
  readonly count?: number;
  readonly tolerations?: Json;
  readonly capacity?: Json;
}

/** What of a request reaches the host. */
const REQUEST_FIELDS = [
  'deviceClassName',
  'selectors',
  'allocationMode',
  'count',
  'tolerations',
  'capacity',
] as const satisfies readonly (keyof DeviceRequest)[];

/** `spec.devices` of a claim. */
export interface DeviceClaim {
  readonly requests?: readonly {
    readonly name: string;
    readonly exactly?: DeviceRequest;
    readonly firstAvailable?: readonly (DeviceRequest & { readonly name: string })[];
  }[];
  readonly constraints?: Json;
  readonly config?: Json;
}

/** Who uses a claim. */
export interface ClaimConsumer {
  readonly apiGroup?: string;
  readonly resource: string;
  readonly name: string;
  readonly uid: string;
}

/** A claim of devices, as far as it is copied. */
export interface ResourceClaim extends KubeObject {
  readonly spec?: { readonly devices?: DeviceClaim };
  readonly status?: {
    readonly allocation?: Json;
    readonly devices?: Json;
    readonly reservedFor?: readonly ClaimConsumer[];
  };
}

/** A class of devices, as far as it is looked at. */
export interface DeviceClass extends KubeObject {
  readonly spec?: Json;
}

/** What the translation of a claim must know of the host. */
export interface ClaimSurroundings {
  /** The host's class of a name, where classes are shown. */
  deviceClass(name: string): DeviceClass | undefined;
  /** The virtual pod that a host pod stands for. */
  virtualPod(hostNamespace: string, hostName: string): { readonly name: string; readonly uid: string } | undefined;
}

const KIND = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim' } as const;

/** The host's claim for a virtual one: it asks for the same devices, among the classes that the tenant may use. */
export function toHostClaim(
  v: ResourceClaim,
  ctx: ClusterContext,
  { deviceClass }: ClaimSurroundings,
): Translation<ResourceClaim> {
  const { requests = [], constraints, config } = v.spec?.devices ?? {};
  for (const [index, { exactly, firstAvailable = [] }] of requests.entries()) {
    const field = `spec.devices.requests[${index}]`;
    const alternatives = exactly === undefined ? firstAvailable : [exactly];
    for (const [position, request] of alternatives.entries()) {
      const path = exactly === undefined ? `${field}.firstAvailable[${position}]` : `${field}.exactly`;
      if (request.adminAccess) return refused(`${path}.adminAccess`, 'Access to devices of others is not allowed.');
      const name = request.deviceClassName ?? '';
      if (!mayUse(name, ctx, deviceClass)) {
        return refusedClass(`${path}.deviceClassName`, name, ctx);
      }
    }
  }
  const devices: DeviceClaim = {
    requests: requests.map(({ name, exactly, firstAvailable }) => ({
      name,
      ...(exactly && { exactly: pick(exactly, REQUEST_FIELDS) }),
      ...(firstAvailable && {
        firstAvailable: firstAvailable.map((one) => ({ name: one.name, ...pick(one, REQUEST_FIELDS) })),
      }),
    })),
    ...(constraints === undefined ? {} : { constraints }),
    ...(config === undefined ? {} : { config }),
  };
  return { kind: 'object', object: { ...KIND, metadata: hostMetadata(v, ctx, { kind: KIND }), spec: { devices } } };
}

/** The writes that bring the host's claim to what is desired. What a claim asks for can't be changed on either side. */
export function claimChanges(desired: ResourceClaim, current: ResourceClaim): readonly Change[] {
  const patch = mergePatch(desired, current, []);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** The writes that bring what the host allocated, and for which pods, to the virtual claim. */
export function claimToVirtual(
  host: ResourceClaim,
  virtual: ResourceClaim,
  { virtualPod }: ClaimSurroundings,
): readonly Change[] {
  const reservedFor = (host.status?.reservedFor ?? []).flatMap((consumer) => {
    const pod = consumer.resource === 'pods' ? virtualPod(host.metadata.namespace ?? '', consumer.name) : undefined;
    return pod === undefined ? [] : [{ resource: 'pods', ...pod }];
  });
  const desired: ResourceClaim = {
    metadata: {},
    status: {
      ...(host.status?.allocation === undefined ? {} : { allocation: host.status.allocation }),
      ...(host.status?.devices === undefined ? {} : { devices: host.status.devices }),
      ...(reservedFor.length === 0 ? {} : { reservedFor }),
    },
  };
  const current: ResourceClaim = { metadata: {}, ...(virtual.status && { status: virtual.status }) };
  const patch = mergePatch(desired, current, ['status.allocation', 'status.devices', 'status.reservedFor']);
  return patch === undefined ? [] : [{ kind: 'patch', patch, subresource: 'status' }];
}

function mayUse(name: string, ctx: ClusterContext, deviceClass: ClaimSurroundings['deviceClass']): boolean {
  const { enabled, selector } = ctx.sections.sync.fromHost.deviceClasses;
  const offer = isolationOf(ctx)?.classes.device;
  if (offer?.allowed.includes(name)) return true;
  if (!enabled) return offer === undefined;
  const found = deviceClass(name);
  return found !== undefined && isSelected(found, selector);
}

function refusedClass(field: string, name: string, ctx: ClusterContext): Translation<ResourceClaim> {
  const { enabled } = ctx.sections.sync.fromHost.deviceClasses;
  if (enabled) return refused(field, `The device class ${quoted(name)} can't be used here.`);
  const message = denial('classes.device', field, `the class ${quoted(name)} can't be used here`);
  return { kind: 'refused', reason: 'FieldNotAllowed', field, message };
}

function refused(field: string, message: string): Translation<ResourceClaim> {
  return { kind: 'refused', reason: 'FieldNotAllowed', field, message: `${field}: ${message}` };
}
