// Runs before anything else of the server, so it may set what the adapter reads at import.

// Attachments stream through to the API, which has the limit; the adapter's own (512 KB) would cut them.
process.env.BODY_SIZE_LIMIT ??= 'Infinity'
process.env.HOST ??= '127.0.0.1'
process.env.SHUTDOWN_TIMEOUT ??= '5'

// An orphan would keep the port: when the supervisor is killed outright, nobody else tells us to stop.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
}, 500).unref()
