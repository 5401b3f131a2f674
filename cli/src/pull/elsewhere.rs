//! Models whose weights are published as one file somewhere else than packages are: a person gets it, and it is packed as it is.

use std::path::Path;

use convscope::error::{Error, Fault};
use convscope::fault;

/// A model whose file is to be had with a browser.
#[derive(Debug)]
pub(super) struct Elsewhere {
    pub(super) id: &'static str,
    /// Name for people.
    pub(super) title: &'static str,
    pub(super) bytes: u64,
    url: &'static str,
    /// Packing that suits the network.
    packing: &'static str,
}

pub(super) static ALL: [Elsewhere; 1] = [Elsewhere {
    id: "vgg16",
    title: "VGG16 (Keras)",
    bytes: 553_467_096,
    url: "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    packing: "int4",
}];

impl Elsewhere {
    /// What a person does to have it in a folder of models.
    pub(super) fn told(&self, folder: &Path) -> Error {
        let file = self.url.rsplit('/').next().unwrap_or(self.url);
        Error::Request(self.fault(file, folder))
    }

    fn fault(&self, file: &str, folder: &Path) -> Fault {
        fault!(
            "published-elsewhere",
            "{title} is published as one file of {megabytes} MB, which no package has; get it from {url} and pack it with \
             `convscope pack {file} --id {id} --codec {packing} --out {out}`",
            title = self.title,
            megabytes = self.bytes / 1_000_000,
            url = self.url,
            file,
            id = self.id,
            packing = self.packing,
            out = folder.join(self.id).display()
        )
    }
}
