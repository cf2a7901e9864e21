import type { Me } from '#lib/api/types.ts'

declare global {
  namespace App {
    interface Error {
      status: number
      message: string
      requestId?: string
    }
    interface Locals {
      requestId: string
    }
    interface PageData {
      me?: Me | null
    }
  }
}

export {}
