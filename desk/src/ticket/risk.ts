export type Risk = 'low' | 'medium' | 'high'
export const RISKS: Risk[] = ['low', 'medium', 'high']

/** The questionnaire: what each yes weighs. The questions are worded in the pages. */
export const RISK_POINTS = {
  interrupts: 3, // users notice while it is carried out
  untested: 2,
  hard_to_undo: 3,
  first_time: 1,
  reaches_others: 2, // other services depend on what it touches
} as const
export type RiskQuestion = keyof typeof RISK_POINTS
export type RiskAnswers = Partial<Record<RiskQuestion, boolean>>

/** What the answers say: up to 2 points are a low risk, up to 5 a medium one. */
export function riskOf(answers: RiskAnswers): { points: number; risk: Risk } {
  const points = (Object.keys(RISK_POINTS) as RiskQuestion[])
    .filter((question) => answers[question])
    .reduce((sum, question) => sum + RISK_POINTS[question], 0)
  return { points, risk: points <= 2 ? 'low' : points <= 5 ? 'medium' : 'high' }
}
