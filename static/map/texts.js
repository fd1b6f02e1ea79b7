// Beginnings of reviews, fetched for the points that a person looks at, and a few around them; kept while the page is.
(function (rs) {
  "use strict";

  const WAIT_MS = 60;
  const AGAIN_MS = 3000;
  const MAX_TRIES = 3;
  const MAX_KEPT = 5000;
  const AT_ONCE = 40;

  rs.Texts = class {
    constructor() {
      this.known = new Map();
      this.senders = new Set();
      this.tries = 0;
    }

    /** The text at a position of the data; undefined where it is not here yet. */
    get(at) {
      return this.known.get(at);
    }

    /** Fetch the text at a position for whoever rests there; around() gives others worth having, then came() is called. */
    want(at, around, came) {
      this.wanted = { at, around, came };
      this.tries = 0;
      this.#later(WAIT_MS);
    }

    /** A way to ask: send(positions). Returns what takes it away again. */
    join(send) {
      this.senders.add(send);
      if (this.wanted) this.#later(WAIT_MS);
      return () => this.senders.delete(send);
    }

    put(at, texts) {
      at.forEach((one, i) => this.known.set(one, texts[i]));
      for (const oldest of this.known.keys()) {
        if (this.known.size <= MAX_KEPT) break;
        this.known.delete(oldest);
      }
      if (this.wanted && this.known.has(this.wanted.at)) {
        const { came } = this.wanted;
        this.wanted = null;
        clearTimeout(this.timer);
        came();
      }
    }

    #later(ms) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#ask(), ms);
    }

    // An answer can be lost where another run of the page overtakes it.
    #ask() {
      const send = [...this.senders].at(-1);
      if (!this.wanted || !send || this.tries++ >= MAX_TRIES) return;
      const { at, around } = this.wanted;
      const others = around().filter((one) => one !== at && !this.known.has(one));
      send([at, ...others].slice(0, AT_ONCE));
      this.#later(AGAIN_MS);
    }
  };

  const all = new Map();

  /** The texts of this name: maps that show the same points share them. */
  rs.textsOf = function (name) {
    if (!all.has(name)) all.set(name, new rs.Texts());
    return all.get(name);
  };
})((globalThis.reviewscape ??= {}));
