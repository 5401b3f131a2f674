// `<conv-scope>`: why an image classifier decided what it did, in any page. Attributes go in, events and maps come out:
//
//     <script type="module" src="https://example.org/convscope/conv-scope.js"></script>
//     <conv-scope image="cat.jpg" method="layer_cam" class="tabby"></conv-scope>
//
// The element is a frame of the site that this script came from, since a browser starts no worker from another origin's script. The frame
// says hello, the element answers with a port, and all else goes through that port: no other window hears or says anything. Everything is
// computed in the frame, on the visitor's machine. docs/embed.md lists attributes, events and what a site must allow.

const HERE = new URL("./", import.meta.url).href;
// Version of the messages, as the frame says it in its hello.
const VERSION = 1;
// Milliseconds after which a frame that has come to its end without a hello is given up.
const PATIENCE = 30_000;
// Pixels of a frame that has not said yet how high it wants to be.
const HEIGHT = 320;

// Attributes that are a part of what is asked, and the keys of the page's links that they become.
const KEYS = { model: "model", method: "method", layer: "layer", convention: "convention", colormap: "colormap", opacity: "opacity", signed: "signed" };
// Attributes by which the frame is another one.
const OF_FRAME = ["site", "device", "lang", "loading"];
const EXAMPLE = "example:";

const style = new CSSStyleSheet();
style.replaceSync(`
    :host { display: block; }
    :host([hidden]) { display: none; }
    iframe { display: block; width: 100%; height: ${HEIGHT}px; border: 0; color-scheme: light dark; }
`);

/** What went wrong: a sentence, and a code that stays the same in every language. */
export class ConvScopeError extends Error {
    constructor(code, message) {
        super(message);
        this.name = "ConvScopeError";
        this.code = code;
    }
}

export class ConvScope extends HTMLElement {
    static observedAttributes = [...Object.keys(KEYS), ...OF_FRAME, "image", "class", "target", "parameters", "label"];

    #frame = null;
    #site = null;
    #port = null;
    /** An image that is no address. */
    #image = null;
    /** The image that the frame has: what `image` was when it was sent. */
    #sent = undefined;
    #number = 0;
    #timer = 0;
    /** The request that is to be sent or answered: its number, whether a picture is wanted, and its promise's ends. */
    #asked = null;
    /** Whether attributes have changed since the last request, which is about to be followed by another. */
    #changed = false;
    #hear = event => this.#greeted(event);

    constructor() {
        super();
        this.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
    }

    connectedCallback() {
        this.#open();
    }

    disconnectedCallback() {
        this.#close();
    }

