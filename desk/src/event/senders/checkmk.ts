import type { Sender } from '../sender.ts'

export const checkmk: Sender = {
  name: 'Checkmk',
  configuration: ({ url }) => [
    {
      file: '~/local/share/check_mk/notifications/tocsin',
      language: 'sh',
      text: `#!/bin/sh
# Tocsin
env | grep '^NOTIFY_' | sort | python3 -c '
import json, sys, urllib.request
fields = dict(line.rstrip("\\n").split("=", 1) for line in sys.stdin if "=" in line)
request = urllib.request.Request("${url}", json.dumps(fields).encode(), {"Content-Type": "application/json"})
urllib.request.urlopen(request, timeout=10)'
`,
    },
  ],
}
