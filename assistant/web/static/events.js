// Receives the headset's events: what it sees, and what has happened. The browser reconnects by itself.
import { setText } from "./shown.js";

const MOST_ENTRIES = 40;

export function listen(onSnapshot, onEntry) {
  const events = new EventSource("/live/events");
  events.addEventListener("open", () => setText("connection", "Connected."));
  events.addEventListener("error", () => setText("connection", "Not connected: the headset has stopped, or all seats for viewers are taken. The page tries again."));
  events.addEventListener("moment", (event) => onSnapshot(JSON.parse(event.data)));
  events.addEventListener("entry", (event) => onEntry(JSON.parse(event.data)));
  addEventListener("pagehide", () => events.close());
}

export function addEntry(entry) {
  const log = document.getElementById("log");
  const list = log.querySelector(".entries");
  if ([...list.children].some((each) => Number(each.dataset.number) === entry.number)) return;
  const line = document.createElement("li");
  line.dataset.number = entry.number;
  const time = document.createElement("time");
  time.textContent = entry.at;
  const kind = document.createElement("span");
  kind.className = `kind ${entry.kind}`;
  kind.textContent = entry.kind;
  line.append(time, " ", kind, " ", entry.text);
  list.prepend(line);
  while (list.children.length > MOST_ENTRIES) list.lastChild.remove();
  log.querySelector(".empty").hidden = true;
}
