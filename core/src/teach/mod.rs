//! Teaching: a classifier for a few images of one's own, made of the features that a network has learnt elsewhere.
//!
//! The features of a layer, averaged over space, go into a softmax regression with an L2 penalty ([`Head`]), whose accuracy on images that
//! it was not taught with is known before anybody uses it ([`Trial`]); [`model`] makes a packed model of both. This is the linear probe of
//! Alain and Bengio 2016 (<https://arxiv.org/abs/1610.01644>).

mod examples;
mod head;
mod minimum;
mod model;
mod trial;
mod words;

pub use examples::{Example, Examples, LEAST};
pub use head::{Head, PENALTY};
pub use model::{Lesson, layer, model};
pub use trial::{Trial, Trying, folds};
pub use words::verdict;

#[cfg(test)]
mod tests;
