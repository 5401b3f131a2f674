//! Images to try things with, free to use: those that the page offers. `examples/LICENSES.md` says whose they are.

/// A cat's head: 451 x 300 pixels.
pub const CAT: &[u8] = include_bytes!("../examples/cat.jpg");

/// File names and contents of all of them.
pub const ALL: [(&str, &[u8]); 3] = [
    ("cat.jpg", CAT),
    ("coffee.jpg", include_bytes!("../examples/coffee.jpg")),
    ("rocket.jpg", include_bytes!("../examples/rocket.jpg")),
];
