import { type Messages, subject } from '../message-shape.ts'
import { slaWords } from '../sla-words.ts'

export const en: Messages = {
  page: {
    subjectOfMany: (count, numbers) => `${count} incidents need you: ${numbers}`,
    lead: (count) => (count === 1 ? 'An incident needs you now.' : `${count} incidents need you now.`),
    openedAt: (instant) => `Opened ${instant}`,
    acknowledge: 'Acknowledge',
    acknowledgeOnce: 'The link works once, for a day, and asks you to confirm.',
    open: 'Open the ticket',
    andMore: (count) => `And ${count} more, to acknowledge on your on-call page:`,
    onSchedule: (schedule, rotation) =>
      `You are on call in “${schedule}”${rotation ? ` (rotation “${rotation}”)` : ''}.`,
    standIn: (schedule) => `You stand in as on call in “${schedule}”.`,
    onTeam: (team, role) =>
      role === 'on_call'
        ? `You are on call in the team “${team}”.`
        : `You manage the team “${team}”, which has nobody on call.`,
    named: 'The policy names you.',
    byHand: (name) => (name ? `${name} asks for you.` : 'Somebody asks for you.'),
    step: (policy, step, round) =>
      `Policy “${policy}”, step ${step}${round > 1 ? `, time ${round} through` : ''}.`,
    sla: (policy, target, percent) =>
      `SLA policy “${policy}” asks for it: ${slaWords.en[target]} ${percent === 100 ? 'is late' : `has used ${percent} % of its time`}.`,
  },
  slaMark: (policy, target, percent) =>
    `${slaWords.en[target]} ${percent === 100 ? 'is late' : `has used ${percent} % of its time`}. You are told because the SLA policy “${policy}” names you or your team.`,
  notice: {
    reminder: {
      subject: subject('You wanted to be reminded'),
      lead: ({ number }) => `You wanted to be reminded of ${number}.`,
    },
    'sla-mark': {
      subject: subject('The clock runs out'),
      lead: ({ number }) => `A promised time on ${number} is running out or is over.`,
    },
    received: {
      subject: subject('We have received it'),
      lead: ({ number }) => `Thank you. We have received your request and keep it under ${number}.`,
    },
    reply: { subject: subject('New reply'), lead: ({ number }) => `There is a reply on ${number}:` },
    comment: {
      subject: subject('The requester wrote'),
      lead: ({ number }) => `The requester wrote on ${number}:`,
    },
    resolved: {
      subject: subject('Resolved'),
      lead: ({ number }) =>
        `${number} is resolved. If it is not, open it and say so: it will be taken up again.`,
    },
    cancelled: { subject: subject('Cancelled'), lead: ({ number }) => `${number} was cancelled.` },
    reopened: {
      subject: subject('Reopened'),
      lead: ({ number }) => `${number}, which is yours, was reopened.`,
    },
    rule: { subject: subject('A rule tells you'), lead: ({ number }) => `A rule tells you of ${number}:` },
    assigned: { subject: subject('Yours now'), lead: ({ number }) => `${number} was assigned to you.` },
    approval: {
      subject: subject('Your approval is asked for'),
      lead: ({ number }) => `${number} waits for your approval.`,
    },
    approved: { subject: subject('Approved'), lead: ({ number }) => `${number} was approved.` },
    rejected: {
      subject: subject('Not approved'),
      lead: ({ number }) => `${number} was not approved. Why stands with the request.`,
    },
    mention: {
      subject: subject('You are mentioned'),
      lead: ({ number }) => `A colleague mentions you in ${number}:`,
    },
    merged: {
      subject: subject('Goes on in another'),
      lead: ({ number, into }) =>
        `${number} and ${into} are one matter. It goes on in ${into}, where you hear what comes of it.`,
    },
  },
  quiet: {
    'quiet-begin': {
      subject: (reason) => `It is quiet now: ${reason}`,
      lead: (reason) =>
        `Your maintenance window “${reason}” has begun. What it covers pages nobody until it ends.`,
    },
    'quiet-end': {
      subject: (reason) => `No longer quiet: ${reason}`,
      lead: (reason) => `Your maintenance window “${reason}” is over. What still fails has been taken up.`,
    },
  },
  shadow: {
    subject: ({ integration, day }) => `In shadow on ${day}: ${integration.name}`,
    lead: ({ integration, day, incidents, pages, at_night }) =>
      `“${integration.name}” is in shadow, so nobody was paged on ${day}. Tickets opened: ${incidents}. Pages that would have gone out: ${pages}, of them between 22 and 8 o’clock: ${at_night}.`,
    person: ({ name, pages, at_night }) =>
      `${name}: ${pages}${at_night > 0 ? `, ${at_night} of them at night` : ''}`,
  },
  follow: 'Follow it here',
  stranger:
    'Somebody gave us this address. If it was not you, there is nothing to do: such mail comes once an hour at most.',
  sentBy: 'Sent by Tocsin. Answers to this address are not read.',
  test: {
    subject: 'This is how Tocsin reaches you',
    body: 'A test that you asked for. When an incident needs you, it comes this way.',
  },
}
