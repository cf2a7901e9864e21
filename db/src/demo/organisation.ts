import { local } from './words/local.ts'
import type { World } from './world.ts'

export const DOMAIN = 'valdora.example'

/** The company, its parts and its face; the categories under which tickets are counted. */
export interface Organisation {
  brandId: string
  /** By country of the people in it. */
  parts: { it: string; fr: string; en: string }
  categories: Record<CategoryKey, string>
}

const CATEGORIES = {
  hardware: local('Hardware', 'Matériel', 'Hardware'),
  software: local('Software', 'Logiciel', 'Software'),
  access: local('Access', 'Accès', 'Accessi'),
  network: local('Network', 'Réseau', 'Rete'),
  people: local('Joiners and leavers', 'Arrivées et départs', 'Ingressi e uscite'),
  application: local('Business application', 'Application métier', 'Applicazione aziendale'),
  infrastructure: local('Infrastructure', 'Infrastructure', 'Infrastruttura'),
}
// Beneath those, what people look for first.
const BENEATH = {
  laptop: ['hardware', local('Laptop', 'Ordinateur portable', 'Portatile')],
  printer: ['hardware', local('Printer', 'Imprimante', 'Stampante')],
  phone: ['hardware', local('Phone', 'Téléphone', 'Telefono')],
  wifi: ['network', local('Wi-Fi', 'Wi-Fi', 'Wi-Fi')],
  vpn: ['network', local('Remote access', 'Accès à distance', 'Accesso remoto')],
} as const
export type CategoryKey = keyof typeof CATEGORIES | keyof typeof BENEATH

export function layOutOrganisation({ load, chance, start }: World): Organisation {
  const root = chance.id(start)
  const organisation = (name: string, parent_id: string | null, id = chance.id(start)): string => {
    load.add('organisation', { id, name, parent_id, created_at: new Date(start) })
    return id
  }
  organisation('Valdora Foods', null, root)
  const parts = {
    it: organisation('Valdora Italia', root),
    fr: organisation('Valdora France', root),
    en: organisation('Valdora Trading', root),
  }
  const brandId = chance.id(start)
  load.add('brand', {
    id: brandId,
    name: 'Valdora Foods',
    sender: `Valdora service desk <servicedesk@${DOMAIN}>`,
    language: 'en',
    created_at: new Date(start),
  })
  const categories: Record<string, string> = {}
  const category = (key: string, name: ReturnType<typeof local>, above?: string) => {
    const id = (categories[key] = chance.id(start))
    const parent_id = above ? categories[above]! : null
    const path = `{${parent_id ? `${parent_id},` : ''}${id}}`
    load.add('category', { id, key, name, parent_id, path, created_at: new Date(start) })
  }
  for (const [key, name] of Object.entries(CATEGORIES)) category(key, name)
  for (const [key, [above, name]] of Object.entries(BENEATH)) category(key, name, above)
  return { brandId, parts, categories: categories as Organisation['categories'] }
}
