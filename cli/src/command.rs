//! Commands, with what each is asked.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Subcommand};
use clap_complete::Shell;
use convscope::device::Choice;
use convscope::error::Result;
use convscope::preprocess::Interpolation;
use convscope::render::Colormap;

use super::ask::{self, Ask};
use super::destination::Destination;
use super::explain;
use super::images::Images;
use super::open::{Place, With};
use super::{
    bundle, classify, compare_codecs, compare_conventions, evaluate, methods, models, pack, pull, schema, shell, site,
    survey, teach, units, verify,
};

/// What the program is to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the models that can be used here, and those that `pull` would fetch
    Models {
        #[command(flatten)]
        place: Place,
        /// One line of JSON for each
        #[arg(long)]
        json: bool,
    },
    /// Say what is in images
    Classify {
        #[command(flatten)]
        images: Images,
        #[command(flatten)]
        with: With,
        /// How many classes to show
        #[arg(long, default_value_t = 5)]
        top: usize,
        /// One line of JSON for each image
        #[arg(long)]
        json: bool,
    },
    /// Show which parts of images speak for a class, or what any other method shows
    Explain {
        #[command(flatten)]
        images: Images,
        #[command(flatten)]
        with: With,
        #[command(flatten)]
        ask: ask::Explain,
        /// Folder for the results; it is made if it is not there, and what earlier runs left in it stays
        #[arg(long, value_name = "DIR", required_unless_present_any = ["report", "bundle"])]
        out: Option<PathBuf>,
        /// One page (HTML) with all results in it, which needs nothing beside it; - is standard output
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// Evidence bundle (zip) of one image with its results, their manifest, hashes and the command that repeats it, for
        /// `convscope verify` and the page; - is standard output
        #[arg(long, value_name = "FILE")]
        bundle: Option<PathBuf>,
        /// Leave the image out of the bundle, and white in its pictures; its SHA-256 stays
        #[arg(long, requires = "bundle", conflicts_with_all = ["out", "report"])]
        without_image: bool,
        /// One line of JSON for each result
        #[arg(long)]
        json: bool,
    },
    /// Say how far the maps of methods can be trusted: metrics of them beside those of maps that know nothing of the network
    Evaluate {
        #[command(flatten)]
        images: Images,
        #[command(flatten)]
        with: With,
        #[command(flatten)]
        ask: evaluate::Ask,
        /// One line of JSON for each metric of each map, instead of a table of means
        #[arg(long)]
        json: bool,
    },
    /// Make the results of an evidence bundle again, and say of each whether it is the same
    Verify {
        #[command(flatten)]
        verify: verify::Verify,
    },
    /// Say what a classifier looks at in whole folders: a table of all images with classes and maps, and a page of what stands out
    Survey {
        #[command(flatten)]
        with: With,
        #[command(flatten)]
        ask: survey::Ask,
    },
    /// Make a classifier of a few images of each class: their features, as a model has learnt them elsewhere, and a layer on top
    Teach {
        #[command(flatten)]
        ask: teach::Ask,
    },
    /// Show which images make the channels of a layer fire most, and where
    Units {
        #[command(flatten)]
        with: With,
        #[command(flatten)]
        ask: units::Ask,
    },
    /// List the methods that explain, or say everything about one
    Methods {
        /// One of them
        #[arg(value_name = "METHOD")]
        id: Option<String>,
        #[command(flatten)]
        form: methods::Form,
    },
    /// Show what the channels of layers respond to in images
    Activations {
        #[command(flatten)]
        images: Images,
        #[command(flatten)]
        with: With,
        /// Resize the image in this way instead of the model's
        #[arg(long, value_parser = crate::named::named::<Interpolation>())]
        resize: Option<Interpolation>,
        /// Folder for a sheet of each layer's feature maps; it is made if it is not there, and what earlier runs left in it stays
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Colours of a sheet
        #[arg(long, default_value = "viridis", value_parser = crate::named::named::<Colormap>())]
        colormap: Colormap,
        /// One line of JSON for each layer
        #[arg(long)]
        json: bool,
    },
    /// Show what in images made channels of a layer fire
    Deconvnet {
        #[command(flatten)]
        images: Images,
        #[command(flatten)]
        with: With,
        /// Folder for the results; it is made if it is not there, and what earlier runs left in it stays
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// One line of JSON for each channel
        #[arg(long)]
        json: bool,
    },
    /// Show which patterns make filters of a layer fire
    Filters {
        #[command(flatten)]
        with: With,
        /// Folder for the results; it is made if it is not there, and what earlier runs left in it stays
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// One line of JSON for each filter
        #[arg(long)]
        json: bool,
    },
    /// Serve the page to the browser of this machine, offline
    Open {
        #[command(flatten)]
        ask: site::Ask,
    },
    /// Show a map as several libraries would have it, and say which of their choices makes the difference
    CompareConventions {
        #[command(flatten)]
        compare: compare_conventions::Compare,
    },
    /// Say what a model lost by being packed in a smaller codec: its answers on images beside those of a reference
    CompareCodecs {
        #[command(flatten)]
        images: Images,
        /// Folder of the packed model to measure against, as a rule in f32
        #[arg(long, value_name = "DIR")]
        reference: PathBuf,
        /// Folder of the same model packed otherwise; may be given several times
        #[arg(long = "candidate", required = true, value_name = "DIR")]
        candidates: Vec<PathBuf>,
        /// Where to compute
        #[arg(long, default_value = "auto", value_parser = crate::named::named::<Choice>())]
        device: Choice,
        /// One line of JSON for each candidate
        #[arg(long)]
        json: bool,
    },
    /// Pack foreign weights (ONNX, safetensors, Keras HDF5, PyTorch, or a packed model) into a model of this program
    Pack {
        #[command(flatten)]
        pack: pack::Pack,
    },
    /// Fetch published models, check and pack them
    Pull {
        #[command(flatten)]
        pull: pull::Pull,
    },
    /// Print the JSON Schema of what --json prints and of manifest.json
    Schema,
    /// Print what a shell completes the commands with
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write manual pages, one for each command
    Man {
        /// Folder for them; it is made if it is not there
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

impl Command {
    /// Carries it out.
    pub(super) fn run(self, matches: &ArgMatches) -> Result<ExitCode> {
        let explain =
            |ask: Ask, with: &With, resize, images: &Images, to| explain::run(&ask, &with.model(resize)?, images, to);
        let to = |out, json| Destination { out, json, ..Destination::default() };
        match self {
            Self::Models { place, json } => models::run(&place, json),
            Self::Methods { id, form } => methods::run(id.as_deref(), form),
            Self::Classify { images, with, top, json } => classify::run(&images, &with, top, json),
            Self::Explain { images, with, ask, out, report, bundle, without_image, json } => {
                let to = Destination { report: report.as_deref(), ..to(out.as_deref(), json) };
                let (ask, to) = (ask.ask()?, to.alone_on_standard_output([report.as_deref(), bundle.as_deref()])?);
                match bundle {
                    Some(file) => bundle::save(&ask, &with, &images, to, &file, without_image),
                    None => explain(ask, &with, None, &images, to),
                }
            }
            Self::Verify { verify } => verify::run(verify),
            Self::Evaluate { images, with, ask, json } => evaluate::run(&images, &with, &ask, json),
            Self::Survey { with, ask } => survey::run(&with, &ask),
            Self::Teach { ask } => teach::run(ask),
            Self::Units { with, ask } => units::run(&with, &ask),
            Self::Activations { images, with, resize, out, colormap, json } => {
                explain(ask::ask(matches, colormap)?, &with, resize, &images, to(out.as_deref(), json))
            }
            Self::Deconvnet { images, with, out, json } => {
                explain(ask::ask(matches, Colormap::default())?, &with, None, &images, to(Some(&out), json))
            }
            Self::Filters { with, out, json } => {
                explain(ask::ask(matches, Colormap::default())?, &with, None, &Images::default(), to(Some(&out), json))
            }
            Self::Open { ask } => site::run(&ask),
            Self::CompareConventions { compare } => compare_conventions::run(&compare),
            Self::CompareCodecs { images, reference, candidates, device, json } => {
                compare_codecs::run(&images, &reference, &candidates, device, json)
            }
            Self::Pack { pack } => pack::run(pack),
            Self::Pull { pull } => pull::run(&pull),
            Self::Schema => schema::run(),
            Self::Completions { shell } => shell::completions(shell),
            Self::Man { out } => shell::manual(&out),
        }
    }
}
