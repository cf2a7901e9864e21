import type { Sender } from '../sender.ts'

export const kapacitor: Sender = {
  name: 'Kapacitor',
  configuration: ({ url }) => [
    {
      file: 'kapacitor.conf',
      language: 'ini',
      text: `[[httppost]]
  endpoint = "tocsin"
  url = "${url}"
`,
    },
    {
      file: 'TICKscript',
      language: 'text',
      text: `|alert()
  .id('{{ .Name }}/{{ index .Tags "host" }}')
  .post()
    .endpoint('tocsin')
`,
    },
  ],
}
