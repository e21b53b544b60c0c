// The browser's camera. Only one frame is on its way at a time, so that the latest frame is classified.

const WIDTH = 640;
const PAUSE_MS = 100;
const QUALITY = 0.8;

export class Camera {
  constructor(canvas, { seen, status }) {
    this.canvas = canvas;
    this.seen = seen;
    this.status = status;
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.frame = document.createElement("canvas");
    this.name = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
    this.csrf = document.querySelector("meta[name=csrf]").content;
    this.snapshot = null;
    this.running = false;
  }

  async start() {
    this.status("");
    if (!navigator.mediaDevices) {
      this.status("This browser gives its camera only to pages of the same machine, or to pages that are opened by https. Open this page by https.");
      return false;
    }
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { width: WIDTH, facingMode: "user" } });
    } catch (error) {
      this.status(error.name === "NotAllowedError" ? "The browser does not allow the camera. Allow it for this page, then start the camera again."
        : "No camera can be used. Connect one, or close other programs that use it, then start the camera again.");
      return false;
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.running = true;
    this.#draw();
    this.#classify();
    return true;
  }

  stop() {
    this.running = false;
    this.stream.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
    this.snapshot = null;
    this.status("");
  }

  #draw() {
    if (!this.running) return;
    const { videoWidth: width, videoHeight: height } = this.video;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const pen = this.canvas.getContext("2d");
    pen.drawImage(this.video, 0, 0);
    if (this.snapshot?.face) this.#box(pen, width / this.snapshot.size[0]);
    requestAnimationFrame(() => this.#draw());
  }

  #box(pen, scale) {
    for (const [colour, line] of [["#141414", 6], ["#ffe65a", 3]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = line;
      pen.strokeRect(...this.snapshot.face.map((each) => each * scale));
    }
  }

  async #classify() {
    while (this.running) {
      try {
        await this.#post();
      } catch {
        this.status("The page does not answer. The browser tries again.");
        await pause(2000);
      }
      await pause(PAUSE_MS);
    }
  }

  async #post() {
    const scale = Math.min(1, WIDTH / this.video.videoWidth);
    this.frame.width = Math.round(this.video.videoWidth * scale);
    this.frame.height = Math.round(this.video.videoHeight * scale);
    this.frame.getContext("2d").drawImage(this.video, 0, 0, this.frame.width, this.frame.height);
    const body = await new Promise((done) => this.frame.toBlob(done, "image/jpeg", QUALITY));
    const answer = await fetch("/try/frame", {
      method: "POST",
      body,
      headers: { "content-type": "image/jpeg", "x-csrf-token": this.csrf, "x-visitor": this.name },
    });
    if (!this.running || answer.status === 204) return;
    if (answer.ok) {
      this.snapshot = await answer.json();
      this.seen(this.snapshot);
      this.status("");
    } else {
      this.snapshot = null;
      this.status((await answer.text()).trim());
      await pause(2000);
    }
  }
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
