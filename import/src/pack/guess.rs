//! Guesses of what a file with a graph does not say, and that a recipe would: by its input, its outputs and its name.

use std::path::Path;

use super::answers::{Answers, ClassNames};
use super::recipe::is_id;
use super::{Draft, Labels, Outputs, Recipe, architecture, finished};
use crate::architecture::Architecture;
use crate::{Imported, Input, Options, in_file, printable};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::nn::Graph;
use convscope_core::preprocess::{Fit, Preprocessing, Preset};

/// Side of the input in pixels where neither the file nor anybody says.
const SIDE: u32 = 224;

/// Side of an input in pixels from which on a network is taken for one that began with ImageNet's weights.
const OF_IMAGENET: usize = 128;

/// Largest factor by which a network scales pixels from 0 to 255; one that takes them from 0 to 1 divides by a standard deviation.
const SCALES_BYTES: f32 = 1.0 / 32.0;

/// Keras's families of networks by a part of their names, with what they were trained with; the first that fits counts.
const FAMILIES: [(&str, Preset); 9] = [
    ("efficientnet", Preset::ZeroTo255),
    ("mobilenet", Preset::Tf),
    ("inception", Preset::Tf),
    ("xception", Preset::Tf),
    ("nasnet", Preset::Tf),
    ("densenet", Preset::Torch),
    ("v2", Preset::Tf),
    ("resnet", Preset::Caffe),
    ("vgg", Preset::Caffe),
];

/// Model that a file makes with answers and guesses, which the notes tell; `read` reads the file.
pub(super) fn draft(
    source: &Path,
    answers: &Answers,
    read: impl FnOnce(&Options) -> Result<Imported>,
) -> Result<Draft> {
    let side = answers.input.unwrap_or([SIDE; 2]);
    let mut recipe = Recipe::of_file(source, Preset::ZeroToOne.preprocessing(side));
    take(&mut recipe, answers).map_err(Error::Request)?;
    let size = answers.input.map(|size| size.map(|side| side as usize));
    let mut file = read(&recipe.options(size))?;
    let architecture = architecture::give(&mut recipe, &mut file, answers.architecture.as_deref())
        .map_err(|cause| in_file(source, cause.map(printable)))?;
    complete(source, &mut recipe, file, answers, architecture)
}

/// The answers that a recipe holds as they are.
fn take(recipe: &mut Recipe, answers: &Answers) -> Result<(), Fault> {
    if let Some(id) = &answers.id {
        if !is_id(id) {
            return Err(fault!(
                "answer-id",
                "the id {id} is not made of letters, digits, _, - and .; choose another",
                id
            ));
        }
        recipe.id.clone_from(id);
    }
    recipe.taps.clone_from(&answers.taps);
    recipe.logits.clone_from(&answers.logits);
    recipe.until.clone_from(&answers.until);
    recipe.outputs = answers.outputs;
    Ok(())
}

fn complete(
    source: &Path,
    recipe: &mut Recipe,
    mut file: Imported,
    answers: &Answers,
    architecture: Option<&Architecture>,
) -> Result<Draft> {
    let wrong = |cause: Fault| in_file(source, cause.map(printable));
    let size = answers.input.or(file.input.size.map(|size| size.map(|side| side as u32))).unwrap_or([SIDE; 2]);
    (recipe.preprocessing.height, recipe.preprocessing.width) = (size[0], size[1]);
    recipe.complete(&mut file).map_err(wrong)?;
    let mut notes =
        vec![fault!("note-no-recipe", "no recipe: called the model {id} and its licence unknown", id = recipe.id)];
    let scope = file.input.scope.as_deref().unwrap_or_default();
    let name = format!("{} {scope}", recipe.source).to_lowercase();
    let (base, origin) = match (answers.preset, architecture) {
        (Some(preset), _) => {
            (preset.preprocessing(size), fault!("note-preset", "preprocessing {preset}", preset = preset.name()))
        }
        (None, Some(known)) => {
            let told = fault!("note-preset-usual", "preprocessing as {network} is usually trained", network = known.id);
            (known.preprocessing(size), told)
        }
        (None, None) => {
            let (preset, because) = preset(&file.input, &name);
            let told = fault!(
                "note-preset-guessed",
                "guessed the preprocessing {preset}, since {cause}",
                cause = because,
                preset = preset.name()
            );
            (preset.preprocessing(size), told)
        }
    };
    if let Some(known) = architecture {
        notes.push(if answers.architecture.is_some() {
            fault!("note-network-asked", "took the architecture {network}, since it was asked for", network = known.id)
        } else {
            fault!(
                "note-network-told",
                "took the architecture {network}, since the tensors have its names and shapes",
                network = known.id
            )
        });
    }
    recipe.preprocessing = preprocessing(base, answers);
    recipe.preprocessing.check().map_err(|cause| {
        Error::Request(fault!(
            "answer-preprocessing",
            "{cause}; correct what was given of the preprocessing",
            cause = cause
        ))
    })?;
    if file.input.whole_pixels && !recipe.preprocessing.keeps_pixels() {
        let usual = Preset::ZeroTo255.name();
        return Err(wrong(fault!(
            "answer-whole-pixels",
            "the file's input takes whole numbers, that is pixels as they are; leave the preset at {usual}, and its numbers as they are",
            usual
        )));
    }
    let said = words(&recipe.preprocessing);
    notes.push(if answers.preset.is_some() {
        fault!("note-taken", "{origin}: {said}", @origin = origin, @said = said)
    } else {
        fault!(
            "note-taken-guessed",
            "{origin}: {said}; choose another with a preset if the network was trained otherwise",
            @origin = origin,
            @said = said
        )
    });
    if let Some(logits) = answers.logits.as_ref().filter(|logits| file.logits.as_ref() != Some(*logits)) {
        recipe.outputs.get_or_insert(Outputs::Softmax);
        notes.push(fault!("note-logits", "took {logits} for the logits", logits = printable(logits)));
    }
    if let Some(classes) = classes(recipe, &file) {
        let guessed = ClassNames::are_imagenets(classes).then_some(ClassNames::ImageNet);
        let names = answers.labels.as_ref().or(guessed.as_ref());
        recipe.labels = Labels::Names(names.map_or_else(Vec::new, |names| names.of(classes)));
        if guessed.is_some() && answers.labels.is_none() {
            notes.push(fault!(
                "note-imagenet",
                "guessed that the {classes} classes are ImageNet's, in their usual order",
                classes
            ));
        }
    }
    finished(source, recipe, file, notes)
}

