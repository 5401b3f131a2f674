//! `activations`.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use convscope::error::Result;
use convscope::nn::NodeId;
use convscope::numbers::Activation;
use convscope::preprocess::Interpolation;
use convscope::record::plain;
use convscope::render::{Colormap, Scaling, activation_sheet};
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{exit_code, for_each_picture, make_folder, unused_stem, write};
use super::open::print;

/// Whether and how sheets of all feature maps are drawn.
#[derive(Debug, clap::Args)]
pub(super) struct Sheets {
    /// Folder for a sheet of each layer's feature maps; it is made if it is not there
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
    if let Some(out) = &sheets.out {
        make_folder(out)?;
    }
    let mut stems = HashSet::new();
    let failures = for_each_picture(pictures, |path, picture| {
        block_on(session.look(picture))?;
        let stem = unused_stem(path, &mut stems);
        if !as_json {
            print(&path.display().to_string())?;
        }
        for &layer in &layers {
            let found = block_on(session.activation(layer))?;
            let sheet = sheets.write(&session, layer, &found, &stem)?;
            if as_json {
                let (model, device) = (&with.model, session.device_name());
                let channels: Vec<_> =
                    found.channels.iter().map(|(channel, sum)| json!({ "channel": channel, "sum": sum })).collect();
                let line = json!({
                    "picture": path.display().to_string(), "model": model, "device": device, "layer": found.layer, "shape": found.shape,
                    "mean": found.mean, "maximum": found.maximum, "zeros": found.zeros, "channels": channels, "sheet": sheet,
                });
                print(&line.to_string())?;
            } else {
                print(&in_words(&found))?;
            }
        }
        Ok(())
    });
    Ok(exit_code(&failures))
}

impl Sheets {
    /// Writes the sheet of a layer's feature maps, if sheets are wanted, and gives its name.
    fn write(&self, session: &Session, layer: NodeId, found: &Activation, stem: &str) -> Result<Option<String>> {
        let Some(out) = &self.out else { return Ok(None) };
        let [_, height, width] = found.shape;
        let maps = block_on(session.feature_maps(layer))?;
        let columns = usize::from(self.columns);
        let sheet = activation_sheet(&maps, [height, width], columns, self.scaling, self.colormap)?;
        let name = format!("{stem}.activations.{}.png", plain(&found.layer));
        write(out, &name, &sheet.png()?)?;
        Ok(Some(name))
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
