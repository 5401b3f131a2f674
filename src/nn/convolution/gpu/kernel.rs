//! Kernels in text of our own, launched on the device that burn's tensors lie on.

use burn::cubecl::client::Client;
use burn::cubecl::ir::metadata::Info;
use burn::cubecl::ir::settings::Dim3;
use burn::cubecl::ir::{ElemType, UIntKind};
use burn::cubecl::prelude::*;
use burn::cubecl::server::{Handle, KernelArguments, MetadataBindingInfo};
use burn::cubecl::{CubeKernel, PrecompiledSource};

use super::source::{self, Block};

/// Kernel on the GPU; each is compiled once for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kernel {
    InputTransform,
    BatchedProduct(Block),
    Pointwise { block: Block, bias: bool },
    OutputTransform { bias: bool },
    WeightTransform { flipped: bool },
}

impl Kernel {
    /// Threads of a group along both axes.
    pub(super) fn threads(self) -> [usize; 2] {
        match self {
            Self::BatchedProduct(block) | Self::Pointwise { block, .. } => [block.columns, block.rows],
            _ => [64, 1],
        }
    }

    fn text(self) -> String {
        match self {
            Self::InputTransform => source::input_transform(),
            Self::BatchedProduct(block) => source::batched_product(block),
            Self::Pointwise { block, bias } => source::pointwise(block, bias),
            Self::OutputTransform { bias } => source::output_transform(bias),
            Self::WeightTransform { flipped } => source::kernel_transform(flipped),
        }
    }

    /// Runs it on groups of threads; it finds the buffers at its bindings in this order, and then the words as one uniform.
    ///
    /// All buffers are bound to be written, even those that are only read: burn cuts tensors out of larger buffers, and wgpu takes
    /// a buffer for reading only or for writing within a launch.
    pub(super) fn launch(self, client: &Client, groups: [usize; 3], buffers: &[&Handle], words: &[u32]) {
        let words = words.chunks(2).map(|pair| u64::from(pair[0]) | u64::from(pair.get(1).copied().unwrap_or(0)) << 32);
        let mut arguments = KernelArguments::new().with_info(MetadataBindingInfo::custom(words.collect()));
        for &handle in buffers {
            arguments = arguments.with_buffer(handle.clone().binding());
        }
        let [x, y, z] = groups.map(|count| count as u32);
        client.launch(Box::new(self), CubeCount::Static(x, y, z), arguments);
    }

    fn dim(self) -> Dim3 {
        let [x, y] = self.threads().map(|count| count as u32);
        Dim3 { x, y, z: 1 }
    }
}

impl KernelMetadata for Kernel {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(*self).cube_dim(self.dim())
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl CubeKernel for Kernel {
    fn define(&self) -> KernelDefinition {
        let settings = KernelSettings::new(self.dim(), ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    /// Source text in the language that burn's `wgpu` compiles to; its features `vulkan` and `metal` would make it take others.
    fn source(&self) -> Option<PrecompiledSource> {
        let source = self.text();
        Some(PrecompiledSource { source, entrypoint_name: "main".into(), lang: "wgsl" })
    }
}
