import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { SkillLevel } from '../routing/index.ts'
import { lookForPerson } from './settings.ts'

export interface SkillNeed {
  service_id: string | null
  category_id: string | null
  level: number
}

export interface Skill {
  id: string
  name: string
  /** How many people have it. */
  people: number
  needs: SkillNeed[]
}

export async function readSkills(db: Db): Promise<Skill[]> {
  const { rows } = await sql<Skill>`
    select s.id, s.name,
           (select count(*) from person_skill k join person p on p.id = k.person_id
            where k.skill_id = s.id and p.archived_at is null) as people,
           coalesce((select jsonb_agg(jsonb_build_object('service_id', n.service_id, 'category_id', n.category_id, 'level', n.level)
                       order by n.id) from skill_need n where n.skill_id = s.id), '[]') as needs
    from skill s where s.archived_at is null order by lower(s.name)`.execute(db)
  return rows
}

export async function createSkill(tx: Tx, name: string): Promise<string> {
  const row = await tx.db
    .insertInto('skill')
    .values({ name, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `A skill named “${name}” exists already.`)
  await record(tx, [{ verb: 'create', subject: { kind: 'skill', id: row.id }, visibility: 'audit' }])
  return row.id
}

/** Archives a skill: no ticket needs it any more. */
export async function archiveSkill(tx: Tx, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('skill')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'skill')
  await record(tx, [{ verb: 'archive', subject: { kind: 'skill', id }, visibility: 'audit' }])
}

/** Says which services and categories need the skill, all of them at once. */
export async function setNeeds(tx: Tx, skillId: string, needs: SkillNeed[]): Promise<void> {
  await demandSkills(tx, [skillId])
  await tx.db.deleteFrom('skill_need').where('skill_id', '=', skillId).execute()
  const { rows } = await sql`
    insert into skill_need (skill_id, service_id, category_id, level)
    select ${skillId}, g.service_id, g.category_id, g.level
    from jsonb_to_recordset(${JSON.stringify(needs)}::jsonb) as g(service_id uuid, category_id uuid, level int)
    left join service s on s.id = g.service_id left join category c on c.id = g.category_id
    where s.id is not null or c.id is not null
    on conflict do nothing returning id`.execute(tx.db)
  if (rows.length !== needs.length)
    throw new DeskError('invalid', 'A service or category is not known, or is named twice.', {
      errors: [{ path: 'needs', message: 'each must exist, and stand once' }],
    })
  await record(tx, [
    {
      verb: 'set-needs',
      subject: { kind: 'skill', id: skillId },
      after: { needs },
      visibility: 'audit',
    },
  ])
}

/** Says what somebody can and how well, all of it at once. */
export async function setSkills(tx: Tx, personId: string, skills: SkillLevel[]): Promise<void> {
  const ids = skills.map(({ skill_id }) => skill_id)
  if (new Set(ids).size !== ids.length)
    throw new DeskError('invalid', 'A skill is named twice.', {
      errors: [{ path: 'skills', message: 'each stands once' }],
    })
  await demandSkills(tx, ids)
  const person = await tx.db
    .selectFrom('person')
    .select('id')
    .where('id', '=', personId)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  found(person, 'person')
  await tx.db.deleteFrom('person_skill').where('person_id', '=', personId).execute()
  if (skills.length > 0)
    await tx.db
      .insertInto('person_skill')
      .values(skills.map((skill) => ({ person_id: personId, ...skill })))
      .execute()
  await lookForPerson(tx, personId)
  await record(tx, [
    { verb: 'set-skills', subject: { kind: 'person', id: personId }, after: { skills }, visibility: 'audit' },
  ])
}

async function demandSkills(tx: Tx, ids: string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from skill where id = any(${ids}::uuid[]) and archived_at is null`.execute(tx.db)
  if (rows.length !== new Set(ids).size)
    throw new DeskError('invalid', 'There is no such skill.', {
      errors: [{ path: 'skills', message: 'one of them does not exist' }],
    })
}
