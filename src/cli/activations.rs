//! `activations`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use convscope::error::Result;
use convscope::preprocess::Interpolation;
use convscope::render::{Colormap, Scaling, activation_sheet};
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{make_folder, plain, write};
use super::open::{picture, print};

/// Whether and how sheets of all feature maps are drawn.
#[derive(Debug, clap::Args)]
pub(super) struct Sheets {
    /// Folder for a sheet of each layer's feature maps; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Bring each channel to the full range, or all of a layer by the same scale
    #[arg(long, default_value = "channel")]
    scaling: Scaling,
    /// Feature maps in a row of a sheet
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    columns: u16,
    /// Colours of a sheet
    #[arg(long, default_value = "viridis")]
    colormap: Colormap,
}

/// How many channels a person is shown.
const SHOWN: usize = 4;

pub(super) fn run(
    path: &Path,
    with: &With,
    layer: &str,
    resize: Option<Interpolation>,
    sheets: &Sheets,
    as_json: bool,
) -> Result<ExitCode> {
    let picture = picture(path)?;
    let mut session = with.session(resize)?;
    let layers = session.layers(layer, true)?;
    if let Some(out) = &sheets.out {
        make_folder(out)?;
    }
    block_on(session.look(&picture))?;
    let stem = path.file_stem().map_or_else(|| "picture".into(), |stem| stem.to_string_lossy());
    for layer in layers {
        let found = block_on(session.activation(layer))?;
        let sheet = match &sheets.out {
            Some(out) => {
                let [_, height, width] = found.shape;
                let maps = block_on(session.feature_maps(layer))?;
                let columns = usize::from(sheets.columns);
                let sheet = activation_sheet(&maps, [height, width], columns, sheets.scaling, sheets.colormap)?;
                let name = format!("{stem}.activations.{}.png", plain(&found.layer));
                write(out, &name, &sheet.png()?)?;
                Some(name)
            }
            None => None,
        };
        if as_json {
            let channels: Vec<_> =
                found.channels.iter().map(|(channel, sum)| json!({ "channel": channel, "sum": sum })).collect();
            print(
                &json!({
                    "picture": path, "model": with.model, "device": session.device_name(), "layer": found.layer,
                    "shape": found.shape, "mean": found.mean, "maximum": found.maximum, "zeros": found.zeros,
                    "channels": channels, "sheet": sheet,
                })
                .to_string(),
            )?;
            continue;
        }
        let top: Vec<String> =
            found.channels.iter().take(SHOWN).map(|(channel, sum)| format!("{channel}: {sum:.2}")).collect();
        print(&format!(
            "{:<20} {:?}  mean {:.4}, maximum {:.4}, {:.1} % zeros; largest sums {}",
            found.layer,
            found.shape,
            found.mean,
            found.maximum,
            100.0 * found.zeros,
            top.join(", ")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
