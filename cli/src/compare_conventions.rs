//! `compare-conventions`: one map in several conventions side by side, and which choice makes them differ.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use convscope::card::{Card, Variant};
use convscope::digits::digits;
use convscope::error::{Error, Result};
use convscope::explain::{Cause, Convention, InConvention};
use convscope::export::{LayerWords, joined};
use convscope::fault;
use convscope::image::Image;
use convscope::methods::method;
use convscope::model::Model;
use convscope::observation::Observation;

use convscope::render::{Captioned, MapStyle, captioned_sheet, draw_map};
use convscope::request::{Layers, Request};
use convscope::run::compare_conventions;
use convscope::target::Explained;
use pollster::block_on;
use serde_json::{Value, json};

use super::ask::{cards, maps, no_value, usual};
use super::destination::Destination;
use super::files::Input;
use super::images::{Images, exit_code, for_each_image};
use super::listen::heard;
use super::named::Known;
use super::open::With;
use super::results::Results;
use super::say::{note, print};

/// Panels in a row of the sheet.
const COLUMNS: usize = 4;

/// Arguments of `compare-conventions`.
#[derive(Debug, Args)]
pub(super) struct Compare {
    #[command(flatten)]
    images: Images,
    #[command(flatten)]
    with: With,
    /// Whose map; `convscope methods METHOD` lists its conventions
    #[arg(long, default_value = usual(), value_parser = Known::new(maps()))]
    method: String,
    /// Conventions, with commas between; the others are compared with the first [default: all of the method]
    #[arg(long, value_name = "CONVENTIONS", value_delimiter = ',')]
    conventions: Vec<String>,
    /// A layer's name (`convscope models --json` lists them), or `last`
    #[arg(long, default_value = "last")]
    layer: String,
    /// Which class: `top1` (the likeliest), an index, or a name
    #[arg(long, default_value = "top1")]
    class: String,
    /// A parameter of the method (`convscope methods METHOD` lists them); may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Folder for the maps (.npy, at the size of the network's input), the images drawn of them, and all on one sheet
    #[arg(long, alias = "out", value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// One line of JSON for each convention
    #[arg(long)]
    json: bool,
}

/// Question that is asked of every image.
struct Asked<'a> {
    compare: &'a Compare,
    card: &'static Card,
    conventions: Vec<Convention>,
    request: Request,
}

pub(super) fn run(compare: &Compare) -> Result<ExitCode> {
    let asked = Asked::new(compare)?;
    let model = compare.with.model(None)?;
    let layer = asked.layer(&model)?;
    let words = LayerWords::of_graph(model.network.graph());
    let names: Vec<&str> = asked.conventions.iter().map(|convention| convention.name).collect();
    let head = model.maker().head(asked.card, json!({ "compared": names, "values": compare.set }));
    let to = Destination { out: compare.output_dir.as_deref(), json: compare.json, ..Destination::default() };
    let mut results = Results::new(to, head)?;
    let failures = for_each_image(&compare.images, |input| asked.about(input, &model, &words.of(layer), &mut results));
    results.finish(json!({}), &failures)?;
    Ok(exit_code(&failures))
}

impl<'a> Asked<'a> {
    fn new(compare: &'a Compare) -> Result<Self> {
        let card = method(&compare.method)?.card();
        if let [only] = &card.conventions[..] {
            let several = cards().filter(|card| card.gives.is_map() && card.conventions.len() > 1);
            return Err(Error::Request(fault!(
                "method-of-one-convention",
                "there is nothing to compare: {method} has one convention only, {convention}; choose one of {methods}",
                method = card.id,
                convention = only.name,
                methods = several.map(|card| &*card.id).collect::<Vec<_>>().join(", ")
            )));
        }
        let named = |name: &String| Convention::named(&card.variant(name).map_err(Error::Request)?.name);
        let all = || card.conventions.iter().map(|Variant { name, .. }| Convention::named(name)).collect::<Result<_>>();
        let conventions: Vec<Convention> = match &compare.conventions[..] {
            [] => all()?,
            names => names.iter().map(named).collect::<Result<_>>()?,
        };
        if conventions.len() < 2 {
            return Err(Error::Request(fault!(
                "one-convention",
                "there is nothing to compare: {method} is asked for in one convention alone; name two or more",
                method = card.id
            )));
        }
        let mut request = Request {
            method: card.id.to_string(),
            layers: Layers::parse(&compare.layer),
            convention: conventions.first().map(|first| first.name.to_owned()).unwrap_or_default(),
            ..Request::default()
        };
        for text in &compare.set {
            let Some((key, value)) = text.split_once('=') else {
                return Err(no_value(text));
            };
            request.set(card, key, value)?;
        }
        Ok(Self { compare, card, conventions, request })
    }

