import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type Plugin } from 'vite';

/**
 * Runs the same server behind `vite dev` as in production: one app, its sockets on Vite's own port.
 * It is loaded by plain Node, outside Vite's module graph, so that there is one copy of every room.
 */
function huigao(): Plugin {
  return {
    name: 'huigao-dev-server',
    apply: 'serve',
    async configureServer(vite) {
      const entry = new URL('./server/dev.ts', import.meta.url).href;
      const { startDev } = await import(/* @vite-ignore */ entry);
      const close = await startDev(vite.httpServer, vite.middlewares);
      vite.httpServer?.once('close', () => void close());
    },
  };
}

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
      outputStructure: 'message-modules',
    }),
    sveltekit(),
    huigao(),
  ],
  // The page's policy lets fonts come from files only: one inlined as a data URL would be blocked.
  build: { target: 'es2022', assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined) },
  // What PORT may be, the server's own configuration says, when it starts behind this.
  server: { port: Number(process.env['PORT'] ?? 3000), strictPort: true },
});
