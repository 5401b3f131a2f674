//! `activations`.

use std::path::PathBuf;
use std::process::ExitCode;

use convscope::error::Result;
use convscope::nn::NodeId;
use convscope::numbers::Activation;
use convscope::preprocess::Interpolation;
use convscope::record::{LayerWords, Method};
use convscope::render::{Colormap, Scaling, activation_sheet};
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{exit_code, for_each_picture};
use super::results::{Results, layer_words};
use super::say::{print, print_json};

const METHOD: Method = Method { id: "activations", title: "Feature maps", paper: "https://arxiv.org/abs/1311.2901" };

/// Whether and how sheets of all feature maps are drawn.
#[derive(Debug, clap::Args)]
pub(super) struct Sheets {
    /// Folder for a sheet of each layer's feature maps; it is made if it is not there, and what earlier runs left in it stays
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Bring each channel to the full range, or all of a layer by the same scale
    #[arg(long, default_value = "channel", value_parser = crate::named::named::<Scaling>())]
    scaling: Scaling,
    /// Feature maps in a row of a sheet
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    columns: u16,
    /// Colours of a sheet
    #[arg(long, default_value = "viridis", value_parser = crate::named::named::<Colormap>())]
    colormap: Colormap,
}

/// How many channels a person is shown.
const SHOWN: usize = 4;

pub(super) fn run(
    pictures: &[PathBuf],
    with: &With,
    layer: &str,
    resize: Option<Interpolation>,
    sheets: &Sheets,
    as_json: bool,
) -> Result<ExitCode> {
    let mut session = with.session(resize)?;
    let layers = session.layers(layer, true)?;
    let how =
        json!({ "interpolation": session.model().manifest.preprocessing.interpolation, "scaling": sheets.scaling });
    let mut results = Results::new(sheets.out.as_deref(), as_json, session.maker().head(METHOD, how))?;
    let words = layer_words(&session);
    let failures = for_each_picture(pictures, |input| {
        block_on(session.look(&input.picture))?;
        let _lock = results.lock();
        let name = |begin: &str, layer: NodeId| sheet_name(begin, &session, layer, &words);
        let begin = results.start(input, |begin| layers.iter().map(|&layer| name(begin, layer)).collect());
        if !as_json {
            print(&input.name())?;
        }
        for &layer in &layers {
            let found = block_on(session.activation(layer))?;
            let sheet = results.keeps_files().then(|| name(&begin, layer));
            if let Some(sheet) = &sheet {
                results.write(sheet, &sheets.draw(&session, layer, &found)?)?;
            }
            if as_json {
                let (model, device) = (&with.model, session.device_name());
                let channels: Vec<_> =
                    found.channels.iter().map(|(channel, sum)| json!({ "channel": channel, "sum": sum })).collect();
                print_json(&json!({
                    "picture": input.name(), "model": model, "device": device, "layer": found.layer, "shape": found.shape,
                    "mean": found.mean, "maximum": found.maximum, "zeros": found.zeros, "channels": channels, "sheet": sheet,
                }))?;
            } else {
                print(&in_words(&found))?;
            }
            // Without the channels, which are thousands.
            results.add_unsaid(session.maker().entry(json!({
                "picture": input.name(), "picture_sha256": input.sha256(), "method": METHOD.id, "layer": found.layer,
                "shape": found.shape, "mean": found.mean, "maximum": found.maximum, "zeros": found.zeros, "sheet": sheet,
            })));
        }
        Ok(())
    });
    results.finish(json!({}), &failures)?;
    Ok(exit_code(&failures))
}

fn sheet_name(begin: &str, session: &Session, layer: NodeId, words: &LayerWords) -> String {
    let layer = &session.model().network.graph().nodes()[layer].name;
    format!("{begin}.activations.{}.png", words.of(layer))
}

impl Sheets {
    /// The sheet of a layer's feature maps as a PNG file.
    fn draw(&self, session: &Session, layer: NodeId, found: &Activation) -> Result<Vec<u8>> {
        let [_, height, width] = found.shape;
        let maps = block_on(session.feature_maps(layer))?;
        let columns = usize::from(self.columns);
        activation_sheet(&maps, [height, width], columns, self.scaling, self.colormap)?.png()
    }
}

fn in_words(found: &Activation) -> String {
    let top: Vec<String> =
        found.channels.iter().take(SHOWN).map(|(channel, sum)| format!("{channel}: {sum:.2}")).collect();
    format!(
        "  {:<20} {:?}  mean {:.4}, maximum {:.4}, {:.1} % zeros; largest sums {}",
        found.layer,
        found.shape,
        found.mean,
        found.maximum,
        100.0 * found.zeros,
        top.join(", ")
    )
}
