/** What there is to play. */
export const radios = [
  'Anton',
  'Berta',
  'Caesar',
  'Dora',
  'Emil',
  'Friedrich',
  'Gustav',
  'Heinrich',
  'Ida',
  'Julius',
  'Kaufmann',
  'Ludwig',
  'Martha',
] as const
