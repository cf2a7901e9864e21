import type { Resource } from '../../context.ts'
import { editScheduleRoutes } from './edit.ts'
import { readScheduleRoutes } from './read.ts'

export const scheduleRoutes: Resource = (app, deps) => {
  readScheduleRoutes(app, deps)
  editScheduleRoutes(app, deps)
}
