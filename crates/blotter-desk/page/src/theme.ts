// Light, dark, or as the system has it; kept in the browser.

import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
export const theme = signal<Theme>("system");

export function setTheme(to: Theme): void {
  theme.value = to;
  if (to === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
  localStorage.setItem("blotter-theme", to);
}

export function takeTheme(): void {
  const kept = localStorage.getItem("blotter-theme");
  if (kept === "light" || kept === "dark") setTheme(kept);
}
