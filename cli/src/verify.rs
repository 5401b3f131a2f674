//! `verify`: a bundle is checked, its run is made again, and each result is compared with the one that was kept.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use convscope::device::Choice;
use convscope::error::{Error, Fault, Result};
use convscope::export::{Agreement, Asked, Bundle, BundledImage, Evidence, LayerWords};
use convscope::fault;
use convscope::model::Model;
use serde_json::json;

use super::ask::Ask;
use super::bundle::Gathered;
use super::destination::Destination;
use super::explain::Desk;
use super::files::{self, Input};
use super::named::named;
use super::network;
use super::open::{Place, With};
use super::say::{print, print_json};

/// Bytes of a bundle's files at most.
const LIMIT: usize = 1 << 30;

/// What a bundle is checked with.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Evidence bundle (zip) of the page or of `convscope explain --bundle`; - is standard input
    #[arg(value_name = "BUNDLE")]
    file: PathBuf,
    /// The image's file, where it is not in the bundle
    #[arg(long, value_name = "IMAGE")]
    image: Option<PathBuf>,
    /// Another image that the run could draw on; may be given several times, in their order
    #[arg(long, value_name = "IMAGE")]
    references: Vec<PathBuf>,
    /// Which model, where it has another name here than in the bundle
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    #[command(flatten)]
    place: Place,
    /// Where to compute
    #[arg(long, default_value = "auto", value_parser = named::<Choice>())]
    device: Choice,
    /// One line of JSON for each part
    #[arg(long)]
    json: bool,
}

/// Lines of what was checked.
struct Lines {
    json: bool,
    parts: usize,
    differ: usize,
}

impl Lines {
    fn say(&mut self, Agreement { part, agrees, says }: &Agreement) -> Result<()> {
        self.parts += 1;
        self.differ += usize::from(!agrees);
        if self.json {
            let line = json!({ "part": part, "agrees": agrees, "code": says.code(), "says": says.to_string() });
            return print_json("verify", line);
        }
        print(&format!("{:<8}{part}: {says}", if *agrees { "ok" } else { "DIFFERS" }))
    }

    fn line(&mut self, part: &str, agrees: bool, says: Fault) -> Result<()> {
        self.say(&Agreement { part: part.into(), agrees, says })
    }

