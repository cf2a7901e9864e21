import { m } from '#lib/paraglide/messages.js'
import { forgetChoice, rememberChoice } from '#lib/text/locale.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

class Theme {
  /** What was chosen here since the page came; the server's answer stands in the root element before. */
  #chosen = $state<ThemeChoice | undefined>()

  get current(): ThemeChoice {
    if (this.#chosen) return this.#chosen
    const value = typeof document === 'undefined' ? undefined : document.documentElement.dataset.theme
    return value === 'light' || value === 'dark' ? value : 'system'
  }

  get choices(): { value: ThemeChoice; label: string }[] {
    return [
      { value: 'system', label: m.frame_theme_system() },
      { value: 'light', label: m.frame_theme_light() },
      { value: 'dark', label: m.frame_theme_dark() },
    ]
  }

  choose(choice: ThemeChoice): void {
    this.#chosen = choice
    document.documentElement.dataset.theme = choice
    if (choice === 'system') forgetChoice('tocsin_theme')
    else rememberChoice('tocsin_theme', choice)
  }
}

export const theme = new Theme()
