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
export type CategoryKey = keyof typeof CATEGORIES

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
  const categories = Object.fromEntries(
    Object.entries(CATEGORIES).map(([key, name]) => {
      const id = chance.id(start)
      load.add('category', { id, key, name, path: `{${id}}`, created_at: new Date(start) })
      return [key, id]
    }),
  ) as Organisation['categories']
  return { brandId, parts, categories }
}
