import { paraglideVitePlugin } from '@inlang/paraglide-js'
import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

const here = import.meta.dirname

export default defineConfig({
  resolve: { alias: [{ find: /^bits-ui$/, replacement: `${here}/src/lib/parts/bits-ui.ts` }] },
  plugins: [
    tailwindcss(),
    sveltekit({
      // Compressed copies are for browsers far away, and making them takes as long as a fifth of the build.
      adapter: adapter({ precompress: process.env.COMPRESS_PAGES !== undefined }),
      // Programs post forms and bodies without a type to /api; the same-origin rule stands in hooks.server.ts.
      csrf: { trustedOrigins: ['*'] },
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          // Style attributes place menus and bars; they cannot run anything.
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'font-src': ['self', 'data:'],
          'connect-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
      version: { pollInterval: 0 },
    }),
    paraglideVitePlugin({
      project: `${here}/project.inlang`,
      outdir: `${here}/src/lib/paraglide`,
      strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
      cookieName: 'tocsin_locale',
      emitGitIgnore: false,
      emitReadme: false,
    }),
  ],
  build: {
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    // Nothing reads them where the pages run.
    sourcemap: false,
  },
})
