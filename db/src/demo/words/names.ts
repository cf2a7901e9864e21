import type { Chance } from '../chance.ts'

const GIVEN = {
  it: 'Alessia Andrea Anna Beatrice Carlo Chiara Claudia Davide Elena Elisa Emanuele Fabio Federica Francesca Gabriele Giada Giorgio Giulia Ilaria Irene Laura Lorenzo Luca Ludovica Marco Margherita Martina Matteo Michele Monica Nicola Paola Pietro Riccardo Roberta Sara Silvia Simone Stefano Tommaso Valentina Vittoria',
  fr: 'Adèle Alexandre Amélie Antoine Aurélie Baptiste Bruno Camille Céline Clément Élodie Émile Étienne Fanny Florian Gaëlle Guillaume Hugo Inès Julien Juliette Laurent Léa Manon Margaux Mathilde Mathieu Nadia Noémie Olivier Pauline Quentin Romain Sandrine Sébastien Solène Thomas Yann',
  en: 'Aisha Alice Amir Ben Charlotte Daniel Emma Farah George Grace Hannah Isaac Jack Jasmine Joseph Kofi Leila Lucy Maya Michael Nina Oliver Omar Priya Rachel Samuel Sofia Thomas Tom Zoe',
} as const
const FAMILY = {
  it: 'Amato Barbieri Basile Bellini Benedetti Bianchi Bruno Caputo Caruso Cattaneo Colombo Conti Costa De Luca|Esposito Fabbri Ferrari Ferrara Fontana Galli Gatti Gentile Giordano Greco Leone Lombardi Longo Mancini Marchetti Mariani Marino Martinelli Messina Monti Moretti Negri Orlando Palumbo Parisi Pellegrini Ricci Rinaldi Rizzo Romano Rossetti Russo Sala Santoro Serra Testa Valentini Villa Vitale',
  fr: 'Aubert Barbier Bernard Blanchard Bonnet Boyer Brunet Carpentier Chevalier Colin David Denis Dubois Dumas Dupont Durand Fabre Faure Fontaine Fournier Garnier Gauthier Girard Guérin Henry Lambert Leclercq Lefèvre Legrand Lemaire Leroy Marchand Masson Mercier Morel Moulin Noël Perrin Petit Renard Renaud Richard Robin Rousseau Roux Roy Schmitt Simon Vidal',
  en: 'Adeyemi Ahmed Bailey Bennett Brooks Carter Chen Clarke Cooper Davies Edwards Evans Foster Grant Green Hughes Hussain Jackson Kaur Kelly Khan Mensah Mitchell Morgan Murphy Okafor Osei Patel Phillips Reid Roberts Scott Shah Taylor Walker Ward Wood Wright',
} as const

export type Locale = keyof typeof GIVEN

const words = (list: string): string[] =>
  list.split(/[ |]/).reduce<string[]>((names, word) => {
    // “De Luca” is one name.
    if (names.at(-1) === 'De') names[names.length - 1] = `De ${word}`
    else names.push(word)
    return names
  }, [])
const given = { it: words(GIVEN.it), fr: words(GIVEN.fr), en: words(GIVEN.en) }
const family = { it: words(FAMILY.it), fr: words(FAMILY.fr), en: words(FAMILY.en) }

/** Names that nobody bears yet among those handed out by one minter, with their mail addresses. */
export function createNameMinter(chance: Chance, domain: string) {
  const taken = new Set<string>()
  return {
    /** Takes this name; throws when somebody has it. */
    take: (name: string) => {
      const email = addressOf(name, domain)
      if (taken.has(email)) throw new Error(`${name} is there twice.`)
      taken.add(email)
      return { name, email }
    },
    mint: (locale: Locale) => {
      for (;;) {
        const name = `${chance.pick(given[locale])} ${chance.pick(family[locale])}`
        const email = addressOf(name, domain)
        if (taken.has(email)) continue
        taken.add(email)
        return { name, email }
      }
    },
  }
}

const addressOf = (name: string, domain: string): string =>
  `${name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.')}@${domain}`
