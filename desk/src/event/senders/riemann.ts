import type { Sender } from '../sender.ts'

export const riemann: Sender = {
  name: 'Riemann',
  configuration: ({ url }) => [
    {
      file: 'riemann.config',
      language: 'text',
      text: `(require '[clj-http.client :as http] '[cheshire.core :as json])
(defn tocsin [event]
  (http/post "${url}" {:content-type :json :body (json/generate-string event)}))
(streams (changed-state {:init "ok"} tocsin))
`,
    },
  ],
}
