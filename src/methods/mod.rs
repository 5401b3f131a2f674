//! Methods: one file each, and one line in the list of their family.
//!
//! A method is a [`Card`](crate::card::Card) and a function of a [`Run`](crate::run::Run), through which it reads the observation,
//! tells of its progress and gives its artifacts. A class activation map is less: a card and the function that weighs feature maps.
//!
//! ```
//! use convscope::methods::{method, methods};
//!
//! assert_eq!(method("layer_cam")?.card().paper.cite, "Jiang et al. 2021");
//! assert!(method("layer-cam").unwrap_err().to_string().contains("did you mean layer_cam?"));
//! let signed = methods().map(|method| method.card()).filter(|card| card.gives.signed());
//! assert!(signed.count() >= 2);
//! # Ok::<(), convscope::Error>(())
//! ```

mod baseline;
mod cam;
mod channel;
mod decomposition;
mod gradient;
mod how;
mod layers;
mod method;
mod metric;
mod nearby;
mod noise;
mod perturbation;
mod resize;
mod synthesis;

pub use how::how;
pub use method::{Evidence, Explain, Method, Work, method};

/// Declares the methods of a family, a file each, and lists them. Each file holds one static called `METHOD`.
macro_rules! family {
    ($($name:ident,)*) => {
        $(pub(super) mod $name;)*

        /// The family's methods, in the order in which they are offered.
        pub(super) static METHODS: &[&dyn $crate::methods::Explain] = &[$(&$name::METHOD),*];
    };
}
use family;

/// The families, in the order in which they are offered.
static FAMILIES: &[&[&dyn Explain]] = &[
    cam::METHODS,
    gradient::METHODS,
    decomposition::METHODS,
    perturbation::METHODS,
    metric::METHODS,
    channel::METHODS,
    synthesis::METHODS,
];

/// All methods, in the order in which they are offered.
pub fn methods() -> impl Iterator<Item = &'static dyn Explain> {
    FAMILIES.iter().copied().flatten().copied()
}
