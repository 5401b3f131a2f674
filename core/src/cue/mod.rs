//! Cues: marks by which a classifier tells a class and which are not the thing itself, such as a watermark that all photographs of horses
//! bear ("Clever Hans"; Lapuschkin et al. 2019, spectral relevance analysis, <https://arxiv.org/abs/1902.10178>).
//!
//! The maps of a class fall into groups ([`groups`]). A group whose heat lies in one small place ([`Place`]), over pixels that are the same
//! in all of its images ([`sameness`]), is suspect; whether the class hangs on it shows where that place is covered.

mod eigen;
mod groups;
mod patch;
mod place;

pub use groups::groups;
pub use patch::{patch, sameness};
pub use place::Place;

#[cfg(test)]
mod tests;
