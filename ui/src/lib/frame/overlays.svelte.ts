/** What floats above every page; one place, so that keys, buttons and the palette open the same thing. */
class Overlays {
  palette = $state(false)
  /** The palette was asked for tickets: they come before what can be done. */
  searching = $state(false)
  keys = $state(false)

  search(): void {
    this.searching = true
    this.palette = true
  }

  toggleCommands(): void {
    this.searching = false
    this.palette = !this.palette
  }
}

export const overlays = new Overlays()
