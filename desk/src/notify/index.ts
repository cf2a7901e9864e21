export { asksAgain, postBytes, type Reached } from './call-webhook.ts'
export { type LinkedPage, readLink, useLink } from './acknowledge-link.ts'
export {
  addContactMethod,
  type ContactInput,
  editContactMethod,
  removeContactMethod,
} from './contact-method.ts'
export { demandPublic } from './demand-public.ts'
export { deliveries, type DeliveryDeps } from './deliver.ts'
export { instantFor } from './messages.ts'
export { mayCall } from './public-address.ts'
export { explainPage, type PageReason } from './page-message.ts'
export { queueDeliveries } from './queue.ts'
export { readNotices } from './read-notices.ts'
export type { ContactKind, FailureReason, Mail, SendMail, Sent } from './send.ts'
export { notices } from './send-notices.ts'
export { createSenders, type NotifyConfig } from './senders.ts'
export { testContactMethod } from './test-contact.ts'
export { tellOfThing } from './thing-notices.ts'
