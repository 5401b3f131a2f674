//! HDF5 files of weights as Keras writes them (`save_weights` and `save` with a name in `.h5`): a group a layer, with the attribute
//! `layer_names` on the group that holds them all, which is the root of a file of weights and `model_weights` of a whole model.
//!
//! Every version of Keras has its own names for the parameters, here they are `LAYER/kernel`, `LAYER/bias` and so on:
//! `block1_conv1/block1_conv1_W_1:0` (Keras 1, as the official VGG16 files of 2016), `block1_conv1/block1_conv1/kernel:0` (Keras 2)
//! and `block1_conv1/vgg16/block1_conv1/kernel` (Keras 3). In other HDF5 files the path is the name; in Keras 3's `.weights.h5` it counts
//! layers by kind, and a configuration beside the file or in the same archive says which they are.

pub(crate) mod archive;
mod dataset;
mod described;
mod graph;
mod layers;
mod variables;

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use hdf5_reader::group::Group;
use hdf5_reader::{Dataset, Hdf5File, OpenOptions, RangeRequestStorage};

use self::dataset::Numbers;
use self::described::Described;
use super::{Budget, FloatTensor, Imported, Input, Options, Place, Tensor, note_left_out, unreadable};
use convscope_core::error::Fault;
use convscope_core::fault;
pub(crate) use graph::Written;

/// Groups within each other, more than any model has.
const MAX_DEPTH: usize = 16;
/// Objects in a file, more than any model has.
const MAX_OBJECTS: usize = 10_000;

/// The largest header of an object, in bytes; the format's default limit for attributes is 64 KiB.
const MAX_HEADER: usize = 1 << 22;

/// The fault of a whole model of Keras with a graph that is not read.
fn model(cause: Fault) -> Fault {
    fault!(
        "keras-model",
        "a Keras model, whose graph convscope does not read: {cause}; export it as ONNX with \
         model.export(\"model.onnx\", format=\"onnx\")",
        cause = cause
    )
}

/// Finds all tensors of floating-point numbers, which are read when their turn comes. A file of weights finds its configuration beside it, in
/// `config.json` or as `NAME.json` beside `NAME.weights.h5`, unless somebody names its nodes.
pub(super) fn read<R: Read + Seek + Send + 'static>(
    file: R,
    place: Place<'_>,
    options: &Options,
) -> Result<Imported, Fault> {
    let mut notes = vec![];
    let described = if options.has_nodes { None } else { described::beside(place, &mut notes) };
    let mut imported = read_described(file, described, options.size)?;
    imported.notes.splice(0..0, notes);
    Ok(imported)
}

fn read_described<R: Read + Seek + Send + 'static>(
    mut file: R,
    described: Option<Described>,
    size: Option<[usize; 2]>,
) -> Result<Imported, Fault> {
    let bytes = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let file = Mutex::new(file);
    let range = move |offset, length| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        // The caller has seen to it that the range lies in the file.
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let most = usize::try_from(bytes.saturating_mul(8)).unwrap_or(usize::MAX);
    let options = OpenOptions::default().with_max_object_header_bytes(MAX_HEADER).with_chunk_cache_bytes(0);
    let options = options.with_max_chunk_bytes(most).with_max_read_bytes(most);
    let file = Hdf5File::from_storage_with_options(Arc::new(RangeRequestStorage::new(bytes, range)), options);
    let root = file.and_then(|file| file.root_group()).map_err(unread)?;
    let own = text_attribute(&root, "model_config")?.map(|config| {
        // Keras 2 is older than the attribute.
        let version = text_attribute(&root, "keras_version").ok().flatten().unwrap_or_default();
        Described { config, version }
    });
    let by_kind = own.is_none();
    let described = own.or(described);
    described.as_ref().map_or(Ok(()), Described::check)?;
    let graph =
        described.as_ref().map(|described| graph::read(&described.config, described.version.starts_with('3'), size));
    let (top, of_keras) = top(root)?;
    let mut walk = Walk { budget: Budget::of(bytes), objects: 0, of_keras, tensors: BTreeMap::new(), left_out: vec![] };
    walk.group(&top, "", 0)?;
    if walk.tensors.is_empty() {
        return Err(fault!(
            "hdf5-empty",
            "the HDF5 file holds no tensor of floating-point numbers; choose another file"
        ));
    }
    if let Some(described) = described.filter(|_| by_kind) {
        let names = variables::names(&described.config, &walk.tensors);
        walk.rename(names)?;
    }
    let mut imported = Imported { tensors: walk.tensors, ..Imported::default() };
    match graph {
        Some(Ok(written)) => take(&mut imported, written),
        Some(Err(cause)) => imported.unread_graph = Some(model(cause)),
        None => {}
    }
    note_left_out(&mut imported.notes, &walk.left_out);
    Ok(imported)
}