    /// The layer's name, before any image is read; that of the input where the method asks for none.
    fn layer<'m>(&self, model: &'m Model) -> Result<&'m str> {
        let layers = model.layers(&self.request.layers, self.card.asks.layers)?;
        match layers[..] {
            [layer] => Ok(&model.network.graph().nodes()[layer].name),
            [] => Ok(convscope::nn::Graph::INPUT),
            _ => Err(Error::Request(fault!(
                "one-layer-asked",
                "conventions are compared at one layer at a time; name it, or say last"
            ))),
        }
    }

    fn about(&self, input: &Input, model: &Arc<Model>, layer: &str, results: &mut Results<'_>) -> Result<()> {
        let (start, name) = (Instant::now(), input.name());
        let seen = block_on(model.observe_async(input.image.clone()))?;
        let target = self.card.asks.class.then(|| seen.target(&self.compare.class)).transpose()?;
        let explained = target.as_ref().map(|target| seen.explained(target)).transpose()?;
        let request = Request { target: target.clone(), ..self.request.clone() };
        let compared = heard(async |listener| compare_conventions(&seen, &request, &self.conventions, listener).await)?;
        let about =
            About { asked: self, seen: &seen, explained: explained.as_ref(), seconds: start.elapsed().as_secs_f64() };
        let _lock = results.lock();
        let of_class = target.map(|target| format!(".{}", target.file_word())).unwrap_or_default();
        let files = |stem: &str| {
            let stem = format!("{stem}.{}.{layer}{of_class}", self.card.word());
            let both = |name: &str| [format!("{stem}.{name}.png"), format!("{stem}.{name}.npy")];
            let own = self.conventions.iter().flat_map(|convention| both(convention.name));
            own.chain([format!("{stem}.conventions.png")]).collect::<Vec<_>>()
        };
        let files = files(&results.start(input, files));
        let (sheet, files) = files.split_last().map_or((None, &[][..]), |(sheet, files)| (Some(sheet), files));
        let drawn: Vec<Image> = compared.iter().map(|one| about.draw(one)).collect::<Result<_>>()?;
        if let (true, Some(sheet)) = (results.keeps_files(), sheet) {
            results.write(sheet, &about.sheet(&name, &compared, &drawn)?.png()?)?;
        }
        if !self.compare.json {
            let layer = compared.first().map_or("", |one| &one.map.layer);
            print(&format!("{name}: {} at {layer}{}", self.card.id, about.of_class()))?;
        }
        for ((one, drawn), files) in compared.iter().zip(&drawn).zip(files.chunks_exact(2)) {
            let mut entry = about.entry(one);
            if results.keeps_files() {
                results.write(&files[0], &drawn.png()?)?;
                results.write(&files[1], &one.shown.npy())?;
                entry = joined(entry, json!({ "overlay": files[0], "map": files[1], "sheet": sheet }));
            }
            if let (false, Some(blank)) = (self.compare.json, one.map.blank) {
                note(&format!("{name}: the map in {} is blank: {blank}", one.convention.name));
            }
            if !self.compare.json {
                print(&in_words(one, &self.conventions))?;
            }
            let image = json!({ "picture": name, "picture_sha256": input.sha256() });
            results.add(model.maker().entry(joined(image, entry)), json!({}))?;
        }
        Ok(())
    }
}

