//! The kernels' text in the WebGPU Shading Language, with the numbers of a tile written out.
//!
//! Winograd's maps are small matrices known beforehand: their sums are written term by term, so that every number has a name
//! and stays in a register.

use std::fmt::Write;

use super::{OUT, POINTS, Tiles};
use crate::nn::convolution::tile::{Tile, Tile1d};

/// Arrangement of a product's threads: rows of threads take 8 channels each, columns 8 tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Block {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// Rows and columns of a product that one thread makes.
pub(super) const SIDE: usize = 8;

impl Block {
    /// The one of 64 threads that has the least to do. A number that is read is taken to cost as much as 8 multiplications.
    pub(super) fn best(out: usize, columns: usize) -> Self {
        let cost = |block: &Self| {
            let [high, wide] = block.size();
            out.div_ceil(high) * columns.div_ceil(wide) * (high * wide + 8 * (high + wide))
        };
        let all = [(8, 8), (16, 4), (4, 16), (32, 2), (2, 32)].map(|(rows, columns)| Self { rows, columns });
        all.into_iter().min_by_key(cost).unwrap_or(all[0])
    }

    /// The size of its product.
    pub(super) fn size(self) -> [usize; 2] {
        [self.rows * SIDE, self.columns * SIDE]
    }
}

/// One product M = U V for each point.
pub(super) fn batched_product(block: Block) -> String {
    product(block, include_str!("batched_product.wgsl"))
}

/// One product for each sample: a 1 x 1 convolution or its pullback.
pub(super) fn pointwise(block: Block, bias: bool) -> String {
    product(block, &with_bias(include_str!("pointwise.wgsl"), bias, "row", 3))
}

/// Products of matrices, with what reads and writes them.
fn product(block: Block, ends: &str) -> String {
    let (mut accumulators, mut multiply, mut write) = (String::new(), String::new(), String::new());
    for row in 0..SIDE {
        let (four, lane) = (row / 4, ["x", "y", "z", "w"][row % 4]);
        let offset = four * 4 * block.rows + row % 4;
        for (column, place) in ["left", "right"].into_iter().enumerate() {
            let _ = writeln!(accumulators, "var a{row}{column} = zero;");
            let _ = writeln!(multiply, "a{row}{column} += u{four}.{lane} * v{column};");
            let _ = writeln!(write, "write(group.z, row + {offset}, {place}, a{row}{column});");
        }
    }
    let constants = format!("const ROWS = {}u;\nconst COLUMNS = {}u;\nconst STRIP = 8u;\n", block.rows, block.columns);
    let text = include_str!("product.wgsl").replace("ACCUMULATORS", &accumulators);
    constants + ends + &text.replace("MULTIPLY", &multiply).replace("WRITE", &write)
}

/// A text with the bias of a channel, or with none, at a binding, and with the uniform behind it.
fn with_bias(text: &str, bias: bool, channel: &str, binding: usize) -> String {
    let (declared, read, info) = match bias {
        true => {
            let declared = format!("@group(0) @binding({binding}) var<storage, read_write> biases: array<f32>;");
            (declared, format!("biases[{channel}]"), binding + 1)
        }
        false => (String::new(), "0.0".into(), binding),
    };
    text.replace("DECLARED", &declared).replace("BIAS", &read).replace("INFO", &info.to_string())
}

/// Transform of planes `[N, C, H, W]` to inputs V `[points, C, tiles]`.
pub(super) fn input_transform() -> String {
    let mut body = String::new();
    for index in 0..POINTS {
        for (axis, start, step, length) in [("y", "top", "row_step", "height"), ("x", "left", "column_step", "width")] {
            let at = format!("{start} + {index}u");
            let _ = writeln!(body, "let {axis}{index} = ({at}) / info.{step};");
            let there = format!("({at}) % info.{step} == 0u && {axis}{index} < info.{length}");
            let _ = writeln!(body, "let has_{axis}{index} = {there};");
        }
    }
    for row in 0..POINTS {
        for column in 0..POINTS {
            let _ = writeln!(body, "let h{row}{column} = has_y{row} && has_x{column};");
            let place = format!("select(0u, plane + y{row} * info.width + x{column}, h{row}{column})");
            let _ = writeln!(body, "let a{row}{column} = select(0.0, source[{place}], h{row}{column});");
        }
    }
    body += &on_both_axes(&matrix(Tiles::input, POINTS, POINTS), "a", "c");
    for point in 0..POINTS * POINTS {
        let (row, column) = (point / POINTS, point % POINTS);
        let _ = writeln!(body, "values[start + {point}u * step] = c{row}{column};");
    }
    include_str!("input_transform.wgsl").replace("BODY", &body).replace("OUT", &format!("{}u", OUT))
}

