import { type Replacements, scrub } from '../../../syncer/engine/scrub';

describe('a text for the tenant', () => {
  it.each<[string, string, Replacements, string]>([
    ['shows every occurrence in the tenant’s words', 'web-x-a and web-x-a', [['web-x-a', 'web']], 'web and web'],
    [
      'leaves no part of a longer name behind',
      'team-a-web in team-a',
      [
        ['team-a', 'shop'],
        ['team-a-web', 'web'],
      ],
      'web in shop',
    ],
    ['takes names literally', 'a.b axb $&', [['a.b', '$&']], '$& axb $&'],
    ['is left alone by an empty name', 'web', [['', 'x']], 'web'],
    ['is left alone when there is nothing to hide', 'web', [], 'web'],
  ])('%s', (_promise, text, replacements, expected) => {
    expect(scrub(text, replacements)).toBe(expected);
  });
});
