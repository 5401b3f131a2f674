//! Constant tensors, and the arithmetic on shapes that exporters leave in the graph to find out the number of images.

use std::borrow::Cow;

use half::{bf16, f16};

use super::external::External;
use super::proto::{TensorProto, data_type};
use crate::axes::{transpose, transpose_with};
use crate::count;
use convscope_core::error::Fault;
use convscope_core::fault;

/// A constant tensor, row-major; a scalar has the shape `[]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    pub(super) shape: Vec<usize>,
    pub(super) data: Data,
}

/// A constant's numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Floats(Vec<f32>),
    /// Whole numbers; `None` is one that is known only when running: the number of images.
    Ints(Vec<Option<i64>>),
}

impl Constant {
    /// A vector of whole numbers.
    pub(super) fn ints(values: Vec<Option<i64>>) -> Self {
        Self { shape: vec![values.len()], data: Data::Ints(values) }
    }

    /// The most numbers that a tensor of the file claims, for its memory.
    pub(super) fn numbers(tensor: &TensorProto) -> usize {
        let size = |&size: &i64| usize::try_from(size).unwrap_or(0);
        tensor.dims.iter().map(size).fold(1, usize::saturating_mul)
    }

    /// Decodes a tensor of the file, or of one beside it.
    pub(super) fn read(tensor: &TensorProto, external: &External<'_>) -> Result<Self, Fault> {
        let name = tensor.name.as_deref().unwrap_or("(unnamed)");
        let beside = if External::holds(tensor) { Some(external.read(tensor)?) } else { None };
        let raw = beside.as_deref().or(tensor.raw_data.as_deref()).filter(|raw| !raw.is_empty());
        let size = |&size: &i64| {
            let wrong = |_| fault!("onnx-tensor-size", "has the tensor {name} with a size of {size}", name, size);
            usize::try_from(size).map_err(wrong)
        };
        let shape = tensor.dims.iter().map(size).collect::<Result<Vec<_>, _>>()?;
        let data = data(tensor, raw).ok_or_else(|| {
            fault!(
                "onnx-tensor-type",
                "has the tensor {name} of ONNX data type {kind}, not 32-bit numbers",
                name,
                kind = tensor.data_type.unwrap_or(0)
            )
        })?;
        let found = match &data {
            Data::Floats(values) => values.len(),
            Data::Ints(values) => values.len(),
        };
        if found != count(&shape)? {
            return Err(fault!(
                "onnx-tensor-numbers",
                "has the tensor {name} of shape {shape} with {found} numbers: the file is damaged",
                name,
                shape = format_args!("{shape:?}"),
                found
            ));
        }
        Ok(Self { shape, data })
    }

    /// Decodes a matrix and transposes it; one of the usual kind on the way, as it may be most of the file.
    pub(super) fn read_transposed(tensor: &TensorProto, external: &External<'_>) -> Result<Self, Fault> {
        let raw = tensor.raw_data.as_deref().filter(|_| !External::holds(tensor)).unwrap_or_default();
        let (numbers, rest) = raw.as_chunks::<4>();
        match (tensor.data_type, &tensor.dims[..]) {
            (Some(data_type::FLOAT), &[rows, columns])
                if rows > 0
                    && columns > 0
                    && rest.is_empty()
                    && rows.checked_mul(columns) == Some(numbers.len() as i64) =>
            {
                let (rows, columns) = (rows as usize, columns as usize);
                let values = transpose_with(rows, columns, |place| f32::from_le_bytes(numbers[place]));
                Ok(Self { shape: vec![columns, rows], data: Data::Floats(values) })
            }
            _ => Self::read(tensor, external)?.transposed(),
        }
    }

