import { workerData } from 'node:worker_threads'
import { connect } from '@tocsin/db'
import { workReplay } from './work.ts'

const { databaseUrl, id } = workerData as { databaseUrl: string; id: string }
const db = connect(databaseUrl, { name: 'tocsin replay', max: 6 })
try {
  await workReplay(db, id)
} finally {
  await db.destroy()
}
