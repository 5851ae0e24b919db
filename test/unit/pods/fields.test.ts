import { POD_SPEC } from '../../../syncer/pods/fields';
import { copiedNames, neverFields, undecided } from '../schema/rule-walk';
import { SCHEMA_VERSIONS } from '../schema/structures';

describe.each(SCHEMA_VERSIONS)('the allow-list against the schema of Kubernetes %s', (version) => {
  it('decides on every field that a pod can have', () => {
    expect(undecided(POD_SPEC, 'spec', version)).toEqual([]);
  });

  it('copies no name of another object', () => {
    expect(copiedNames(POD_SPEC, 'spec', version)).toEqual([]);
  });
});

it('the allow-list knows no field that a pod never had', () => {
  expect(neverFields(POD_SPEC, 'spec')).toEqual([]);
});
