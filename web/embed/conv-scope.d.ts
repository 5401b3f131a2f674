/** A class that the network knows. */
export interface Class {
    /** Index among the network's outputs. */
    index: number;
    name: string;
    /** 0 to 1; null of a network that gives none. */
    probability: number | null;
    logit: number;
}

/** An explanation: the detail of the event `explained`, and what `explain()` promises. */
export interface Explanation {
    type: "explained";
    /** Number of the request; null of a class that the visitor has chosen in the frame. */
    number: number | null;
    model: string;
    /** SHA-256 of the model, in hexadecimal. */
    hash: string;
    device: string;
    method: string;
    convention: string;
    layer: string;
    /** What was explained, as it is written: a class's index, or a sum of classes. */
    target: string | null;
    /** The class that was explained; null of a sum. */
    class: Class | null;
    /** All classes, the likeliest first. */
    classes: Class[];
    /** Numbers of the map, 0 to 1, `[height, width]`, row by row: those that `convscope explain` writes. */
    map: Float32Array;
    width: number;
    height: number;
    shape: [height: number, width: number];
    /** The map's maximum before it was divided by it. */
    maximum: number;
    /** Why there is nothing in the map; null where there is. */
    blank: string | null;
    /** Size of the image in pixels, and the part of it that the network saw, on which the map lies. */
    image: { width: number; height: number; region: { x: number; y: number; width: number; height: number } };
    seconds: number;
    /** A PNG file of the image with the map over it; null unless it was asked for. */
    picture: Blob | null;
}

/** Detail of the event `ready`: a model is there. */
export interface Ready {
    type: "ready";
    model: string;
    name: string;
    hash: string;
    device: string;
    layers: string[];
    /** Methods that give maps of this model. */
    methods: string[];
}

/** Detail of the event `progress`: bytes of a program or a model, or steps of a method. */
export interface Progress {
    type: "progress";
    what: "loading" | "explaining";
    done: number;
    total: number;
}

/** Detail of the event `error`, and what a promise is rejected with. */
export declare class ConvScopeError extends Error {
    constructor(code: string, message: string);
    /** The same in every language. */
    readonly code: string;
}

export interface ConvScopeEventMap {
    ready: CustomEvent<Ready>;
    progress: CustomEvent<Progress>;
    explained: CustomEvent<Explanation>;
    error: CustomEvent<ConvScopeError>;
}

/** What an image can be. */
export type ConvScopeImage = string | URL | Blob | ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas;

/** The element `<conv-scope>`. */
export declare class ConvScope extends HTMLElement {
    static readonly observedAttributes: string[];
    get image(): Exclude<ConvScopeImage, URL> | null;
    set image(image: ConvScopeImage | null);
    /** Explains what the attributes say; with `picture` the answer has a PNG file. */
    explain(options?: { picture?: boolean }): Promise<Explanation>;
    addEventListener<K extends keyof ConvScopeEventMap>(
        type: K,
        listener: (this: ConvScope, event: ConvScopeEventMap[K]) => unknown,
        options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
    interface HTMLElementTagNameMap {
        "conv-scope": ConvScope;
    }
}
