// Reads the binary parts that pipelines/map/pack.py writes, and keeps them by digest.
(function (rs) {
  "use strict";

  const TYPES = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, int8: Int8Array, float32: Float32Array };
  const KEPT_PARTS = 24;

  /** One part as {meta, arrays}. Throws where it is no part. */
  rs.unpack = function (bytes) {
    // A copy begins at offset 0 of its buffer, which typed arrays of more than one byte need.
    const copy = bytes.slice();
    if (String.fromCharCode(...copy.subarray(0, 4)) !== "RSP1") throw new Error("not a part");
    const headerBytes = new DataView(copy.buffer).getUint32(4, true);
    const header = JSON.parse(new TextDecoder().decode(copy.subarray(8, 8 + headerBytes)));
    const arrays = {};
    for (const [name, [type, offset, length]] of Object.entries(header.arrays)) {
      arrays[name] = new TYPES[type](copy.buffer, 8 + headerBytes + offset, length);
    }
    return { meta: header.meta, arrays };
  };

  /** Places as float coordinates in the projection's own units, flags, and at: where the points stand in the data, null for all. */
  rs.readPoints = function (part) {
    const { n, digest, all = n } = part.meta;
    const points = { n, all, digest, flags: part.arrays.flags, at: part.arrays.at || null };
    for (const [axis, [low, span]] of Object.entries(part.meta.ranges)) {
      points[axis] = Float32Array.from(part.arrays[axis], (step) => low + (step / 65535) * span);
    }
    return points;
  };

  /** One bit a point as one byte a point. */
  rs.readBits = function (bits, n) {
    return Uint8Array.from({ length: n }, (_, i) => (bits[i >> 3] >> (i & 7)) & 1);
  };

  rs.writeBits = function (bytes) {
    const bits = new Uint8Array(Math.ceil(bytes.length / 8));
    bytes.forEach((value, i) => { if (value) bits[i >> 3] |= 1 << (i & 7); });
    return bits;
  };

  rs.fromBase64 = function (text) {
    return Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  };

  rs.toBase64 = function (bytes) {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };

  /** zlib's deflate, undone by the browser. Rejects where the browser cannot. */
  rs.inflate = async function (bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  const parts = new Map();
  const waiting = new Map();
  const carried = new Map();

  // What a component on the page carries is not sent again: it stays, however many parts looks overtook meanwhile.
  function forgetOldest() {
    for (const carrier of carried.keys()) if (!carrier.isConnected) carried.delete(carrier);
    const inUse = new Set(carried.values());
    for (const digest of [...parts.keys()]) {
      if (parts.size <= KEPT_PARTS) return;
      if (!inUse.has(digest)) parts.delete(digest);
    }
  }

  /**
   * Parts arrive in any order, in components of their own: who needs one waits for its digest. carrier: the element of
   * the component that brought it.
   */
  rs.parts = {
    put(part, carrier) {
      const digest = part.meta.digest;
      parts.delete(digest);
      parts.set(digest, part);
      if (carrier) carried.set(carrier, digest);
      forgetOldest();
      (waiting.get(digest) || []).forEach((resolve) => resolve(part));
      waiting.delete(digest);
    },
    has: (digest) => parts.has(digest),
    get(digest) {
      if (parts.has(digest)) {
        // What is asked for is in use: it goes last.
        const part = parts.get(digest);
        this.put(part);
        return Promise.resolve(part);
      }
      return new Promise((resolve) => waiting.set(digest, [...(waiting.get(digest) || []), resolve]));
    },
  };
})((globalThis.reviewscape ??= {}));