/// An image, and what it is asked about.
struct About<'a> {
    asked: &'a Asked<'a>,
    seen: &'a Observation,
    explained: Option<&'a Explained>,
    seconds: f64,
}

impl About<'_> {
    fn of_class(&self) -> String {
        self.explained.map(|explained| format!(" for {}", explained.name(str::to_owned))).unwrap_or_default()
    }

    /// The map over the image, as its convention draws it.
    fn draw(&self, one: &InConvention) -> Result<Image> {
        let preprocessing = &self.seen.model().manifest.preprocessing;
        draw_map(&one.map, self.seen.image(), preprocessing, one.convention, MapStyle::default())
    }

    /// The image and its maps side by side.
    fn sheet(&self, name: &str, compared: &[InConvention], drawn: &[Image]) -> Result<Image> {
        let file = std::path::Path::new(name).file_name().map_or(name.into(), |name| name.to_string_lossy());
        let human = |name: &str| name.replace('_', " ");
        let class = self.explained.map(|explained| explained.name(human)).unwrap_or_default();
        let layer = compared.first().map(|one| one.map.layer.clone()).unwrap_or_default();
        let lines = vec![file.into_owned(), self.asked.card.id.to_string(), layer, class];
        let image = Captioned { image: self.seen.image().clone(), lines };
        let panel = |(one, drawn): (&InConvention, &Image)| {
            let mut lines = vec![one.convention.name.to_owned()];
            lines.extend(one.difference.as_ref().map_or(vec!["compared with this".into()], |difference| {
                vec![
                    format!("correlation {}", correlation(difference.correlation)),
                    format!("largest difference {}", digits(difference.largest.into())),
                    match difference.cause() {
                        Cause::None => "the same map".into(),
                        Cause::One(field, _) => format!("from the {}", field.name()),
                        Cause::Several { .. } => "from several choices".into(),
                    },
                ]
            }));
            Captioned { image: drawn.clone(), lines }
        };
        let panels: Vec<Captioned> = std::iter::once(image).chain(compared.iter().zip(drawn).map(panel)).collect();
        captioned_sheet(&panels, COLUMNS)
    }

    /// JSON about a convention.
    fn entry(&self, one: &InConvention) -> Value {
        let first = self.asked.conventions.first();
        let difference = one.difference.as_ref();
        let cause = match difference.map(|difference| difference.cause()) {
            Some(Cause::One(field, share)) => Some((field, share)),
            _ => None,
        };
        let told = self.explained.map_or_else(|| json!({ "class": null }), Explained::json);
        let entry = json!({
            "method": self.asked.card.word(), "layer": one.map.layer, "convention": one.convention,
            "against": difference.and(first).map(|first| first.name),
            "correlation": difference.and_then(|difference| difference.correlation),
            "largest": difference.map(|difference| difference.largest),
            "root_mean_square": difference.map(|difference| difference.root_mean_square),
            "field": cause.map(|(field, _)| field), "share": cause.map(|(_, share)| share),
            "shares": difference.map(|difference| difference.shares.iter().map(|(field, share)| json!({
                "field": field, "share": share,
            })).collect::<Value>()),
            "sentence": difference.zip(first).map(|(difference, first)| difference.sentence(first, &one.convention).to_string()),
            "blank": one.map.blank.map(|blank| blank.to_string()), "seconds": self.seconds,
        });
        joined(told, entry)
    }
}

/// A correlation, for people.
fn correlation(value: Option<f32>) -> String {
    value.map_or_else(|| "none".into(), |value| format!("{value:.3}"))
}

fn in_words(one: &InConvention, conventions: &[Convention]) -> String {
    let name = one.convention.name;
    match (&one.difference, conventions.first()) {
        (Some(difference), Some(first)) => format!(
            "  {name:<18} correlation {}, largest difference {}. {}",
            correlation(difference.correlation),
            digits(difference.largest.into()),
            difference.sentence(first, &one.convention)
        ),
        _ => format!("  {name:<18} the others are compared with this"),
    }
}