    /// The numbers as floats.
    pub(super) fn floats(&self) -> Result<Cow<'_, [f32]>, Fault> {
        match &self.data {
            Data::Floats(values) => Ok(Cow::Borrowed(values)),
            Data::Ints(values) => {
                let float = |value: &Option<i64>| value.map(|value| value as f32);
                let values = values.iter().map(float).collect::<Option<Vec<_>>>();
                Ok(Cow::Owned(values.ok_or(fault!("onnx-count-as-float", "computes with the number of images"))?))
            }
        }
    }

    /// The numbers as whole numbers.
    pub(super) fn integers(&self) -> Result<Vec<Option<i64>>, Fault> {
        match &self.data {
            Data::Ints(values) => Ok(values.clone()),
            Data::Floats(_) => Err(fault!("onnx-no-integers", "has floating-point numbers where whole numbers belong")),
        }
    }

    /// The numbers as whole numbers that are all known.
    pub(super) fn known_integers(&self) -> Result<Vec<i64>, Fault> {
        let known = self.integers()?.into_iter().collect::<Option<Vec<_>>>();
        known.ok_or(fault!("onnx-count-unknown", "depends on the number of images"))
    }

    /// The transposed matrix.
    pub(super) fn transposed(&self) -> Result<Self, Fault> {
        let &[rows, columns] = &self.shape[..] else {
            let shape = format_args!("{:?}", self.shape);
            return Err(fault!("onnx-no-matrix", "transposes a constant of shape {shape}", shape));
        };
        let values = transpose(&self.floats()?, rows, columns);
        Ok(Self { shape: vec![columns, rows], data: Data::Floats(values) })
    }

    /// Numbers of a vector at those places, or those along a constant's first axis if it has one axis only.
    pub(super) fn gather(&self, indices: &Self) -> Result<Self, Fault> {
        let values = self.integers()?;
        let pick = |index: i64| {
            let index = if index < 0 { index.checked_add(values.len() as i64)? } else { index };
            values.get(usize::try_from(index).ok()?).copied()
        };
        let picked = indices.known_integers()?.into_iter().map(pick).collect::<Option<Vec<_>>>();
        let picked = picked.ok_or(fault!("onnx-gather", "takes a part of a shape that it does not have"))?;
        Ok(Self { shape: indices.shape.clone(), data: Data::Ints(picked) })
    }

    /// `values[start..end]` of a vector, with Python's rules for negative numbers.
    pub(super) fn slice(&self, start: i64, end: i64) -> Result<Self, Fault> {
        let values = self.integers()?;
        let length = values.len() as i64;
        let place = |at: i64| if at < 0 { at.saturating_add(length) } else { at }.clamp(0, length) as usize;
        let (start, end) = (place(start), place(end));
        Ok(Self::ints(values[start..end.max(start)].to_vec()))
    }

    /// `one (op) other` on whole numbers, where one of them may be a single number.
    pub(super) fn combine(&self, other: &Self, op: impl Fn(i64, i64) -> Option<i64>) -> Result<Self, Fault> {
        let (one, two) = (self.integers()?, other.integers()?);
        let shape = if one.len() >= two.len() { &self.shape } else { &other.shape };
        let length = one.len().max(two.len());
        if [&one, &two].iter().any(|side| side.len() != 1 && side.len() != length) {
            return Err(fault!(
                "onnx-lengths",
                "computes with shapes of {one} and {two} numbers",
                one = one.len(),
                two = two.len()
            ));
        }
        let at = |side: &[Option<i64>], index: usize| side[if side.len() == 1 { 0 } else { index }];
        let values = (0..length).map(|index| at(&one, index).zip(at(&two, index)).and_then(|(a, b)| op(a, b)));
        Ok(Self { shape: shape.clone(), data: Data::Ints(values.collect()) })
    }
}

/// The numbers, from `raw` if there is that.
fn data(tensor: &TensorProto, raw: Option<&[u8]>) -> Option<Data> {
    let two = |pair: &[u8]| [pair[0], pair[1]];
    let four = |bytes: &[u8]| [bytes[0], bytes[1], bytes[2], bytes[3]];
    let eight = |b: &[u8]| [b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]];
    // Half-precision numbers outside of raw_data lie in int32_data, one in the low 16 bits of each.
    let halves = || tensor.int32_data.iter().map(|&bits| bits as u16);
    Some(match (tensor.data_type?, raw) {
        (data_type::FLOAT, Some(raw)) => {
            Data::Floats(raw.chunks_exact(4).map(|bytes| f32::from_le_bytes(four(bytes))).collect())
        }
        (data_type::FLOAT, None) => Data::Floats(tensor.float_data.clone()),
        (data_type::DOUBLE, Some(raw)) => {
            Data::Floats(raw.chunks_exact(8).map(|bytes| f64::from_le_bytes(eight(bytes)) as f32).collect())
        }
        (data_type::DOUBLE, None) => Data::Floats(tensor.double_data.iter().map(|&value| value as f32).collect()),
        (data_type::FLOAT16, Some(raw)) => {
            Data::Floats(raw.chunks_exact(2).map(|pair| f16::from_le_bytes(two(pair)).to_f32()).collect())
        }
        (data_type::FLOAT16, None) => Data::Floats(halves().map(|bits| f16::from_bits(bits).to_f32()).collect()),
        (data_type::BFLOAT16, Some(raw)) => {
            Data::Floats(raw.chunks_exact(2).map(|pair| bf16::from_le_bytes(two(pair)).to_f32()).collect())
        }
        (data_type::BFLOAT16, None) => Data::Floats(halves().map(|bits| bf16::from_bits(bits).to_f32()).collect()),
        (data_type::INT64, Some(raw)) => {
            Data::Ints(raw.chunks_exact(8).map(|bytes| Some(i64::from_le_bytes(eight(bytes)))).collect())
        }
        (data_type::INT64, None) => Data::Ints(tensor.int64_data.iter().copied().map(Some).collect()),
        (data_type::INT32, Some(raw)) => {
            Data::Ints(raw.chunks_exact(4).map(|bytes| Some(i64::from(i32::from_le_bytes(four(bytes))))).collect())
        }
        (data_type::INT32, None) => Data::Ints(tensor.int32_data.iter().map(|&value| Some(i64::from(value))).collect()),
        // Quantized numbers, which are dequantized at once, take a quarter of the memory as floats that they would as whole numbers.
        (data_type::UINT8 | data_type::BOOL, Some(raw)) => Data::Floats(raw.iter().map(|&byte| byte.into()).collect()),
        (data_type::INT8, Some(raw)) => Data::Floats(raw.iter().map(|&byte| (byte as i8).into()).collect()),
        (data_type::UINT16, Some(raw)) => {
            Data::Floats(raw.chunks_exact(2).map(|pair| u16::from_le_bytes(two(pair)).into()).collect())
        }
        (data_type::INT16, Some(raw)) => {
            Data::Floats(raw.chunks_exact(2).map(|pair| i16::from_le_bytes(two(pair)).into()).collect())
        }
        (data_type::UINT8 | data_type::BOOL | data_type::INT8 | data_type::UINT16 | data_type::INT16, None) => {
            Data::Floats(tensor.int32_data.iter().map(|&value| value as f32).collect())
        }
        _ => return None,
    })
}
