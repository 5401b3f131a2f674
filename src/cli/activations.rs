//! `activations`.

use std::path::Path;
use std::process::ExitCode;

use convscope::error::Result;
use convscope::preprocess::Interpolation;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::open::{picture, print};

/// How many channels a person is shown.
const SHOWN: usize = 4;

pub(super) fn run(
    path: &Path,
    with: &With,
    layer: &str,
    resize: Option<Interpolation>,
    as_json: bool,
) -> Result<ExitCode> {
    let picture = picture(path)?;
    let mut session = with.session(resize)?;
    let layers = session.layers(layer, true)?;
    block_on(session.look(&picture))?;
    for layer in layers {
        let found = block_on(session.activation(layer))?;
        if as_json {
            let channels: Vec<_> =
                found.channels.iter().map(|(channel, sum)| json!({ "channel": channel, "sum": sum })).collect();
            print(
                &json!({
                    "picture": path, "model": with.model, "device": session.device_name(), "layer": found.layer,
                    "shape": found.shape, "mean": found.mean, "maximum": found.maximum, "zeros": found.zeros,
                    "channels": channels,
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
