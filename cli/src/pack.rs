//! `pack`: files of other frameworks become packed models.

mod examples;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use convscope::error::Result;
use convscope::model::Packing;
use convscope::preprocess::{Channels, Fit, Interpolation, Preset};
use convscope_import::architecture;
use convscope_import::pack::{self, Answers, ClassNames, Outputs, Summary};

use super::say::{complain, print};

/// Heading in help of what says what a file does not.
const GUESSED: &str = "Instead of guesses, where there is no recipe";

#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// File with the weights, or the folder of a packed model; several are packed one after the other
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// What the file does not say: preprocessing, labels, layers; an ONNX file, a whole Keras model and the weights of a built-in
    /// architecture can do without
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Folder for the packed model; of several, one with a folder for each
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How to store the weights
    #[arg(long, default_value = "int8", value_parser = crate::named::named::<Packing>())]
    codec: Packing,
    /// Do not measure on the example images what the codec cost
    #[arg(long)]
    unmeasured: bool,
    #[command(flatten)]
    guesses: Guesses,
}

#[derive(Debug, Args)]
#[group(id = "guesses", multiple = true, conflicts_with = "recipe")]
#[command(next_help_heading = GUESSED)]
struct Guesses {
    /// The model's id
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The built-in graph for a file that holds weights only, if its tensors do not say
    #[arg(long, value_name = "NAME", value_parser = architectures())]
    architecture: Option<String>,
    /// What the network was trained with
    #[arg(long, allow_hyphen_values = true, value_parser = crate::named::named::<Preset>())]
    preset: Option<Preset>,
    /// The order of the channels, of the mean and of the deviation
    #[arg(long, value_parser = crate::named::named::<Channels>())]
    channels: Option<Channels>,
    /// Factor of a pixel's value of 0 to 255
    #[arg(long, value_name = "NUMBER")]
    scale: Option<f32>,
    /// Mean that is subtracted from the channels after that
    #[arg(long, value_name = "A,B,C", value_parser = three)]
    mean: Option<[f32; 3]>,
    /// Standard deviation that the channels are divided by after that
    #[arg(long, value_name = "A,B,C", value_parser = three)]
    std: Option<[f32; 3]>,
    /// Length of an image's short side, of which the middle is taken; 0 takes the whole image, squashed
    #[arg(long, value_name = "PIXELS")]
    short_side: Option<u32>,
    /// Way to find pixels between pixels
    #[arg(long, value_parser = crate::named::named::<Interpolation>())]
    resize: Option<Interpolation>,
    /// Size of the input: a side, or width x height
    #[arg(long, value_name = "224|320x240", value_parser = size)]
    input: Option<[u32; 2]>,
    /// Names of the classes: a file with one a line, `imagenet`, or `numbers`
    #[arg(long, value_name = "FILE|imagenet|numbers")]
    labels: Option<PathBuf>,
    /// The layer that holds the logits
    #[arg(long, value_name = "LAYER")]
    logits: Option<String>,
    /// What the outputs are
    #[arg(long, value_parser = crate::named::named::<Outputs>())]
    outputs: Option<Outputs>,
    /// The layers to show, with commas between them
    #[arg(long, value_name = "LAYERS", value_delimiter = ',')]
    taps: Option<Vec<String>>,
    /// The last layer that is kept
    #[arg(long, value_name = "LAYER")]
    until: Option<String>,
}

impl Guesses {
    fn answers(self) -> Result<Answers> {
        let labels = self.labels.map(|labels| ClassNames::read(&labels));
        Ok(Answers {
            id: self.id,
            architecture: self.architecture,
            preset: self.preset,
            channels: self.channels,
            scale: self.scale,
            mean: self.mean,
            std: self.std,
            fit: self.short_side.map(|side| if side == 0 { Fit::Squash } else { Fit::CentreCrop { short_side: side } }),
            interpolation: self.resize,
            input: self.input,
            labels: labels.transpose()?,
            logits: self.logits,
            outputs: self.outputs,
            taps: self.taps,
            until: self.until,
        })
    }
}

/// A parser of the architectures' names, which help lists.
fn architectures() -> PossibleValuesParser {
    PossibleValuesParser::new(architecture::architectures().map(|known| PossibleValue::new(known.id).help(known.title)))
}

/// Three numbers with commas between them.
fn three(text: &str) -> Result<[f32; 3], String> {
    let numbers = text.split(',').map(|number| number.trim().parse::<f32>());
    let numbers = numbers.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    numbers.try_into().map_err(|_| "give three numbers with commas between them".into())
}

/// `[height, width]` of a side, or of `width x height`.
fn size(text: &str) -> Result<[u32; 2], String> {
    let side = |side: &str| side.trim().parse::<u32>().map_err(|error| error.to_string());
    match text.split_once('x') {
        Some((width, height)) => Ok([side(height)?, side(width)?]),
        None => side(text).map(|side| [side; 2]),
    }
}

pub(super) fn run(Pack { sources, recipe, out, codec, unmeasured, guesses }: Pack) -> Result<ExitCode> {
    let answers = guesses.answers()?;
    let as_codec = |source: &Path, out: &Path, codec| match recipe.as_deref() {
        None if answers != Answers::default() => pack::run_with(source, &answers, out, codec),
        recipe => pack::run(source, recipe, out, codec),
    };
    let pack = |source: &Path, out: &Path| {
        let summary = as_codec(source, out, codec)?;
        // A model packed over itself is gone as it was.
        let unmeasured = unmeasured || same(source, out);
        report(&summary, codec, out, unmeasured, |exact| as_codec(source, exact, Packing::F32))
    };
    if let [source] = &sources[..] {
        pack(source, &out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut code = ExitCode::SUCCESS;
    for source in &sources {
        // The file's name with its ending: models of several frameworks are called alike.
        let name = source.file_name().unwrap_or(source.as_os_str());
        if let Err(error) = pack(source, &out.join(name)) {
            complain(&error);
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// Says what was packed, and, unless it is to stay unmeasured, what that cost beside the model that `exactly` packs into a folder in f32.
pub(super) fn report(
    summary: &Summary,
    codec: Packing,
    out: &Path,
    unmeasured: bool,
    exactly: impl FnOnce(&Path) -> Result<Summary>,
) -> Result<()> {
    say(summary, out)?;
    if unmeasured || codec == Packing::F32 { Ok(()) } else { examples::say(summary, codec, out, exactly) }
}

/// Whether two paths lead to one place.
fn same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().is_some_and(|one| other.canonicalize().ok() == Some(one))
}

fn say(summary: &Summary, out: &Path) -> Result<()> {
    print(&format!(
        "packed {} into {}: {} tensors, {:.1} MB in {} shards",
        summary.id,
        out.display(),
        summary.tensors,
        summary.bytes as f64 / 1e6,
        summary.shards
    ))?;
    for loss in &summary.losses {
        print(&format!(
            "  {}: {} numbers, largest difference {:.3e}, as a share of the channel's largest magnitude {:.3e}, root mean square {:.2} %",
            loss.codec.name(),
            loss.numbers,
            loss.max_absolute,
            loss.max_relative,
            100.0 * loss.relative()
        ))?;
    }
    for note in &summary.notes {
        print(&format!("  {note}"))?;
    }
    Ok(())
}