    attributeChangedCallback(name, before, after) {
        if (before === after || !this.#frame) return;
        if (name === "label") this.#frame.title = this.#label();
        else if (OF_FRAME.includes(name)) this.#open();
        else this.#change();
    }

    /** The image: an address, a Blob (also a File), ImageData, ImageBitmap or a canvas; null is the attribute's, and without one the site's first example. */
    get image() {
        return this.#image ?? this.getAttribute("image");
    }

    set image(image) {
        const isAddress = typeof image === "string" || image instanceof URL;
        this.#image = isAddress ? null : image;
        this.#sent = undefined;
        if (isAddress) this.setAttribute("image", String(image));
        if (this.#frame) this.#change();
    }

    /** Explains what the attributes say, and promises the answer; rejected with a ConvScopeError, or an AbortError where something else is asked. */
    explain({ picture = false } = {}) {
        if (!this.#frame) return Promise.reject(new DOMException("the element is in no document", "InvalidStateError"));
        return new Promise((resolve, reject) => this.#ask({ picture, resolve, reject }));
    }

    #label() {
        return this.getAttribute("label") ?? "Convscope";
    }

    #open() {
        this.#close();
        let site;
        try {
            site = new URL(this.getAttribute("site") ?? HERE, document.baseURI);
        } catch {
            this.#fail("site", `${this.getAttribute("site")} is no address of a site`);
            return;
        }
        this.#site = site;
        const frame = document.createElement("iframe");
        const address = new URL(site);
        address.searchParams.set("embed", "wait");
        if (this.hasAttribute("device")) address.searchParams.set("device", this.getAttribute("device"));
        const language = this.closest("[lang]")?.lang;
        if (language) address.searchParams.set("language", language);
        frame.title = this.#label();
        frame.part = "frame";
        if (this.hasAttribute("loading")) frame.loading = this.getAttribute("loading");
        frame.referrerPolicy = "no-referrer";
        frame.addEventListener("load", () => this.#loaded());
        frame.src = address.href;
        this.#frame = frame;
        addEventListener("message", this.#hear);
        this.shadowRoot.replaceChildren(frame);
        this.#ask({});
    }

    #close() {
        removeEventListener("message", this.#hear);
        clearTimeout(this.#timer);
        this.#port?.close();
        this.#frame?.remove();
        this.#frame = this.#port = null;
        this.#sent = undefined;
        this.#give(new DOMException("the element has been taken away, or its frame replaced", "AbortError"));
    }

    /** The frame has come to the end of its loading: it says hello soon, or is another page, such as a browser's that it may not be shown. */
    #loaded() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            if (!this.#port) this.#fail("no-answer", `${this.#site} does not answer: it is not there, or does not allow this page to show it (frame-ancestors)`);
        }, PATIENCE);
    }

    /** Hears the frame's hello, and nobody else's. */
    #greeted(event) {
        const isFrame = event.source !== null && event.source === this.#frame?.contentWindow;
        if (!isFrame || event.origin !== this.#site.origin || event.data?.convscope !== "hello") return;
        clearTimeout(this.#timer);
        if (event.data.version !== VERSION) {
            this.#fail("version", `${this.#site} speaks version ${event.data.version} and this script ${VERSION}: take the script from there`);
            return;
        }
        const { port1, port2 } = new MessageChannel();
        this.#port?.close();
        this.#port = port1;
        this.#sent = undefined;
        port1.onmessage = ({ data }) => this.#said(data);
        event.source.postMessage({ convscope: "connect" }, this.#site.origin, [port2]);
        if (this.#asked) this.#send();
    }

    /** Asks once for all that changes in one go. */
    #change() {
        if (this.#changed) return;
        this.#changed = true;
        queueMicrotask(() => {
            if (!this.#changed) return;
            // Whoever waits for an answer waits for that of the newest attributes.
            const { picture, resolve, reject } = this.#asked ?? {};
            this.#asked = null;
            if (this.#frame) this.#ask({ picture, resolve, reject });
        });
    }

    #ask(asked) {
        this.#changed = false;
        this.#give(new DOMException("something else has been asked", "AbortError"));
        this.#asked = { ...asked, number: ++this.#number };
        if (this.#port) this.#send();
    }

    async #send() {
        const { number, picture } = this.#asked;
        const [port, wanted, link] = [this.#port, this.image, this.#link()];
        let image;
        try {
            image = await this.#file(wanted);
        } catch (error) {
            if (this.#asked?.number === number) this.#fail("image", `the image cannot be had: ${error.message}`);
            return;
        }
        // Something else has been asked meanwhile.
        if (this.#asked?.number !== number || this.#port !== port) return;
        this.#sent = wanted;
        port.postMessage({ type: "explain", number, link, image, picture: Boolean(picture) }, image ? [image.bytes] : []);
    }

    /** The image's file for the frame: null is an example, undefined the one that the frame has. */
    async #file(image) {
        if (image === this.#sent) return undefined;
        if (image === null || isExample(image)) return null;
        if (typeof image === "string") {
            const response = await fetch(new URL(image, document.baseURI));
            if (!response.ok) throw new Error(`${image} is answered by ${response.status}`);
            return { name: decodeURIComponent(new URL(response.url).pathname.split("/").pop()), bytes: await response.arrayBuffer() };
        }
        const file = image instanceof Blob ? image : await drawn(image);
        return { name: file.name ?? "image", bytes: await file.arrayBuffer() };
    }

    /** The attributes as the page's links say them. */
    #link() {
        const link = new Map();
        for (const [name, value] of new URLSearchParams(this.getAttribute("parameters") ?? "")) link.set(name, value);
        for (const [attribute, key] of Object.entries(KEYS)) {
            const value = this.getAttribute(attribute);
            if (value !== null) link.set(key, attribute === "signed" ? String(Number(value !== "false")) : value);
        }
        // Where there is a `target`, `class` is for style sheets alone.
        const explained = this.getAttribute("target") ?? this.getAttribute("class");
        if (explained) link.set("class", explained);
        if (isExample(this.image)) link.set("picture", `example-${this.image.slice(EXAMPLE.length)}`);
        return Array.from(link, pair => pair.map(encodeURIComponent).join("=")).join("&");
    }

    #said(data) {
        switch (data.type) {
            case "size":
                this.#frame.style.height = `${data.height}px`;
                break;
            case "ready":
            case "progress":
                this.#tell(data.type, data);
                break;
            case "error":
                this.#fail(data.code, data.message, data.number);
                break;
            case "explained":
                // An answer to what has been asked before is stale; one without a number is to a person's choice in the frame.
                if (data.number !== null && data.number !== this.#asked?.number) break;
                data.picture ??= null;
                if (data.number !== null) {
                    this.#asked.resolve?.(data);
                    this.#asked = null;
                }
                this.#tell("explained", data);
        }
    }

    /** Tells that something went wrong; without a number that is the end of what has been asked. */
    #fail(code, message, number = this.#asked?.number) {
        if (number !== null && number !== this.#asked?.number) return;
        const error = new ConvScopeError(code, message);
        if (number !== null) {
            this.#sent = undefined;
            this.#give(error);
        }
        this.#tell("error", error);
    }

    /** Ends what has been asked without an answer. */
    #give(error) {
        this.#asked?.reject?.(error);
        this.#asked = null;
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

function isExample(image) {
    return typeof image === "string" && image.startsWith(EXAMPLE);
}

/** Pixels as a PNG file, which loses nothing of them. */
async function drawn(image) {
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    if (image instanceof ImageData) context.putImageData(image, 0, 0);
    else context.drawImage(image, 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
}

if (!customElements.get("conv-scope")) customElements.define("conv-scope", ConvScope);
