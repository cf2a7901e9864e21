export { findSimilar, type Likeness, type SimilarTicket } from './find.ts'
