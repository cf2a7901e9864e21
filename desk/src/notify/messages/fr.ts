import { type Messages, subject } from '../message-shape.ts'
import { slaWords } from '../sla-words.ts'

export const fr: Messages = {
  page: {
    subjectOfMany: (count, numbers) => `${count} incidents vous attendent : ${numbers}`,
    lead: (count) =>
      count === 1 ? 'Un incident vous attend maintenant.' : `${count} incidents vous attendent maintenant.`,
    openedAt: (instant) => `Ouvert le ${instant}`,
    acknowledge: 'Prendre en charge',
    acknowledgeOnce: 'Le lien sert une seule fois, pendant un jour, et demande confirmation.',
    open: 'Ouvrir le ticket',
    andMore: (count) => `Et ${count} de plus, à prendre en charge sur votre page d’astreinte :`,
    onSchedule: (schedule, rotation) =>
      `Vous êtes d’astreinte dans « ${schedule} »${rotation ? ` (rotation « ${rotation} »)` : ''}.`,
    standIn: (schedule) => `Vous remplacez la personne d’astreinte dans « ${schedule} ».`,
    onTeam: (team, role) =>
      role === 'on_call'
        ? `Vous êtes d’astreinte dans l’équipe « ${team} ».`
        : `Vous dirigez l’équipe « ${team} », où personne n’est d’astreinte.`,
    named: 'La politique vous désigne.',
    byHand: (name) => (name ? `${name} vous appelle.` : 'Quelqu’un vous appelle.'),
    step: (policy, step, round) =>
      `Politique « ${policy} », étape ${step}${round > 1 ? `, passage ${round}` : ''}.`,
    sla: (policy, target, percent) =>
      `L’accord de niveau de service « ${policy} » le demande : ${slaWords.fr[target]} ${percent === 100 ? 'est en retard' : `a consommé ${percent} % de son délai`}.`,
  },
  slaMark: (policy, target, percent) =>
    `${slaWords.fr[target]} ${percent === 100 ? 'est en retard' : `a consommé ${percent} % de son délai`}. Vous êtes prévenu parce que l’accord « ${policy} » vous désigne, vous ou votre équipe.`,
  notice: {
    reminder: {
      subject: subject('Vous vouliez un rappel'),
      lead: ({ number }) => `Vous vouliez qu’on vous rappelle ${number}.`,
    },
    'sla-mark': {
      subject: subject('Le délai s’épuise'),
      lead: ({ number }) => `Un délai promis sur ${number} s’épuise ou est dépassé.`,
    },
    received: {
      subject: subject('Bien reçu'),
      lead: ({ number }) => `Merci. Votre demande est bien arrivée, sous le numéro ${number}.`,
    },
    reply: {
      subject: subject('Nouvelle réponse'),
      lead: ({ number }) => `Une réponse vous attend sur ${number} :`,
    },
    comment: {
      subject: subject('Le demandeur a écrit'),
      lead: ({ number }) => `Le demandeur a écrit sur ${number} :`,
    },
    resolved: {
      subject: subject('Résolu'),
      lead: ({ number }) => `${number} est résolu. Sinon, ouvrez-le et dites-le nous : nous le reprendrons.`,
    },
    cancelled: { subject: subject('Annulé'), lead: ({ number }) => `${number} a été annulé.` },
    reopened: {
      subject: subject('Rouvert'),
      lead: ({ number }) => `${number}, qui vous est confié, a été rouvert.`,
    },
    rule: {
      subject: subject('Une règle vous informe'),
      lead: ({ number }) => `Une règle vous informe de ${number} :`,
    },
    assigned: { subject: subject('À vous'), lead: ({ number }) => `${number} vous est confié.` },
    approval: {
      subject: subject('Votre approbation est demandée'),
      lead: ({ number }) => `${number} attend votre approbation.`,
    },
    approved: { subject: subject('Approuvé'), lead: ({ number }) => `${number} a été approuvé.` },
    rejected: {
      subject: subject('Pas approuvé'),
      lead: ({ number }) => `${number} n’a pas été approuvé. La raison figure avec la demande.`,
    },
    mention: {
      subject: subject('On vous mentionne'),
      lead: ({ number }) => `Un collègue vous mentionne dans ${number} :`,
    },
    merged: {
      subject: subject('Regroupé avec un autre'),
      lead: ({ number, into }) =>
        `${number} et ${into} ont le même objet. Le suivi continue dans ${into}, où vous en aurez des nouvelles.`,
    },
  },
  quiet: {
    'quiet-begin': {
      subject: (reason) => `En sourdine : ${reason}`,
      lead: (reason) =>
        `Votre fenêtre de maintenance « ${reason} » a commencé. Ce qu’elle couvre n’appelle personne jusqu’à sa fin.`,
    },
    'quiet-end': {
      subject: (reason) => `Fin de la sourdine : ${reason}`,
      lead: (reason) =>
        `Votre fenêtre de maintenance « ${reason} » est terminée. Ce qui est encore en panne a été repris.`,
    },
  },
  shadow: {
    subject: ({ integration, day }) => `À blanc le ${day} : ${integration.name}`,
    lead: ({ integration, day, incidents, pages, at_night }) =>
      `« ${integration.name} » fonctionne à blanc : personne n’a été appelé le ${day}. Tickets ouverts : ${incidents}. Appels qui seraient partis : ${pages}, dont entre 22 h et 8 h : ${at_night}.`,
    person: ({ name, pages, at_night }) =>
      `${name} : ${pages}${at_night > 0 ? `, dont ${at_night} la nuit` : ''}`,
  },
  follow: 'Suivre ici',
  stranger:
    'Quelqu’un nous a donné cette adresse. Si ce n’est pas vous, il n’y a rien à faire : un tel message par heure au plus.',
  sentBy: 'Envoyé par Tocsin. Les réponses à cette adresse ne sont pas lues.',
  test: {
    subject: 'Voici comment Tocsin vous joint',
    body: 'Un essai que vous avez demandé. Quand un incident vous attend, il arrive par ici.',
  },
}
