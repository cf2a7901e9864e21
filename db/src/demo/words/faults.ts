import { type Local, local } from './local.ts'
import type { ServiceKey } from './services.ts'

/** What people report, in their own words. */
export interface Fault {
  service: ServiceKey
  weight: number
  impact: 'high' | 'medium' | 'low'
  urgency: 'high' | 'medium' | 'low'
  title: Local
  words: Local
  /** Median working hours to solve. */
  takes: number
}

const fault = (
  service: ServiceKey,
  weight: number,
  [impact, urgency]: readonly [Fault['impact'], Fault['urgency']],
  takes: number,
  title: Local,
  words: Local,
): Fault => ({ service, weight, impact, urgency, takes, title, words })

const LOW = ['low', 'low'] as const
const USUAL = ['low', 'medium'] as const
const PRESSING = ['low', 'high'] as const
const SHARED = ['medium', 'medium'] as const

export const FAULTS: Fault[] = [
  fault(
    'vpn',
    9,
    USUAL,
    4,
    local(
      'VPN disconnects every few minutes',
      'Le VPN se déconnecte sans cesse',
      'La VPN cade ogni pochi minuti',
    ),
    local(
      'Working from home since this morning, the VPN drops about every ten minutes.',
      'En télétravail depuis ce matin, le VPN tombe toutes les dix minutes environ.',
      'Sono in smart working da stamattina, la VPN cade ogni dieci minuti circa.',
    ),
  ),
  fault(
    'vpn',
    6,
    PRESSING,
    2,
    local('Cannot connect to VPN', 'Impossible de se connecter au VPN', 'Non riesco a collegarmi alla VPN'),
    local(
      'It stays on "connecting" and then says authentication failed.',
      'Il reste sur « connexion » puis indique un échec d’authentification.',
      'Resta su "connessione" e poi dice autenticazione fallita.',
    ),
  ),
  fault(
    'printing',
    11,
    LOW,
    6,
    local(
      'Printer on the second floor is jammed',
      'Imprimante du 2e étage bloquée',
      'Stampante del secondo piano inceppata',
    ),
    local(
      'It says paper jam but there is no paper inside.',
      'Elle indique un bourrage mais il n’y a pas de papier.',
      'Dice carta inceppata ma dentro non c’è niente.',
    ),
  ),
  fault(
    'printing',
    5,
    SHARED,
    3,
    local(
      'Label printer prints blank labels',
      'L’imprimante d’étiquettes imprime des étiquettes vides',
      'La stampante etichette stampa etichette vuote',
    ),
    local(
      'Dispatch cannot ship pallets without labels. Happens on both printers at gate 3.',
      'L’expédition ne peut pas partir sans étiquettes. Les deux imprimantes de la porte 3.',
      'La spedizione è ferma senza etichette. Succede su entrambe le stampanti della porta 3.',
    ),
  ),
  fault(
    'workstations',
    10,
    LOW,
    9,
    local('Laptop is very slow', 'Ordinateur très lent', 'Portatile lentissimo'),
    local(
      'It takes ten minutes to start and Excel freezes.',
      'Il met dix minutes à démarrer et Excel se fige.',
      'Ci mette dieci minuti ad avviarsi ed Excel si blocca.',
    ),
  ),
  fault(
    'workstations',
    6,
    USUAL,
    7,
    local('Second screen not recognised', 'Deuxième écran non reconnu', 'Secondo monitor non riconosciuto'),
    local(
      'Since the last update the dock does not see my second screen.',
      'Depuis la dernière mise à jour, la station ne voit plus mon deuxième écran.',
      'Dall’ultimo aggiornamento la dock non vede più il secondo monitor.',
    ),
  ),
  fault(
    'workstations',
    4,
    PRESSING,
    6,
    local(
      'Blue screen when opening Teams',
      'Écran bleu à l’ouverture de Teams',
      'Schermata blu aprendo Teams',
    ),
    local(
      'Third time today. I have a customer call at three.',
      'Troisième fois aujourd’hui. J’ai un appel client à 15 h.',
      'Terza volta oggi. Alle 15 ho una chiamata con un cliente.',
    ),
  ),
  fault(
    'email',
    6,
    USUAL,
    5,
    local(
      'E-mail arrives an hour late',
      'Les e-mails arrivent avec une heure de retard',
      'Le mail arrivano con un’ora di ritardo',
    ),
    local(
      'Orders from customers come in an hour late, we noticed with three of them.',
      'Les commandes arrivent avec une heure de retard, constaté pour trois clients.',
      'Gli ordini dei clienti arrivano un’ora dopo, lo abbiamo visto con tre di loro.',
    ),
  ),
  fault(
    'email',
    4,
    LOW,
    8,
    local(
      'Shared calendar does not open',
      'L’agenda partagé ne s’ouvre pas',
      'Il calendario condiviso non si apre',
    ),
    local(
      'I see "no permission", last week it worked.',
      'Je vois « pas de droit », la semaine dernière cela marchait.',
      'Vedo "nessun permesso", la settimana scorsa funzionava.',
    ),
  ),
  fault(
    'wifi',
    7,
    USUAL,
    8,
    local(
      'No Wi-Fi in the meeting rooms',
      'Pas de Wi-Fi dans les salles de réunion',
      'Niente Wi-Fi nelle sale riunioni',
    ),
    local(
      'Rooms Adige and Brenta. Phones and laptops both.',
      'Salles Adige et Brenta, téléphones et ordinateurs.',
      'Sale Adige e Brenta, sia telefoni sia portatili.',
    ),
  ),
  fault(
    'erp',
    9,
    SHARED,
    5,
    local(
      'ERP is slow when posting invoices',
      'ERP lent à la saisie des factures',
      'ERP lento nel registrare le fatture',
    ),
    local(
      'Every posting takes about a minute, month end is tomorrow.',
      'Chaque saisie prend une minute, la clôture est demain.',
      'Ogni registrazione ci mette un minuto, domani c’è la chiusura.',
    ),
  ),
  fault(
    'erp',
    4,
    USUAL,
    6,
    local(
      'Delivery notes do not print from the ERP',
      'Les bons de livraison ne s’impriment pas',
      'Le bolle non si stampano dall’ERP',
    ),
    local(
      'The job disappears from the queue without a message.',
      'Le travail disparaît de la file sans message.',
      'Il lavoro sparisce dalla coda senza messaggi.',
    ),
  ),
  fault(
    'warehouse',
    9,
    SHARED,
    3,
    local('Hand scanners do not connect', 'Les scanners ne se connectent pas', 'I lettori non si collegano'),
    local(
      'Four scanners at gate 2 say "no server". We pick on paper.',
      'Quatre scanners à la porte 2 affichent « pas de serveur ». On prépare sur papier.',
      'Quattro lettori alla porta 2 dicono "nessun server". Facciamo il picking su carta.',
    ),
  ),
  fault(
    'tills',
    8,
    SHARED,
    2,
    local('Till 2 is frozen', 'Caisse 2 bloquée', 'Cassa 2 bloccata'),
    local(
      'Customers are waiting, only one till works in the shop.',
      'Des clients attendent, une seule caisse fonctionne.',
      'Ci sono clienti in fila, funziona una cassa sola.',
    ),
  ),
  fault(
    'tills',
    6,
    ['medium', 'high'],
    2,
    local(
      'Card reader does not take contactless',
      'Le lecteur n’accepte plus le sans contact',
      'Il POS non accetta contactless',
    ),
    local(
      'Only cash since opening this morning.',
      'Espèces uniquement depuis l’ouverture.',
      'Solo contanti da stamattina all’apertura.',
    ),
  ),
  fault(
    'production',
    5,
    SHARED,
    3,
    local(
      'Terminal on line 3 shows an old recipe',
      'Le terminal de la ligne 3 affiche une ancienne recette',
      'Il terminale della linea 3 mostra una ricetta vecchia',
    ),
    local(
      'The operator noticed it before starting the batch, line is waiting.',
      'L’opérateur l’a vu avant le lot, la ligne attend.',
      'L’operatore se n’è accorto prima del lotto, la linea è ferma.',
    ),
  ),
  fault(
    'telephony',
    4,
    USUAL,
    6,
    local('Callers cannot hear me', 'Mes interlocuteurs ne m’entendent pas', 'Chi chiama non mi sente'),
    local(
      'On the desk phone only, the headset works with Teams.',
      'Uniquement sur le poste fixe, le casque marche avec Teams.',
      'Solo dal telefono fisso, le cuffie con Teams vanno.',
    ),
  ),
  fault(
    'reporting',
    5,
    LOW,
    10,
    local(
      'Sales report is empty since Monday',
      'Le rapport des ventes est vide depuis lundi',
      'Il report vendite è vuoto da lunedì',
    ),
    local(
      'The refresh says OK but there are no rows after Sunday.',
      'L’actualisation dit OK mais il n’y a rien après dimanche.',
      'L’aggiornamento dice OK ma dopo domenica non ci sono righe.',
    ),
  ),
  fault(
    'storage',
    4,
    LOW,
    4,
    local(
      'File is locked by somebody who left',
      'Fichier verrouillé par une personne partie',
      'File bloccato da una persona che non c’è più',
    ),
    local(
      'The price list of this year cannot be saved.',
      'Impossible d’enregistrer les tarifs de cette année.',
      'Non riesco a salvare il listino di quest’anno.',
    ),
  ),
  fault(
    'webshop',
    4,
    SHARED,
    6,
    local(
      'Vouchers are refused at checkout',
      'Les bons sont refusés au paiement',
      'I buoni sono rifiutati al pagamento',
    ),
    local(
      'Customer care has eleven complaints since noon.',
      'Le service client a reçu onze plaintes depuis midi.',
      'Il servizio clienti ha undici reclami da mezzogiorno.',
    ),
  ),
]
