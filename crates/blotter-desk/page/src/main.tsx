import { render } from "preact";
import { App } from "./app.tsx";
import { takeKey } from "./api.ts";
import { press } from "./keys.ts";
import { openOutbox } from "./outbox.ts";
import { session, start } from "./state.ts";
import { takeTheme } from "./theme.ts";

takeKey();
takeTheme();
render(<App />, document.getElementById("desk")!);
addEventListener("keydown", press);
void start().then(() => {
  if (session.value) openOutbox();
});
