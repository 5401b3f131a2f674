//! Which patterns make a filter fire: gradient ascent from noise, in the space of the input.
//!
//! Erhan et al. 2009, "Visualizing higher-layer features of a deep network"; Simonyan et al. 2013,
//! <https://arxiv.org/abs/1312.6034>, section 2. The objective is the mean of a channel over all positions. Two
//! conventions differ in everything else: [`Convention::KerasNotebook`] and [`Convention::Lucid`]. To compare them, compare the
//! objectives of the pictures as they are drawn ([`Pattern::drawn`]), which is what a person sees: the notebook's numbers before
//! drawing leave the range of colours and grow the objective by contrast alone. Compare them after 40 steps or more: lucid starts
//! fainter, and is mostly behind after the notebook's 20.

mod ascent;
mod canvas;
mod climb;
mod fourier;
mod lucid;
mod noise;
mod pixels;
mod warp;

pub use ascent::{Ascent, Ascents, Step};
use climb::is_bound;
pub use climb::{Climbed, FilterAsk, Pattern, SIZES, climb};
pub use convscope_core::explain::filters::Convention;

#[cfg(test)]
mod tests;
