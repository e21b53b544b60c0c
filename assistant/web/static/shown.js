// Puts what is found in a face into the page's text and bars.

export function showBars(table, scores) {
  for (const row of table.tBodies[0].rows) {
    const score = scores ? scores[row.dataset.emotion] : null;
    row.querySelector("meter").value = score ?? 0;
    row.querySelector(".number").textContent = score == null ? "–" : `${Math.round(score * 100)} %`;
  }
}

export function setText(id, text) {
  const place = document.getElementById(id);
  if (place && place.textContent !== text) place.textContent = text;
}

export function emotionWords(snapshot) {
  if (!snapshot.face) return "nobody";
  return snapshot.emotion ?? "not sure yet";
}

export function qualityWords(snapshot) {
  if (!snapshot.face) return "no face is seen";
  return snapshot.reason ? `no: ${snapshot.reason}` : "yes";
}

// Puts the latest words into a live region, with a pause between two changes.
export class Announcer {
  constructor(place, pauseMs = 3000) {
    this.place = place;
    this.pauseMs = pauseMs;
    this.waiting = null;
    this.last = "";
    this.timer = 0;
  }

  say(words) {
    if (words === this.last && this.waiting === null) return;
    this.waiting = words;
    if (!this.timer) this.#next();
  }

  #next() {
    this.timer = 0;
    if (this.waiting === null || this.waiting === this.last) {
      this.waiting = null;
      return;
    }
    this.place.textContent = this.last = this.waiting;
    this.waiting = null;
    this.timer = setTimeout(() => this.#next(), this.pauseMs);
  }
}
