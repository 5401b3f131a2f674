//! Makes a packed model ([`convscope_core::model`]) of a file of weights and a recipe, or of another packed model.

mod fit;
mod outputs;
mod recipe;
mod shards;
mod taps;
mod written;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

pub use recipe::{Labels, Layout, Outputs, Recipe};

use self::shards::Output;
use self::taps::taps;
use crate::{FloatTensor, Imported, in_file};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::{Codec, FORMAT, Folder, Manifest, Source, TensorEntry, decode, encode};
use convscope_core::nn::Graph;

/// Summary of what was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The model's id.
    pub id: String,
    /// Number of parameter tensors.
    pub tensors: usize,
    /// Number of shards.
    pub shards: usize,
    /// Bytes of all shards' files.
    pub bytes: u64,
    /// Losses of each codec in use.
    pub losses: Vec<Loss>,
    /// Notes for the reader: assumptions made, things left out. Sentences without full stop.
    pub notes: Vec<String>,
}

/// Loss of a codec: what it did to the numbers it stores, measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The codec.
    pub codec: Codec,
    /// Number of numbers it stores.
    pub numbers: usize,
    /// The largest difference of a number read back from the number given.
    pub max_absolute: f32,
    /// The largest such difference as a share of the largest magnitude in the number's output channel.
    pub max_relative: f32,
    /// The sum of the numbers' squares.
    pub squares: f64,
    /// The sum of the differences' squares.
    pub squared_differences: f64,
}

impl Loss {
    /// The differences as a share of the numbers, both as root mean square.
    pub fn relative(&self) -> f64 {
        if self.squares > 0.0 { (self.squared_differences / self.squares).sqrt() } else { 0.0 }
    }
}

/// Packs `source`, a file of weights or the folder of a packed model, into the folder `out`.
///
/// Weights are stored in `codec`, biases as float32. With [`Codec::Int4`] the weights of convolutions, which are few and matter
/// more, are stored in [`Codec::Int8`]. `out` is new, empty, or a packed model, which is replaced only when the new one
/// is complete.
///
/// # Errors
/// [`Error::Weights`] where source and recipe do not make a model, [`Error::Request`] where the recipe or `out` is not fit,
/// [`Error::File`] where something cannot be read or written. Nothing is left behind in `out` or beside it.
pub fn run(source: &Path, recipe: Option<&Path>, out: &Path, codec: Codec) -> Result<Summary> {
    let (manifest, tensors, notes) = if source.is_dir() {
        packed(source, recipe)?
    } else {
        match recipe {
            Some(path) => imported(source, Recipe::read(path)?, None)?,
            None => {
                let (recipe, assumed) = Recipe::assumed(source);
                imported(source, recipe, Some(assumed))?
            }
        }
    };
    write(manifest, tensors, out, codec, notes)
}

type Parts = (Manifest, BTreeMap<String, FloatTensor>, Vec<String>);

/// `assumed` says what a recipe that nobody wrote assumes; the size of the input is then the file's.
fn imported(source: &Path, mut recipe: Recipe, mut assumed: Option<Vec<String>>) -> Result<Parts> {
    let wrong = |cause: Fault| in_file(source, cause.map(crate::printable));
    let given =
        assumed.is_none().then_some([recipe.preprocessing.height as usize, recipe.preprocessing.width as usize]);
    let mut file = crate::read(source, &recipe.options(given))?;
    recipe.complete(&mut file).map_err(&wrong)?;
    if let (Some(_), Some([height, width])) = (&assumed, file.input_size) {
        (recipe.preprocessing.height, recipe.preprocessing.width) = (height as u32, width as u32);
    }
    whole_pixels(&mut recipe, &file, assumed.as_mut()).map_err(&wrong)?;
    let mut notes = assumed.unwrap_or_default();
    notes.extend(file.notes.drain(..).map(|note| crate::printable(&note)));
    let manifest = manifest(&recipe, &file, &mut notes).map_err(wrong)?;
    Ok((manifest, file.tensors, notes))
}

