declare module 'opsgenie-sdk' {
  type Done = (error: Answer | null, answer: Answer | null) => void
  export interface Answer {
    httpStatusCode?: number
    message?: string
    result?: string
    requestId: string
    data?: Record<string, unknown>
  }
  type Call = (given: unknown, done: Done) => void
  type Act = (identifier: unknown, given: unknown, done: Done) => void
  const sdk: {
    configure: (options: { host: string; api_key: string; maxAttempts?: number }) => void
    alertV2: {
      create: Call
      get: Call
      list: Call
      getRequestStatus: Call
      acknowledge: Act
      close: Act
      addNote: Act
      snooze: Act
    }
  }
  export default sdk
}
