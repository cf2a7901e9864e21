import { type Local, local } from './local.ts'

/** What the desk writes first, asks, and says at the end; `{}` is the requester's first name. */
export const FIRST_WORDS: Local[] = [
  local(
    'Hello {}, thank you for writing. I am looking into it and come back to you today.',
    'Bonjour {}, merci pour votre message. Je regarde et reviens vers vous aujourd’hui.',
    'Buongiorno {}, grazie della segnalazione. La sto guardando e le faccio sapere in giornata.',
  ),
  local('Hi {}, I have taken this on.', 'Bonjour {}, je m’en occupe.', 'Ciao {}, me ne occupo io.'),
  local(
    'Hello {}, received. We start with it this morning.',
    'Bonjour {}, bien reçu. Nous commençons ce matin.',
    'Buongiorno {}, ricevuto. Iniziamo stamattina.',
  ),
]
export const QUESTIONS: Local[] = [
  local(
    'Could you tell me the name of the computer (on the sticker) and when it happened last?',
    'Pouvez-vous me donner le nom du poste (sur l’étiquette) et la dernière occurrence ?',
    'Può dirmi il nome del computer (sull’etichetta) e quando è successo l’ultima volta?',
  ),
  local(
    'Who is your manager for the approval? I cannot see it in the directory.',
    'Qui est votre responsable pour l’accord ? Je ne le vois pas dans l’annuaire.',
    'Chi è il suo responsabile per l’approvazione? Non lo vedo in rubrica.',
  ),
  local(
    'Can you try again now and send me a screenshot if it fails?',
    'Pouvez-vous réessayer et m’envoyer une capture si cela échoue ?',
    'Può riprovare adesso e mandarmi una schermata se non va?',
  ),
]
export const ANSWERS: Local[] = [
  local(
    'It is VLD-4471, last time at half past nine.',
    'C’est VLD-4471, la dernière fois à 9 h 30.',
    'È VLD-4471, l’ultima volta alle nove e mezza.',
  ),
  local('Here you are. It still happens.', 'Voici. Cela se produit toujours.', 'Ecco. Succede ancora.'),
  local(
    'My manager has approved, see the mail I forwarded.',
    'Mon responsable a donné son accord, voir le mail transféré.',
    'Il mio responsabile ha approvato, vedi la mail inoltrata.',
  ),
]
export const LAST_WORDS: Local[] = [
  local(
    'Done, {}. Please try it and write here if something is missing.',
    'C’est fait, {}. Essayez et écrivez ici s’il manque quelque chose.',
    'Fatto, {}. Provi e scriva qui se manca qualcosa.',
  ),
  local(
    'This works again. It was a stale configuration on the device.',
    'Cela fonctionne de nouveau. C’était une configuration périmée sur l’appareil.',
    'Ora funziona di nuovo. Era una configurazione vecchia sul dispositivo.',
  ),
  local(
    'Everything is in place, {}. Have a good day.',
    'Tout est en place, {}. Bonne journée.',
    'È tutto a posto, {}. Buona giornata.',
  ),
]
export const STILL_BROKEN: Local[] = [
  local(
    'It was fine yesterday, today it is back.',
    'Hier c’était bon, aujourd’hui cela recommence.',
    'Ieri andava, oggi è di nuovo così.',
  ),
  local(
    'Sorry, it still does not work on my side.',
    'Désolé, cela ne marche toujours pas chez moi.',
    'Scusate, da me ancora non va.',
  ),
]
/** What engineers write to one another. */
export const NOTES: string[] = [
  'Restarted the service, watching the graph.',
  'Same pattern as last week, see the linked one. Proposing a problem record.',
  'Vendor case opened, waiting for their engineer.',
  'Rolled back to the previous version, errors go down.',
  'Cleared 40 GB of old WAL archives by hand. This is the third time this month.',
  'Not us: the provider confirms an outage in their region.',
  'Failover done, replica is primary now.',
  'Checked with the site, the UPS was being serviced.',
  'Raised the limit for tonight; needs a real fix before Monday.',
]
