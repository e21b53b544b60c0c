// Runs the test of aim and buttons.
import { addEntry, listen } from "./events.js";
import { Announcer } from "./shown.js";

const announcer = new Announcer(document.getElementById("aim"), 2000);

listen((snapshot) => announcer.say(snapshot.aim), (entry) => {
  if (entry.kind === "button") addEntry(entry);
});
