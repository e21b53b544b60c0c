// Runs the live page.
import { addEntry, listen } from "./events.js";
import { Announcer, emotionWords, qualityWords, setText, showBars } from "./shown.js";

const bars = document.querySelector(".bars");
const region = document.getElementById("announcer");
const announcer = new Announcer(region);
const readOut = document.getElementById("read-out");

readOut.addEventListener("change", () => region.setAttribute("aria-live", readOut.checked ? "polite" : "off"));

listen((snapshot) => {
  const emotion = emotionWords(snapshot);
  setText("emotion", emotion);
  setText("quality", qualityWords(snapshot));
  setText("state", snapshot.state);
  setText("aim", snapshot.aim);
  setText("fps", String(snapshot.fps));
  showBars(bars, snapshot.scores);
  if (readOut.checked) announcer.say(emotion);
}, (entry) => {
  addEntry(entry);
  if (readOut.checked && entry.kind === "fault") announcer.say(entry.text);
});