/// A file that takes whole numbers as pixels is given them as they are: what is assumed follows, and a recipe must say so.
fn whole_pixels(recipe: &mut Recipe, file: &Imported, assumed: Option<&mut Vec<String>>) -> Result<(), Fault> {
    if !file.whole_pixels {
        return Ok(());
    }
    let preprocessing = &mut recipe.preprocessing;
    if let Some(notes) = assumed {
        preprocessing.scale = 1.0;
        let as_they_are = "from 0 to 255, since the file's input takes whole numbers,";
        notes.iter_mut().for_each(|note| *note = note.replace("from 0 to 1,", as_they_are));
    }
    if (preprocessing.scale, preprocessing.mean, preprocessing.std) == (1.0, [0.0; 3], [1.0; 3]) {
        return Ok(());
    }
    Err(fault!(
        "recipe-whole-pixels",
        "the file's input takes whole numbers, that is pixels from 0 to 255 as they are; set the recipe's scale to 1, its mean to 0 and \
         its std to 1"
    ))
}

/// The manifest of a model, but for tensors and shards.
fn manifest(recipe: &Recipe, file: &Imported, notes: &mut Vec<String>) -> Result<Manifest, Fault> {
    let graph = recipe.graph(file)?;
    let mut manifest = Manifest {
        format: FORMAT,
        id: recipe.id.clone(),
        name: recipe.name.clone(),
        description: recipe.description.clone(),
        domain: recipe.domain.clone(),
        licence: recipe.licence.clone(),
        source: recipe.source.clone(),
        preprocessing: recipe.preprocessing.clone(),
        nodes: file.nodes.clone(),
        logits: recipe.logits.clone().or_else(|| file.logits.clone()),
        probabilities: recipe.probabilities.clone().or_else(|| file.probabilities.clone()),
        taps: recipe.taps.clone().unwrap_or_else(|| taps(&graph)),
        labels: recipe.labels().to_vec(),
        tensors: BTreeMap::new(),
        shards: vec![],
    };
    if let Some(kind) = recipe.outputs {
        outputs::take(&mut manifest, kind, recipe.probabilities.is_none())?;
    }
    let raw = recipe.outputs == Some(Outputs::Raw);
    let outputs = manifest.logits.as_deref().and_then(|name| graph.id(name)).map(|id| graph.shape(id)[0]);
    let two = !raw && manifest.two_classes(&graph);
    let outputs = if two { Some(2) } else { outputs };
    if manifest.labels.is_empty()
        && let Some(outputs) = outputs
    {
        let kind = if manifest.probabilities.is_some() { "class_" } else { "output " };
        manifest.labels = (0..outputs).map(|index| format!("{kind}{index}")).collect();
        notes.push(format!("no labels: called the {outputs} classes {kind}0, {kind}1 and so on"));
    }
    if let (true, [no, yes]) = (two, &manifest.labels[..]) {
        notes.push(format!(
            "the network has one logit: {yes} has its sigmoid as probability, and {no} the rest; if it is no \
             logit, as in a regression, give a recipe with \"outputs\": \"raw\""
        ));
    }
    let shape = |name: &str| file.tensors.get(name).map(|tensor| tensor.shape.clone());
    let graph = Graph::new(manifest.nodes.clone(), recipe.preprocessing.input_shape(), shape)
        .map_err(|error| Fault::from(&error))?;
    fit::check_names(&manifest, &graph, raw)?;
    Ok(manifest)
}

/// A packed model, with its numbers as floats.
fn packed(source: &Path, recipe: Option<&Path>) -> Result<Parts> {
    if let Some(recipe) = recipe {
        return Err(Error::Request(fault!(
            "recipe-unneeded",
            "{source} is a folder, so it must be a packed model, which needs no recipe; leave out {recipe}",
            source = source.display(),
            recipe = recipe.display()
        )));
    }
    if let Some(what) = crate::foreign::folder(source) {
        return Err(in_file(source, what));
    }
    let folder = Folder(source.into());
    let read = |name: &str| pollster::block_on(folder.read(name, &mut |_| {}));
    let manifest = Manifest::parse(&read("model.json")?)?;
    let mut stream = vec![];
    for shard in &manifest.shards {
        let content = pollster::block_on(folder.shard(shard, &mut |_| {}));
        let piece = content.and_then(|content| shard.unpack(content));
        stream.extend(piece.map_err(|error| in_file(source, Fault::from(&error)))?);
    }
    let mut notes = vec![];
    let mut tensors = BTreeMap::new();
    let mut lossy = HashSet::new();
    for (name, entry) in &manifest.tensors {
        // The manifest's check has seen to it that the tensor lies in the stream.
        let bytes = &stream[entry.offset as usize..][..entry.bytes as usize];
        let values = decode(entry.codec, bytes, &entry.shape, entry.axis);
        tensors.insert(name.clone(), FloatTensor { shape: entry.shape.clone(), values });
        if entry.codec != Codec::F32 {
            lossy.insert(entry.codec.name());
        }
    }
    for codec in lossy {
        notes.push(format!("the source is packed in {codec}: what that lost stays lost"));
    }
    Ok((manifest, tensors, notes))
}

