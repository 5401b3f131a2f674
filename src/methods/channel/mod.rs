//! Methods that show what single channels of a layer respond to in an image.

super::family! {
    activations,
    reconstruction,
}