/// Number of the network's outputs, if it ends in a classifier.
fn classes(recipe: &Recipe, file: &Imported) -> Option<usize> {
    let graph: Graph = recipe.graph(file).ok()?;
    let logits = recipe.logits.as_ref().or(file.logits.as_ref())?;
    graph.id(logits).map(|id| graph.shape(id)[0])
}

/// The preset that a network was most likely trained with, by its input and its names, and why, as half a sentence.
fn preset(input: &Input, name: &str) -> (Preset, Fault) {
    if input.whole_pixels {
        return (Preset::ZeroTo255, fault!("since-whole-pixels", "the file's input takes whole numbers"));
    }
    match input.own_scale {
        Some(scale) if scale <= SCALES_BYTES => {
            let since = fault!("since-scales", "the network itself scales pixels by {scale}", scale);
            return (Preset::ZeroTo255, since);
        }
        Some(_) => {
            let since = fault!("since-normalizes", "the network itself subtracts a mean or divides by a deviation");
            return (Preset::ZeroToOne, since);
        }
        None => {}
    }
    let family = FAMILIES.iter().find(|(family, _)| name.contains(family));
    match (input.channels_last, family) {
        (true, Some((family, preset))) => {
            (*preset, fault!("since-family", "its channels come last and it is called {family}", family))
        }
        (true, None) => {
            (Preset::ZeroToOne, fault!("since-no-family", "its channels come last and its name tells nothing"))
        }
        (false, _) if input.size.is_none_or(|size| size.into_iter().all(|side| side >= OF_IMAGENET)) => {
            let since = fault!("since-large", "its channels come first and its input is as large as ImageNet's");
            (Preset::Torchvision, since)
        }
        (false, _) => (Preset::ZeroToOne, fault!("since-small", "its input is small")),
    }
}

/// Preprocessing with the numbers that were given in place of its own.
fn preprocessing(base: Preprocessing, answers: &Answers) -> Preprocessing {
    Preprocessing {
        fit: answers.fit.unwrap_or(base.fit),
        interpolation: answers.interpolation.unwrap_or(base.interpolation),
        channels: answers.channels.unwrap_or(base.channels),
        scale: answers.scale.unwrap_or(base.scale),
        mean: answers.mean.unwrap_or(base.mean),
        std: answers.std.unwrap_or(base.std),
        ..base
    }
}

/// Preprocessing in words.
fn words(Preprocessing { width, height, fit, interpolation, channels, scale, mean, std }: &Preprocessing) -> Fault {
    let (mean, std) = (format_args!("{mean:?}"), format_args!("{std:?}"));
    let (channels, interpolation) = (channels.name(), interpolation.name());
    match fit {
        Fit::Squash => fault!(
            "taken-whole",
            "the whole image at {width} x {height} pixels ({interpolation}), {channels}, (pixel * {scale} - {mean}) / {std}",
            width,
            height,
            interpolation,
            channels,
            scale,
            mean,
            std
        ),
        Fit::CentreCrop { short_side } => fault!(
            "taken-middle",
            "the middle of an image whose short side has {short_side} pixels at {width} x {height} pixels ({interpolation}), {channels}, (pixel * {scale} - {mean}) / {std}",
            short_side,
            width,
            height,
            interpolation,
            channels,
            scale,
            mean,
            std
        ),
    }
}

#[cfg(test)]
mod tests;
