import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env.CALLBOARD_URL ?? 'http://127.0.0.1:7007'

export default defineConfig({
  root: here('packages/portal/src/shell/web'),
  plugins: [react()],
  build: {
    outDir: here('dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // why: the framework changes seldom, so that browsers keep it when the portal is updated.
          groups: [
            { name: 'framework', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/ },
            // why: one file instead of twenty tiny ones; what only one page uses stays with that page.
            {
              name: 'ui',
              test: /node_modules[\\/](@mantine|@tabler|@floating-ui|clsx)[\\/]|packages[\\/](ui|sdk)[\\/]src/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 7008,
    strictPort: true,
    proxy: { '/api': server, '/.backstage': server },
  },
})