/// Transform of products M `[points, K, tiles]` to planes `[N, K, h, w]`.
pub(super) fn output_transform(bias: bool) -> String {
    let mut body = String::new();
    for point in 0..POINTS * POINTS {
        let (row, column) = (point / POINTS, point % POINTS);
        let _ = writeln!(body, "let a{row}{column} = products[start + {point}u * step];");
    }
    body += &on_both_axes(&matrix(Tiles::output, POINTS, OUT), "a", "c");
    for row in 0..OUT {
        for column in 0..OUT {
            let inside = format!("top + {row}u < info.height && left + {column}u < info.width");
            let place = format!("plane + {row}u * info.width + {column}u");
            let _ = writeln!(body, "if ({inside}) {{ planes[{place}] = rectified(c{row}{column} + bias); }}");
        }
    }
    let text = with_bias(include_str!("output_transform.wgsl"), bias, "channel", 2);
    text.replace("BODY", &body).replace("OUT", &format!("{}u", OUT))
}

/// Transform of a kernel `[K, C, 3, 3]`, flipped or not, to U `[points, into, out]`.
pub(super) fn kernel_transform(flipped: bool) -> String {
    let mut body = String::new();
    for place in 0..9 {
        let from = if flipped { 8 - place } else { place };
        let _ = writeln!(body, "let a{}{} = kernel[start + {from}u];", place / 3, place % 3);
    }
    let rows: Vec<Vec<f64>> = Tiles::weights().into_iter().map(Vec::from).collect();
    body += &on_both_axes(&rows, "a", "c");
    for point in 0..POINTS * POINTS {
        let (row, column) = (point / POINTS, point % POINTS);
        let _ = writeln!(body, "values[place + {point}u * step] = c{row}{column};");
    }
    include_str!("kernel_transform.wgsl").replace("BODY", &body)
}

/// The matrix `[to][from]` of a linear map, from what it makes of the unit vectors.
fn matrix(map: impl Fn(Tile1d<f32>) -> Tile1d<f32>, from: usize, to: usize) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![0.0; from]; to];
    for column in 0..from {
        let mut unit = [0.0; 6];
        unit[column] = 1.0;
        for (row, number) in rows.iter_mut().zip(map(unit)) {
            row[column] = f64::from(number);
        }
    }
    rows
}

/// Statements that make the numbers `to..` of a square of the numbers `from..` of another: its columns are mapped, then its
/// rows.
fn on_both_axes(matrix: &[Vec<f64>], from: &str, to: &str) -> String {
    let mut text = String::new();
    let length = matrix.first().map_or(0, Vec::len);
    for (row, factors) in matrix.iter().enumerate() {
        for column in 0..length {
            let sum = sum(factors, |index| format!("{from}{index}{column}"));
            let _ = writeln!(text, "let b{row}{column} = {sum};");
        }
    }
    for row in 0..matrix.len() {
        for (column, factors) in matrix.iter().enumerate() {
            let sum = sum(factors, |index| format!("b{row}{index}"));
            let _ = writeln!(text, "let {to}{row}{column} = {sum};");
        }
    }
    text
}

/// A sum of numbers by their factors; those by 0 are left out.
fn sum(factors: &[f64], name: impl Fn(usize) -> String) -> String {
    let terms = factors.iter().enumerate().filter(|(_, factor)| **factor != 0.0).map(|(index, factor)| {
        let (sign, size) = (if *factor < 0.0 { "-" } else { "+" }, factor.abs() as f32);
        if size == 1.0 { format!("{sign} {}", name(index)) } else { format!("{sign} {size:?} * {}", name(index)) }
    });
    let text = terms.collect::<Vec<_>>().join(" ");
    text.strip_prefix("+ ").map_or_else(|| text.clone(), str::to_owned)
}
