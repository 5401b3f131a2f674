//! The command line. Arguments become a request ([`ask`]), and what comes of it becomes files ([`explain`]), for every method the
//! same way. Results go to standard output, everything else to standard error.
//!
//! Every option that takes a folder for results adds to what is in it; see [`results`].

mod ask;
mod bars;
mod bundle;
mod classify;
mod compare_codecs;
mod compare_conventions;
mod device;
mod evaluate;
mod explain;
mod files;
mod in_words;
mod listen;
mod measured;
mod methods;
mod models;
mod named;
mod network;
mod open;
mod pack;
mod pull;
mod report;
mod results;
mod say;
mod site;
mod stop;
mod survey;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use convscope::device::Choice;
use convscope::error::Result;
use convscope::preprocess::Interpolation;
use convscope::render::Colormap;
use mimalloc::MiMalloc;

use self::ask::Ask;
use self::explain::Destination;
use self::open::{Place, With};

/// Shows why an image classifier decided what it did. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
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
        /// Image files, and folders of them (not the folders in these)
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
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
        /// Image files, and folders of them (not the folders in these)
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
        #[command(flatten)]
        with: With,
        #[command(flatten)]
        ask: ask::Explain,
        /// Folder for the results; it is made if it is not there, and what earlier runs left in it stays
        #[arg(long, value_name = "DIR", required_unless_present_any = ["report", "bundle"])]
        out: Option<PathBuf>,
        /// One page (HTML) with all results in it, which needs nothing beside it
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// Evidence bundle (zip) of one image with its results, their manifest, hashes and the command that repeats it, for
        /// `convscope verify` and the page
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
        /// Image files, and folders of them (not the folders in these)
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
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
        /// Image files, and folders of them (not the folders in these)
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
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
        /// Image files, and folders of them (not the folders in these)
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
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
        /// Image files, and folders of them (not the folders in these)
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
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
}

/// The system's allocator gives large buffers back and clears them when they are had again: a third of SqueezeNet's time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The command line, or the end of the program with a sentence about it.
fn arguments() -> (Arguments, ArgMatches) {
    // Without this, `--class -1` is answered by advice on options that are called `-1`.
    let numbers = |argument: Arg| {
        let is_option = !argument.is_positional() && argument.get_action().takes_values();
        argument.allow_negative_numbers(is_option)
    };
    let command = Arguments::command().mut_subcommands(|command| ask::with_flags(command).mut_args(numbers));
    let matches = command.get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    (arguments, matches)
}

fn run(command: Command, matches: &ArgMatches) -> Result<ExitCode> {
    let explain =
        |ask: Ask, with: &With, resize, images: &[PathBuf], to| explain::run(&ask, &with.model(resize)?, images, to);
    let to = |out, json| Destination { out, json, ..Destination::default() };
    match command {
        Command::Models { place, json } => models::run(&place, json),
        Command::Methods { id, form } => methods::run(id.as_deref(), form),
        Command::Classify { images, with, top, json } => classify::run(&images, &with, top, json),
        Command::Explain { images, with, ask, out, report, bundle, without_image, json } => {
            let (ask, to) = (ask.ask()?, Destination { report: report.as_deref(), ..to(out.as_deref(), json) });
            match bundle {
                Some(file) => bundle::save(&ask, &with, &images, to, &file, without_image),
                None => explain(ask, &with, None, &images, to),
            }
        }
        Command::Verify { verify } => verify::run(verify),
        Command::Evaluate { images, with, ask, json } => evaluate::run(&images, &with, &ask, json),
        Command::Survey { with, ask } => survey::run(&with, &ask),
        Command::Activations { images, with, resize, out, colormap, json } => {
            explain(ask::ask(matches, colormap)?, &with, resize, &images, to(out.as_deref(), json))
        }
        Command::Deconvnet { images, with, out, json } => {
            explain(ask::ask(matches, Colormap::default())?, &with, None, &images, to(Some(&out), json))
        }
        Command::Filters { with, out, json } => {
            explain(ask::ask(matches, Colormap::default())?, &with, None, &[], to(Some(&out), json))
        }
        Command::Open { ask } => site::run(&ask),
        Command::CompareConventions { compare } => compare_conventions::run(&compare),
        Command::CompareCodecs { images, reference, candidates, device, json } => {
            compare_codecs::run(&images, &reference, &candidates, device, json)
        }
        Command::Pack { pack } => pack::run(pack),
        Command::Pull { pull } => pull::run(&pull),
    }
}

fn main() -> ExitCode {
    let (arguments, matches) = arguments();
    let code = run(arguments.command, &matches).unwrap_or_else(|error| {
        say::complain(&error);
        ExitCode::FAILURE
    });
    stop::exit_code().unwrap_or(code)
}
