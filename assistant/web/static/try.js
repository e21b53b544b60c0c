// Says results aloud, and runs the browser's own camera.
import { Camera } from "./camera.js";
import { Announcer, emotionWords, setText, showBars } from "./shown.js";

const byId = (id) => document.getElementById(id);
const voice = window.speechSynthesis;

function say(words) {
  const phrase = new SpeechSynthesisUtterance(words);
  phrase.lang = "en";
  voice.cancel();
  voice.speak(phrase);
}

const speakResults = byId("speak-results");
if (speakResults) {
  byId("results").focus();
  speakResults.hidden = !voice;
  speakResults.addEventListener("click", () => {
    say([...document.querySelectorAll(".result")].map((result) => {
      const words = [...result.querySelectorAll("h3, .say, .notice")].map((each) => each.textContent);
      return words.join(". ");
    }).join(". "));
  });
}

// The server would refuse too much while it is still being sent, and then a browser shows no answer.
byId("upload").addEventListener("submit", (event) => {
  const input = byId("pictures");
  const files = [...input.files];
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const most = Number(input.dataset.most), mostBytes = Number(input.dataset.mostBytes);
  const wrong = files.length > most ? `Choose at most ${most} pictures at once.`
    : bytes > mostBytes ? `The pictures are too large: choose at most ${mostBytes / 1e6} MB in all.` : "";
  byId("pictures-error").hidden = !wrong;
  byId("pictures-error").textContent = wrong;
  input.removeAttribute("aria-invalid");
  if (!wrong) return;
  event.preventDefault();
  input.setAttribute("aria-invalid", "true");
  input.focus();
});

const announcer = new Announcer(byId("camera-announcer"));
const bars = byId("camera-view").querySelector(".bars");
const speak = byId("camera-speak");
speak.closest("p").hidden = !voice;

function shown(running) {
  byId("camera-view").hidden = !running;
  byId("camera-start").hidden = running;
  byId("camera-stop").hidden = !running;
}

function status(words) {
  byId("camera-status").hidden = !words;
  setText("camera-status", words);
}

function seen(snapshot) {
  const words = snapshot.reason ? `cannot be classified: ${snapshot.reason}` : emotionWords(snapshot);
  setText("camera-emotion", words);
  setText("camera-aim", snapshot.aim);
  showBars(bars, snapshot.scores);
  if (!speak.checked) announcer.say(words);
  for (const phrase of snapshot.said) if (speak.checked) say(phrase);
}

const camera = new Camera(byId("camera-canvas"), { seen, status });
byId("camera").hidden = false;
byId("camera-start").addEventListener("click", async () => {
  if (!await camera.start()) return;
  shown(true);
  byId("camera-stop").focus();
});
byId("camera-stop").addEventListener("click", () => {
  camera.stop();
  shown(false);
  byId("camera-start").focus();
});
