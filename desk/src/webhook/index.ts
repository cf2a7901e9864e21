export { webhookMessages } from './deliver.ts'
export { calledBody, readToldTickets } from './message.ts'
export { keepDeliveries, readWebhookLines } from './read-feed.ts'
export { forgetDeliveries, replayDelivery, replayFailed, testWebhook } from './replay.ts'
export {
  archiveWebhook,
  createWebhook,
  editWebhook,
  rotateSecret,
  switchWebhook,
  WebhookTerms,
} from './webhook.ts'
