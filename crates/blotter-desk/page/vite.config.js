// Built into dist/, which the program carries in itself. Names without hashes: the server tells versions apart by their content.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // The base map stays a file of its own, fetched when a map is first shown.
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        entryFileNames: "assets/desk.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
});
