//! Images made to excite a unit: activation maximisation (Erhan et al. 2009, "Visualizing higher-layer features of a deep
//! network"; Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, section 2).
//!
//! Four things combine, as in lucid: an [`objective`] says what is excited, a [`parametrization`] which numbers make the image, a
//! [`transform`] what the network is shown of it, and an [`optimizer`] how the numbers move. A preset
//! ([`Synthesis`](crate::explain::Synthesis)) names the last three; [`optimization`] goes through the steps, less what [`regularizer`]
//! and [`diversity`] punish, and [`panels`] makes artifacts of them. [`deep_dream`] begins with an image instead of noise.

mod diversity;
mod fourier;
mod objective;
mod octave;
mod optimization;
mod optimizer;
mod panels;
mod parametrization;
mod penalties;
mod pixels;
mod regularizer;
mod spectrum;
#[cfg(test)]
mod tests;
mod transform;

super::family! {
    filters,
    class_visualization,
    deep_dream,
}