fn write(
    mut manifest: Manifest,
    mut tensors: BTreeMap<String, FloatTensor>,
    out: &Path,
    codec: Codec,
    notes: Vec<String>,
) -> Result<Summary> {
    let mut output = Output::new(out)?;
    manifest.format = FORMAT;
    manifest.tensors.clear();
    let mut losses: Vec<Loss> = vec![];
    let names: Vec<String> = manifest.nodes.iter().flat_map(|node| node.op.parameters()).map(Into::into).collect();
    for name in names {
        // Each is dropped once it is written: a large model is not to be in memory twice.
        let Some(FloatTensor { shape, values }) = tensors.remove(&name) else { continue };
        let (codec, axis) = match shape.len() {
            1 => (Codec::F32, 0),
            2 => (codec, 1),
            _ if codec == Codec::Int4 => (Codec::Int8, 0),
            _ => (codec, 0),
        };
        let wrong = |cause| {
            Error::Weights(fault!(
                "tensor-not-packed",
                "the tensor {name} cannot be packed: {cause}",
                cause = cause,
                name
            ))
        };
        let bytes = encode(codec, &values, &shape, axis).map_err(wrong)?;
        // What f32 stores is what it was given, and a second copy of it would be as large.
        let read = if codec == Codec::F32 { None } else { Some(decode(codec, &bytes, &shape, axis)) };
        measure(&mut losses, codec, &values, read.as_deref().unwrap_or(&values), &shape, axis);
        let offset = output.bytes;
        output.push(&bytes)?;
        let entry = TensorEntry { codec, shape, axis, offset, bytes: bytes.len() as u64 };
        manifest.tensors.insert(name, entry);
    }
    let (id, tensors) = (manifest.id.clone(), manifest.tensors.len());
    let shards = output.finish(manifest)?;
    let bytes = shards.iter().map(|shard| shard.bytes).sum();
    Ok(Summary { id, tensors, shards: shards.len(), bytes, losses, notes })
}

/// Adds what became of a tensor to its codec's loss.
fn measure(losses: &mut Vec<Loss>, codec: Codec, values: &[f32], read: &[f32], shape: &[usize], axis: usize) {
    let stride: usize = shape[axis + 1..].iter().product();
    let channel = |index: usize| index / stride % shape[axis];
    let mut largest = vec![0_f32; shape[axis]];
    let mut errors = vec![0_f32; shape[axis]];
    for (index, (value, read)) in values.iter().zip(read).enumerate() {
        let channel = channel(index);
        largest[channel] = largest[channel].max(value.abs());
        errors[channel] = errors[channel].max((value - read).abs());
    }
    let absolute = errors.iter().copied().fold(0.0, f32::max);
    let shares = errors.iter().zip(&largest).filter(|(error, _)| **error > 0.0).map(|(error, largest)| error / largest);
    let relative = shares.fold(0.0, f32::max);
    let square = |number: f32| f64::from(number).powi(2);
    let squares: f64 = values.iter().map(|&value| square(value)).sum();
    let squared_differences: f64 = values.iter().zip(read).map(|(value, read)| square(value - read)).sum();
    let numbers = values.len();
    let new = Loss { codec, numbers, max_absolute: absolute, max_relative: relative, squares, squared_differences };
    match losses.iter_mut().find(|loss| loss.codec == codec) {
        Some(loss) => {
            loss.numbers += new.numbers;
            loss.max_absolute = loss.max_absolute.max(absolute);
            loss.max_relative = loss.max_relative.max(relative);
            loss.squares += squares;
            loss.squared_differences += squared_differences;
        }
        None => losses.push(new),
    }
}
