/** What floats above every page; one place, so that keys, buttons and the palette open the same thing. */
class Overlays {
  palette = $state(false)
  keys = $state(false)
}

export const overlays = new Overlays()
