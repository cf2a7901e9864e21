import type { Sender } from '../sender.ts'

export const githubActions: Sender = {
  name: 'GitHub Actions',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Settings › Webhooks › Add webhook',
      language: 'text',
      text: `Payload URL: ${url}
Content type: application/json
Events: Workflow runs
`,
    },
    {
      file: 'gh',
      language: 'sh',
      text: `gh api repos/{owner}/{repo}/hooks -f name=web -f 'events[]=workflow_run' \\
  -f 'config[url]=${url}' -f 'config[content_type]=json'
`,
    },
  ],
}
