import type { Organisation } from './organisation.ts'
import { local } from './words/local.ts'
import type { World } from './world.ts'

const BOTH = ['incident', 'request']

/** What tickets are asked beyond their title: by category, and one only when another is ticked. */
export function askFields({ chance, load, start }: World, { categories }: Organisation): void {
  const add = (
    position: number,
    key: string,
    type: string,
    question: Record<string, unknown>,
    { kinds = BOTH, under, asked = false }: { kinds?: string[]; under: string[]; asked?: boolean },
  ) => {
    const id = chance.id(start)
    const created_at = new Date(start)
    const definition = {
      question,
      kinds: `{${kinds.join()}}`,
      category_ids: `{${under.join()}}`,
      asked,
      position,
    }
    load.add('custom_field', { id, key, type, ...definition, created_at })
    load.add('custom_field_version', {
      field_id: id,
      revision: 1,
      definition: { key, type, ...definition, kinds, category_ids: under },
      created_at,
    })
  }
  const options = (...all: [string, ReturnType<typeof local>][]) =>
    all.map(([value, label]) => ({ value, label }))
  const { hardware, laptop, network, application, infrastructure } = categories
  add(
    0,
    'replaces',
    'checkbox',
    {
      label: local('It replaces the one I have', 'Il remplace le mien', 'Sostituisce il mio'),
      required: false,
    },
    { kinds: ['request'], under: [laptop], asked: true },
  )
  add(
    1,
    'old_serial',
    'text',
    {
      label: local(
        'Serial number of the old one',
        'Numéro de série de l’ancien',
        'Numero di serie del vecchio',
      ),
      help: local(
        'On the underside, after S/N.',
        'Sous l’appareil, après S/N.',
        'Sotto l’apparecchio, dopo S/N.',
      ),
      required: true,
      visible_when: { field: 'replaces', is: ['true'] },
    },
    { kinds: ['request'], under: [laptop], asked: true },
  )
  add(
    2,
    'warranty',
    'select',
    {
      label: local('Warranty', 'Garantie', 'Garanzia'),
      required: false,
      options: options(
        ['valid', local('Valid', 'Valable', 'Valida')],
        ['expired', local('Expired', 'Expirée', 'Scaduta')],
        ['unknown', local('Not known', 'Inconnue', 'Non nota')],
      ),
    },
    { under: [hardware] },
  )
  add(
    3,
    'affected_sites',
    'multiselect',
    {
      label: local('Sites affected', 'Sites touchés', 'Sedi colpite'),
      required: false,
      options: options(
        ['parma', local('Parma', 'Parme', 'Parma')],
        ['lyon', local('Lyon', 'Lyon', 'Lione')],
        ['milan', local('Milan', 'Milan', 'Milano')],
      ),
    },
    { kinds: ['incident'], under: [network, application, infrastructure] },
  )
  add(
    4,
    'people_affected',
    'number',
    {
      label: local('People affected', 'Personnes touchées', 'Persone colpite'),
      help: local(
        'About how many cannot work.',
        'Combien environ ne peuvent pas travailler.',
        'Quante circa non possono lavorare.',
      ),
      required: false,
    },
    { kinds: ['incident'], under: [network, application, infrastructure] },
  )
}
