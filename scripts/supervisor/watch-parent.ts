// Preloaded into every process that we start (`--import watch-parent.ts?parent=PID`): when the one that started
// it is gone, even by kill -9, it stops as if asked to, and by force when it hangs.
const parent = Number(new URL(import.meta.url).searchParams.get('parent'))

const watch = setInterval(() => {
  if (process.ppid === parent) return
  clearInterval(watch)
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 15_000).unref()
}, 500)
watch.unref()
