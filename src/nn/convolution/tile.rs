//! The four linear maps of Winograd's minimal filtering F(m x m, 3 x 3), on one axis.
//!
//! A convolution of a tile's m + 2 numbers with 3 weights is a product of polynomials, and that is a multiplication, number by
//! number, of their values at m + 1 points and at infinity: y = A^T ((G g) * (B^T d)) (Lavin and Gray 2015,
//! <https://arxiv.org/abs/1509.09308>; the construction for any points is Cook and Toom's). The pullback is the same product
//! with every map transposed: from A y to B x, with the same weights G g.

use std::ops::{Add, Mul, Sub};

/// A number of a tile, or one of each of several tiles.
pub(super) trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<f32, Output = Self> {}

impl<N: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<f32, Output = Self>> Number for N {}

/// The numbers of a tile along one axis: as many as the larger of the two sizes is. Of a smaller one the last say nothing.
pub(super) type Tile1d<N> = [N; 6];

/// One F(m x m, 3 x 3).
pub(super) trait Tile: Sync {
    /// m, the outputs of a tile along an axis.
    const OUT: usize;
    /// m + 2, the inputs of a tile along an axis, and the points.
    const POINTS: usize;
    /// G `[POINTS][3]`: from weights to their values at the points.
    fn weights() -> Vec<[f64; 3]>;
    /// B^T: from inputs to values.
    fn input<N: Number>(d: Tile1d<N>) -> Tile1d<N>;
    /// A^T: from values to outputs.
    fn output<N: Number>(v: Tile1d<N>) -> Tile1d<N>;
    /// A: from a gradient at the outputs to values.
    fn output_transposed<N: Number>(y: Tile1d<N>) -> Tile1d<N>;
    /// B: from values to a gradient at the inputs.
    fn input_transposed<N: Number>(v: Tile1d<N>) -> Tile1d<N>;
}

/// A square of numbers of each of some tiles, `[row][column]`.
pub(super) type Tile2d<N> = [Tile1d<N>; 6];

/// F(2 x 2, 3 x 3) at the points 0, 1, -1 and infinity: 2.25 times fewer multiplications.
pub(super) struct Two;

impl Tile for Two {
    const OUT: usize = 2;
    const POINTS: usize = 4;

    fn weights() -> Vec<[f64; 3]> {
        vec![[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]]
    }

    #[inline(always)]
    fn input<N: Number>([d0, d1, d2, d3, ..]: Tile1d<N>) -> Tile1d<N> {
        [d0 - d2, d2 + d1, d2 - d1, d3 - d1, d0, d0]
    }

    #[inline(always)]
    fn output<N: Number>([v0, v1, v2, v3, ..]: Tile1d<N>) -> Tile1d<N> {
        [v0 + v1 + v2, v1 - v2 + v3, v0, v0, v0, v0]
    }

    #[inline(always)]
    fn output_transposed<N: Number>([y0, y1, ..]: Tile1d<N>) -> Tile1d<N> {
        [y0, y0 + y1, y0 - y1, y1, y0, y0]
    }

    #[inline(always)]
    fn input_transposed<N: Number>([v0, v1, v2, v3, ..]: Tile1d<N>) -> Tile1d<N> {
        [v0, v1 - v2 - v3, v1 + v2 - v0, v3, v0, v0]
    }
}

/// F(4 x 4, 3 x 3) at the points 0, [`P`], -P, [`Q`], -Q and infinity: 4 times fewer multiplications.
pub(super) struct Four;

/// The paper takes 1 and 2. These keep all powers nearer to 1; the two choices have not been measured against each other.
const P: f64 = 0.75;
const Q: f64 = 1.5;
const P1: f32 = P as f32;
const P2: f32 = (P * P) as f32;
const P3: f32 = (P * P * P) as f32;
const Q1: f32 = Q as f32;
const Q2: f32 = (Q * Q) as f32;
const Q3: f32 = (Q * Q * Q) as f32;
const PRODUCT: f32 = (P * P * Q * Q) as f32;
const SUM: f32 = (P * P + Q * Q) as f32;
const PQQ: f32 = (P * Q * Q) as f32;
const PPQ: f32 = (P * P * Q) as f32;

impl Tile for Four {
    const OUT: usize = 4;
    const POINTS: usize = 6;

    fn weights() -> Vec<[f64; 3]> {
        let row = |point: f64, scale: f64| [1.0 / scale, point / scale, point * point / scale];
        let (p, q) = (2.0 * P * P * (P * P - Q * Q), 2.0 * Q * Q * (Q * Q - P * P));
        vec![row(0.0, P * P * Q * Q), row(P, p), row(-P, p), row(Q, q), row(-Q, q), [0.0, 0.0, 1.0]]
    }

    #[inline(always)]
    fn input<N: Number>([d0, d1, d2, d3, d4, d5]: Tile1d<N>) -> Tile1d<N> {
        let (even_p, odd_p) = (d4 - d2 * Q2, d3 * P1 - d1 * PQQ);
        let (even_q, odd_q) = (d4 - d2 * P2, d3 * Q1 - d1 * PPQ);
        let (first, last) = (d0 * PRODUCT - d2 * SUM + d4, d1 * PRODUCT - d3 * SUM + d5);
        [first, even_p + odd_p, even_p - odd_p, even_q + odd_q, even_q - odd_q, last]
    }

    #[inline(always)]
    fn output<N: Number>([v0, v1, v2, v3, v4, v5]: Tile1d<N>) -> Tile1d<N> {
        let (even_p, odd_p, even_q, odd_q) = (v1 + v2, v1 - v2, v3 + v4, v3 - v4);
        let (y0, y1) = (v0 + even_p + even_q, odd_p * P1 + odd_q * Q1);
        [y0, y1, even_p * P2 + even_q * Q2, odd_p * P3 + odd_q * Q3 + v5, v0, v0]
    }

    #[inline(always)]
    fn output_transposed<N: Number>([y0, y1, y2, y3, ..]: Tile1d<N>) -> Tile1d<N> {
        let (even_p, odd_p) = (y0 + y2 * P2, y1 * P1 + y3 * P3);
        let (even_q, odd_q) = (y0 + y2 * Q2, y1 * Q1 + y3 * Q3);
        [y0, even_p + odd_p, even_p - odd_p, even_q + odd_q, even_q - odd_q, y3]
    }

    #[inline(always)]
    fn input_transposed<N: Number>([v0, v1, v2, v3, v4, v5]: Tile1d<N>) -> Tile1d<N> {
        let (even_p, odd_p, even_q, odd_q) = (v1 + v2, v1 - v2, v3 + v4, v3 - v4);
        let x1 = v5 * PRODUCT - odd_p * PQQ - odd_q * PPQ;
        let x2 = (v0 * SUM + even_p * Q2 + even_q * P2) * -1.0;
        let x3 = odd_p * P1 + odd_q * Q1 - v5 * SUM;
        [v0 * PRODUCT, x1, x2, x3, v0 + even_p + even_q, v5]
    }
}
