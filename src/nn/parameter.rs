//! Parameters on the device.

use burn::tensor::Tensor;

use super::Op;
use crate::error::Fault;
use crate::fault;

/// A named tensor of the model, on the device.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// A bias `[out]`.
    Vector(Tensor<1>),
    /// A dense layer's weight `[in, out]` in pieces of some columns each, one at least. WebGPU guarantees only 128 MiB a
    /// binding, and fc1 of VGG16 has 411 MB.
    Columns(Vec<Tensor<2>>),
    /// A convolution's weight `[out, in / groups, kernel height, kernel width]`.
    Kernel(Tensor<4>),
}

impl Parameter {
    /// The shape of the whole tensor.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Self::Vector(vector) => vector.dims().to_vec(),
            Self::Columns(pieces) => {
                let rows = pieces.first().map_or(0, |piece| piece.dims()[0]);
                vec![rows, pieces.iter().map(|piece| piece.dims()[1]).sum()]
            }
            Self::Kernel(kernel) => kernel.dims().to_vec(),
        }
    }
}

/// The parameters of a model, by name. Errors are sentences without subject.
pub(super) struct Parameters<'a>(pub(super) &'a dyn Fn(&str) -> Option<Parameter>);

impl Parameters<'_> {
    fn get(&self, name: &str) -> Result<Parameter, Fault> {
        (self.0)(name).ok_or_else(|| Op::missing_tensor(name))
    }

    pub(super) fn vector(&self, name: &str) -> Result<Tensor<1>, Fault> {
        match self.get(name)? {
            Parameter::Vector(vector) => Ok(vector),
            _ => Err(fault!("parameter-no-vector", "names the tensor {name}, which is no vector", name)),
        }
    }

    pub(super) fn columns(&self, name: &str) -> Result<Vec<Tensor<2>>, Fault> {
        match self.get(name)? {
            Parameter::Columns(pieces) if !pieces.is_empty() => Ok(pieces),
            _ => Err(fault!("parameter-no-matrix", "names the tensor {name}, which is no matrix", name)),
        }
    }

    pub(super) fn kernel(&self, name: &str) -> Result<Tensor<4>, Fault> {
        match self.get(name)? {
            Parameter::Kernel(kernel) => Ok(kernel),
            _ => {
                Err(fault!("parameter-no-kernel", "names the tensor {name}, which is no kernel of a convolution", name))
            }
        }
    }
}
