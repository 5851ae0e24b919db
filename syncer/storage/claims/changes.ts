import { ANNOTATIONS } from '../../../lib/contract';
import { mergePatch } from '../../engine/diff';
import type { Change } from '../../engine/types';
import { STORAGE_ANNOTATIONS } from '../annotations';
import { isGreater } from '../quantity';
import type { PersistentVolumeClaim } from '../types';

/** The writes that bring a host claim to what is desired. Kubernetes lets only size and attributes of a claim change. */
export function claimChanges(desired: PersistentVolumeClaim, current: PersistentVolumeClaim): readonly Change[] {
  const owned = [
    'spec.resources.requests',
    ...(desired.spec.volumeAttributesClassName === undefined ? [] : ['spec.volumeAttributesClassName']),
  ];
  const patch = mergePatch(withoutRejectedNode(withSize(desired, current), current), current, owned);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/**
 * A claim may only be made smaller than it was asked to be, never smaller than it is: so that an expansion that can't
 * succeed is given up. Where the host's claim has grown by itself, it stays as it is.
 */
function withSize(desired: PersistentVolumeClaim, current: PersistentVolumeClaim): PersistentVolumeClaim {
  const wanted = desired.spec.resources?.requests?.storage;
  const has = current.spec.resources?.requests?.storage;
  const gained = current.status?.capacity?.storage;
  const keeps = has !== undefined && (isGreater(has, wanted) ? !isGreater(wanted, gained) : !isGreater(wanted, has));
  if (!keeps) return desired;
  const requests = { ...desired.spec.resources?.requests, storage: has };
  return { ...desired, spec: { ...desired.spec, resources: { ...desired.spec.resources, requests } } };
}

/** The provisioner takes a node back by removing the annotation: until another is chosen, it is not written again. */
function withoutRejectedNode(desired: PersistentVolumeClaim, current: PersistentVolumeClaim): PersistentVolumeClaim {
  const { selectedNode } = STORAGE_ANNOTATIONS;
  const { [selectedNode]: node, ...others } = desired.metadata.annotations ?? {};
  const sent = current.metadata.annotations?.[ANNOTATIONS.selectedNode];
  const rejected = node !== undefined && sent === node && current.metadata.annotations?.[selectedNode] === undefined;
  return rejected ? { ...desired, metadata: { ...desired.metadata, annotations: others } } : desired;
}
