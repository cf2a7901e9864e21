import { sweepImports } from '@tocsin/desk'
import type { TestApi } from './api.ts'
import type { TestDatabase } from './database.ts'

export interface ImportAnswer {
  status: number
  body: {
    id: string
    state: string
    suggested: string | null
    guess: Record<string, unknown> | null
    columns: string[]
    mapping: { rows: string } | null
    form: { header: boolean; encoding: string; delimiter: string }
    refused_rows: number
    report: {
      tickets: number
      refused: number
      already: number
      unknown: { field: string; value: string; count: number }[]
      unused_columns: string[]
    }
    errors?: { path: string; message: string }[]
    items: { line: number; field: string; value: string; message: string; cells: string[] }[]
  }
}

/** Imports as a program asks for them, with the engine's work done in between. */
export function importsOf(record: TestDatabase, api: TestApi, key: string) {
  const answered = async (response: Response): Promise<ImportAnswer> => ({
    status: response.status,
    body: (await response.json()) as ImportAnswer['body'],
  })
  const ask = async (method: string, path: string, body?: unknown) =>
    answered(await api.call(key, method, `/api/v1/imports${path && `/${path}`}`, body))
  const upload = async (file: string | Buffer, { name = 'export.csv', query = '' } = {}) => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), name)
    const request = new Request(`http://127.0.0.1:3000/api/v1/imports${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    })
    return answered(await api.app.request(request))
  }
  const work = async () => {
    while ((await sweepImports(record.db)) > 0);
  }
  /** Uploaded, with the mapping that is proposed and what is said besides, and tried on the whole file. */
  const tried = async (file: string | Buffer, mapping: Record<string, unknown> = {}, name?: string) => {
    const { body } = await upload(file, { name })
    const { body: given } = await ask('GET', body.id)
    const mapped = await ask('PUT', `${body.id}/mapping`, { ...given.guess, ...mapping })
    if (mapped.status !== 200) return mapped
    await ask('POST', `${body.id}/check`)
    await work()
    return ask('GET', body.id)
  }
  const bringIn = async (file: string | Buffer, mapping: Record<string, unknown> = {}, name?: string) => {
    const { body } = await tried(file, mapping, name)
    await ask('POST', `${body.id}/start`)
    await work()
    return (await ask('GET', body.id)).body
  }
  const refusedCsv = async (id: string) => {
    const csv = await api.call(key, 'GET', `/api/v1/imports/${id}/refused?format=csv`)
    return (await csv.text()).replace('\uFEFF', '')
  }
  return { ask, upload, work, tried, bringIn, refusedCsv }
}