    /// The sum of it, and the exit code.
    fn end(&self) -> Result<ExitCode> {
        if !self.json {
            let Self { parts, differ, .. } = self;
            print(&match differ {
                0 => format!("all {parts} parts agree"),
                _ => format!("{differ} of {parts} parts do not agree"),
            })?;
        }
        Ok(if self.differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

pub(super) fn run(verify: Verify) -> Result<ExitCode> {
    let mut lines = Lines { json: verify.json, parts: 0, differ: 0 };
    let (recorded, evidence) = read(&verify.file)?;
    if evidence.asked.requests.is_empty() {
        return Err(Error::Request(fault!(
            "verify-nothing",
            "{path} has no request that could be made again; it was not written by this program, or was changed",
            path = verify.file.display()
        )));
    }
    let count = evidence.files.len();
    lines.line(
        "files",
        true,
        fault!("verify-files", "the {count} files have the SHA-256 that the manifest says", count),
    )?;
    say_program(&mut lines, &recorded, &evidence)?;
    let image = match &evidence.image {
        Some(image) => match input(&mut lines, &verify, &recorded, image)? {
            Some(input) => Some(input),
            // Of another image everything would differ.
            None => return lines.end(),
        },
        None => None,
    };
    let model = model(&mut lines, &verify, &recorded)?;
    let sums = &evidence.asked.references;
    for (index, request) in evidence.asked.requests.iter().enumerate() {
        let ask = Ask::again(request, &evidence.asked, &verify.references)?;
        if index == 0 && ask.sums != *sums {
            return Err(Error::Request(fault!(
                "verify-references",
                "the run could draw on {count} other images, which are not in the bundle; name the same ones with --references, in their order",
                count = sums.len()
            )));
        }
    }
    let again = again(&verify, &evidence, &model, image.as_ref())?;
    Agreement::all(&recorded, &again).iter().try_for_each(|one| lines.say(one))?;
    lines.end()
}

/// The bundle in a file. An error says which file it was.
fn read(path: &Path) -> Result<(Bundle, Evidence)> {
    let wrong =
        |cause: Fault| Error::Request(fault!("verify-bundle", "{path}: {cause}", cause = cause, path = path.display()));
    let length = if files::is_standard(path) { Ok(0) } else { path.metadata().map(|found| found.len()) };
    let length = length.map_err(|error| Error::read(path, error))?;
    if usize::try_from(length).is_ok_and(|length| length <= LIMIT) {
        return Bundle::read(&files::read(path)?, LIMIT).map_err(|error| wrong(Fault::from(&error)));
    }
    Err(wrong(fault!("verify-too-large", "it has more than {most} MB, as no bundle has", most = LIMIT >> 20)))
}

/// Says which program made it; another one may do the same otherwise.
fn say_program(lines: &mut Lines, recorded: &Bundle, evidence: &Evidence) -> Result<()> {
    let (made, here) = (text(recorded, "/program"), concat!("convscope ", env!("CARGO_PKG_VERSION")));
    let platform = &evidence.platform;
    lines.line(
        "program",
        true,
        if made == here {
            fault!("verify-program", "{made} for {platform}, as this", made, platform)
        } else {
            fault!(
                "verify-other-program",
                "made by {made} for {platform}, and this is {here}: what differs may be the program's doing",
                made,
                platform,
                here
            )
        },
    )
}

/// The image, from the bundle or from the file that is named; none where that is another one.
fn input(lines: &mut Lines, verify: &Verify, recorded: &Bundle, image: &BundledImage) -> Result<Option<Input>> {
    let BundledImage { name, sha256, .. } = image;
    let input = match (&verify.image, recorded.files.get(name).filter(|_| image.included)) {
        (Some(path), _) => Input::read(path)?,
        (None, Some(bytes)) => Input::of(Path::new(name), bytes.clone())?,
        (None, None) => {
            return Err(Error::Request(fault!(
                "verify-no-image",
                "the image {name} is not in the bundle; name its file with --image (its SHA-256 begins with {hash})",
                name,
                hash = start(sha256)
            )));
        }
    };
    let (same, here) = (input.sha256() == *sha256, input.name());
    let says = if same {
        fault!("verify-image", "{here} is the one that was explained", here)
    } else {
        fault!(
            "verify-other-image",
            "{here} is another one than was explained, or was changed since: its SHA-256 begins with {found} instead of {hash}",
            here,
            found = start(&input.sha256()),
            hash = start(sha256)
        )
    };
    lines.line("image", same, says)?;
    Ok(same.then_some(input))
}

/// The model, which should be the same to the last bit.
fn model(lines: &mut Lines, verify: &Verify, recorded: &Bundle) -> Result<Arc<Model>> {
    let (id, hash) = (text(recorded, "/model/id"), text(recorded, "/model/hash"));
    let with = With {
        model: verify.model.clone().unwrap_or_else(|| id.to_owned()),
        place: Place { weights: verify.place.weights.clone() },
        device: verify.device,
    };
    let model = with.model(None).map_err(|error| {
        Error::Request(fault!(
            "verify-no-model",
            "the run needs the model {id} (its SHA-256 begins with {hash}): {cause}",
            cause = Fault::from(&error),
            id,
            hash = start(hash)
        ))
    })?;
    let same = model.hash == hash;
    let says = if same {
        fault!("verify-model", "{id} is the one that was used", id = model.manifest.id)
    } else {
        fault!(
            "verify-other-model",
            "{id} is another one than was used: its SHA-256 begins with {found} instead of {hash}",
            id = model.manifest.id,
            found = start(&model.hash),
            hash = start(hash)
        )
    };
    lines.line("model", same, says)?;
    let (made, here) = (text(recorded, "/device"), model.device.clone());
    let says = if made == here {
        fault!("verify-device", "{here}, as then", here)
    } else {
        fault!("verify-other-device", "{made} then, {here} now: two devices do not round alike", made, here)
    };
    lines.line("device", true, says)?;
    Ok(model)
}

/// Results of everything that was asked.
fn again(verify: &Verify, evidence: &Evidence, model: &Arc<Model>, image: Option<&Input>) -> Result<Bundle> {
    let Evidence { asked, image: about, .. } = evidence;
    let hides = about.as_ref().is_some_and(|image| !image.included);
    let words = LayerWords::of_graph(model.network.graph());
    let mut whole = Bundle::new(json!({ "results": [] }));
    for request in &asked.requests {
        let gathered = Gathered::new(hides);
        let to = Destination { bundle: Some(&gathered), quiet: true, ..Destination::default() };
        run_again(verify, request, asked, model, image, &words, to)?;
        let mut one = gathered.into_bundle();
        if let (Some(all), Some(results)) =
            (whole.manifest["results"].as_array_mut(), one.manifest["results"].as_array_mut())
        {
            all.append(results);
        }
        whole.files.append(&mut one.files);
    }
    Ok(whole)
}

fn run_again(
    verify: &Verify,
    request: &convscope::request::Request,
    asked: &Asked,
    model: &Arc<Model>,
    image: Option<&Input>,
    words: &LayerWords,
    to: Destination<'_>,
) -> Result<()> {
    let ask = Ask::again(request, asked, &verify.references)?;
    let layers = ask.layers(model)?;
    let Some(image) = image.filter(|_| ask.card.asks.image) else {
        return network::run(&ask, model, layers.first().copied().unwrap_or_default(), words, to).map(drop);
    };
    let mut desk = Desk::new(&ask, model, words, json!({}), to)?;
    let seen = ask.observe(model, &image.image)?;
    desk.answer(image, &seen, request, &layers, Instant::now())?;
    desk.finish(json!({}), &[])
}

/// A text of the manifest.
fn text<'a>(recorded: &'a Bundle, place: &str) -> &'a str {
    recorded.manifest.pointer(place).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// The beginning of a SHA-256, by which it is told.
fn start(sha256: &str) -> String {
    sha256.chars().take(12).collect()
}