/// Gives a file of weights its graph, and what that says of the input.
fn take(imported: &mut Imported, written: Written) {
    for (name, shape, value) in &written.constants {
        let values = vec![*value; shape.iter().product()];
        imported.tensors.entry(name.clone()).or_insert_with(|| FloatTensor { shape: shape.clone(), values }.into());
    }
    // Keras 3 calls the weight of a depthwise convolution as that of any other.
    for name in written.nodes.iter().flat_map(|node| node.op.parameters()) {
        let plain = name.strip_suffix("/depthwise_kernel").map(|layer| format!("{layer}/kernel"));
        if let Some(tensor) =
            plain.filter(|_| !imported.tensors.contains_key(name)).and_then(|plain| imported.tensors.remove(&plain))
        {
            imported.tensors.insert(name.to_owned(), tensor);
        }
    }
    let scope = Some(written.scope.clone());
    imported.input =
        Input { size: written.size, channels_last: true, own_scale: written.own_scale, scope, ..Input::default() };
    imported.written = Some(written);
}

fn damaged(cause: Fault) -> Fault {
    fault!("hdf5-damaged", "the HDF5 file is damaged or incomplete ({cause}); get it again", cause = cause)
}

/// The fault of a file that the library cannot read.
fn unread(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    damaged(Fault::foreign(error))
}

/// An attribute of text, if there is one.
fn text_attribute(group: &Group, name: &str) -> Result<Option<String>, Fault> {
    let attributes = group.attributes().map_err(unread)?;
    let attribute = attributes.iter().find(|attribute| attribute.name == name);
    attribute.map(|attribute| attribute.read_string().map_err(unread)).transpose()
}

fn has_attribute(group: &Group, name: &str) -> Result<bool, Fault> {
    let attributes = group.attributes().map_err(unread)?;
    Ok(attributes.iter().any(|attribute| attribute.name == name))
}

/// Whether a group lists its layers as Keras does: in one attribute, or in several that are numbered where one is too small for all.
fn of_keras(group: &Group) -> Result<bool, Fault> {
    Ok(has_attribute(group, "layer_names")? || has_attribute(group, "layer_names0")?)
}

/// The group whose groups are the layers, and whether Keras says so.
fn top(root: Group) -> Result<(Group, bool), Fault> {
    if of_keras(&root)? {
        return Ok((root, true));
    }
    let (groups, _) = root.member_names().map_err(unread)?;
    if groups.iter().any(|name| name == "model_weights") {
        let group = root.group("model_weights").map_err(unread)?;
        let of_keras = of_keras(&group)?;
        return Ok((group, of_keras));
    }
    Ok((root, false))
}

/// The tensors found so far.
struct Walk {
    budget: Budget,
    objects: usize,
    of_keras: bool,
    tensors: BTreeMap<String, Tensor>,
    left_out: Vec<String>,
}

impl Walk {
    /// Reads the tensors of a group at `path`, which ends in `/` or is empty. A link can lead back to its own group.
    fn group(&mut self, group: &Group, path: &str, depth: usize) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(damaged(fault!("hdf5-depth", "its groups lie too deep in each other")));
        }
        let (groups, datasets) = group.members().map_err(unread)?;
        self.objects += groups.len() + datasets.len();
        if self.objects > MAX_OBJECTS {
            return Err(damaged(fault!(
                "hdf5-objects",
                "it has more than {most} groups and tensors",
                most = MAX_OBJECTS
            )));
        }
        for dataset in datasets {
            self.dataset(&dataset, path)?;
        }
        groups.iter().try_for_each(|inner| self.group(inner, &format!("{path}{}/", inner.name()), depth + 1))
    }

    /// Calls tensors by other names than their paths. A model and one within it may each have a layer of one name.
    fn rename(&mut self, names: BTreeMap<String, String>) -> Result<(), Fault> {
        for (path, name) in names {
            if let Some(tensor) = self.tensors.remove(&path)
                && self.tensors.insert(name.clone(), tensor).is_some()
            {
                return Err(fault!(
                    "keras-same-name",
                    "two layers of its models have a {name}, and nothing tells them apart; give each layer a name of its own and save it again",
                    name
                ));
            }
        }
        Ok(())
    }

    fn dataset(&mut self, dataset: &Dataset, path: &str) -> Result<(), Fault> {
        let full = format!("{path}{}", dataset.name());
        let size = |&size: &u64| usize::try_from(size).map_err(unread);
        let shape = dataset.shape().iter().map(size).collect::<Result<Vec<_>, _>>()?;
        // A data set without any number, not even a scalar, or of other numbers.
        let numbers = (dataset.num_elements().map_err(unread)? > 0).then(|| Numbers::of(dataset, &shape)).flatten();
        let Some(numbers) = numbers else {
            self.left_out.push(full);
            return Ok(());
        };
        self.budget.take(&shape)?;
        let name = if self.of_keras { variables::parameter(&full) } else { full.clone() };
        let name = if self.tensors.contains_key(&name) { full } else { name };
        self.tensors.insert(name, Tensor::in_file(shape, Arc::new(numbers)));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
