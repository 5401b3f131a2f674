//! Resizing of feature maps.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Reach, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Maps of another size: each number of the output lies between two of the input along each axis, or is the nearer one of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resize {
    /// Factor of height and width; what is left of a pixel is dropped.
    pub scale: [f64; 2],
    /// Way to find numbers between numbers.
    pub mode: ResizeMode,
    /// Place of an output's pixel in the input.
    pub places: ResizePlaces,
}

/// Way to find numbers between numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizeMode {
    /// The mean of the two beside, weighted by their distances.
    Linear,
    /// The nearer one, the one before if both are as near.
    NearestBefore,
    /// The nearer one, the one behind if both are as near.
    NearestBehind,
    /// The one before.
    Floor,
    /// The one behind.
    Ceil,
}

/// Place of an output's pixel in the input, by the names of ONNX's `coordinate_transformation_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizePlaces {
    /// Centres of pixels: `(i + 0.5) / scale - 0.5`.
    HalfPixel,
    /// Corners of pixels: `i / scale`.
    Asymmetric,
    /// The first and the last pixel of both fall together: `i (in - 1) / (out - 1)`.
    AlignCorners,
}

/// Two places in an axis with their weights.
pub type Between = [(usize, f32); 2];

impl Resize {
    /// For each output along an axis (0: rows, 1: columns) of `size` numbers: the two that it is made of, and their weights.
    pub fn between(&self, axis: usize, size: usize) -> Vec<Between> {
        let Self { mode, places, .. } = *self;
        let (scale, count) = (self.scale[axis], self.count(axis, size));
        let last = size.saturating_sub(1);
        let place = |index: usize| match places {
            ResizePlaces::HalfPixel => (index as f64 + 0.5) / scale - 0.5,
            ResizePlaces::Asymmetric => index as f64 / scale,
            ResizePlaces::AlignCorners if count > 1 => index as f64 * last as f64 / (count - 1) as f64,
            ResizePlaces::AlignCorners => 0.0,
        };
        let one = |place: f64| [(place.clamp(0.0, last as f64) as usize, 1.0), (0, 0.0)];
        let mix = |place: f64| {
            let place = place.clamp(0.0, last as f64);
            let (before, share) = (place.floor(), place.fract() as f32);
            [(before as usize, 1.0 - share), ((before as usize + 1).min(last), share)]
        };
        let of = |place: f64| match mode {
            ResizeMode::Linear => mix(place),
            ResizeMode::NearestBefore => one((place - 0.5).ceil()),
            ResizeMode::NearestBehind => one((place + 0.5).floor()),
            ResizeMode::Floor => one(place.floor()),
            ResizeMode::Ceil => one(place.ceil()),
        };
        (0..count).map(|index| of(place(index))).collect()
    }

    /// Number of outputs along an axis of `size` numbers.
    fn count(&self, axis: usize, size: usize) -> usize {
        // What was divided and multiplied again may lack the last bit of a whole number.
        (size as f64 * self.scale[axis] + 1e-6).floor() as usize
    }
}

impl Operator for Resize {
    fn role(&self) -> Role {
        Role::Shape
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        None
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let [rows, columns] = [self.count(0, height), self.count(1, width)];
        if rows == 0 || columns == 0 || self.scale.iter().any(|scale| !scale.is_finite() || *scale > 64.0) {
            let scale = format_args!("{:?}", self.scale);
            return Err(fault!("resize-scale", "resizes {height} x {width} by {scale}", height, width, scale));
        }
        Ok([channels, rows, columns])
    }
}
