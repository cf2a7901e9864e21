import type { Attachment } from 'svelte/attachments'
import type { Reassign, To } from './reassign.svelte.ts'

/** Where a dragged ticket can be let go. `data-over` while one hovers there. */
export const drop =
  (reassign: Reassign, to: () => To): Attachment<HTMLElement> =>
  (element) => {
    let depth = 0
    const over = (by: number) => {
      depth = Math.max(0, depth + by)
      element.toggleAttribute('data-over', depth > 0)
    }
    const enter = () => reassign.dragged && over(1)
    const leave = () => over(-1)
    const allow = (event: DragEvent) => {
      if (!reassign.dragged) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'move'
    }
    const release = (event: DragEvent) => {
      const ticket = reassign.dragged
      over(-depth)
      if (!ticket) return
      event.preventDefault()
      reassign.dragged = undefined
      void reassign.move(ticket, to())
    }
    element.addEventListener('dragenter', enter)
    element.addEventListener('dragleave', leave)
    element.addEventListener('dragover', allow)
    element.addEventListener('drop', release)
    return () => {
      element.removeEventListener('dragenter', enter)
      element.removeEventListener('dragleave', leave)
      element.removeEventListener('dragover', allow)
      element.removeEventListener('drop', release)
    }
  }
