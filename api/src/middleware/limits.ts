import { DeskError } from '@tocsin/desk'
import { bodyLimit } from 'hono/body-limit'

const JSON_LIMIT = 1024 * 1024
const UPLOAD_LIMIT = 26 * 1024 * 1024

const limit = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new DeskError('too_large', `The body may hold ${maxSize / 1024 / 1024} MB at most.`)
    },
  })

export const jsonLimit = limit(JSON_LIMIT)
export const uploadLimit = limit(UPLOAD_LIMIT)
