import { ApiProblem } from '#lib/api/problem.ts'
import type { SentFile } from './draft.svelte.ts'

/** Sends one file ahead of what will name it; tells how much of it is gone, 0 to 1. Fetch cannot tell that. */
export function sendFile(file: File, onProgress: (share: number) => void): Promise<SentFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/attachments')
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total > 0 ? loaded / total : 0),
    )
    request.addEventListener('load', () => {
      const answer = request.response as { items?: SentFile[]; title?: string; detail?: string } | null
      const sent = answer?.items?.[0]
      if (request.status === 201 && sent) resolve(sent)
      else
        reject(
          new ApiProblem({
            title: answer?.title ?? request.statusText,
            detail: answer?.detail,
            status: request.status,
          }),
        )
    })
    request.addEventListener('error', () => reject(new TypeError('the file could not be sent')))
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}
