//! `deconvnet`: for every picture and channel an image of what made it fire.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use convscope::error::{Error, Result};
use convscope::explain::{Channels, Convention, Mode};
use convscope::nn::{NodeId, ReluRule};
use convscope::picture::npy;
use convscope::record::{Method, plain};
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{exit_code, for_each_picture};
use super::results::Results;

const METHOD: Method = Method { id: "deconvnet", title: "Deconvnet", paper: "https://arxiv.org/abs/1311.2901" };

/// What is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Ask {
    /// A layer's name, or `last`
    #[arg(long, default_value = "last")]
    layer: String,
    /// Channels by number, as in 433,298 or 0..63; `all`; or those with the largest sums, as in top4
    #[arg(long, default_value = "top4")]
    channels: Channels,
    /// How much of each feature map goes down
    #[arg(long, default_value = "all", value_parser = crate::named::named::<Mode>())]
    mode: Mode,
    /// Whose way of doing it: paper or keras_notebook
    #[arg(long, default_value = "paper")]
    convention: String,
    /// What rectifiers pass on the way down
    #[arg(long, default_value = "deconvnet", value_parser = crate::named::named::<ReluRule>())]
    rule: ReluRule,
}

pub(super) fn run(pictures: &[PathBuf], with: &With, ask: &Ask, out: &Path, as_json: bool) -> Result<ExitCode> {
    let convention = Convention::named(&ask.convention)?;
    let mut session = with.session(None)?;
    let [layer] = session.layers(&ask.layer, true)?[..] else {
        return Err(Error::Request("deconvnet takes one layer at a time; name it, or say last".into()));
    };
    let mut results = Results::new(Some(out), as_json)?;
    let failures = for_each_picture(pictures, |path, picture| {
        let start = Instant::now();
        block_on(session.look(picture))?;
        let (descent, sums) = block_on(session.descent(layer, &ask.channels, ask.mode, ask.rule, convention))?;
        if descent.channels.is_empty() {
            eprintln!("convscope: {}: no channel of {} fires, so there is nothing to show", path.display(), ask.layer);
            return Ok(());
        }
        let images = block_on(session.reconstruct(&descent))?;
        let seconds = start.elapsed().as_secs_f64();
        let stem = results.stem(path);
        for ((channel, sum), image) in descent.channels.iter().zip(sums).zip(images) {
            let [drawn, array] = write_image(&session, &stem, layer, *channel, convention, &image, &results)?;
            let layer = &session.model().network.graph().nodes()[layer].name;
            let entry = json!({
                "picture": path.display().to_string(), "method": METHOD.id, "convention": convention.name, "layer": layer, "channel": channel,
                "sum": sum, "seconds": seconds, "image": drawn, "array": array,
            });
            results.add(session.maker().entry(entry))?;
        }
        Ok(())
    });
    let rest = json!({ "mode": ask.mode, "rule": ask.rule, "convention": convention });
    results.finish(&session, METHOD, rest, &failures)?;
    Ok(exit_code(&failures))
}

/// Writes an image's two files, the picture and the array, and gives their names.
fn write_image(
    session: &Session,
    stem: &str,
    layer: NodeId,
    channel: usize,
    convention: Convention,
    image: &[f32],
    results: &Results,
) -> Result<[String; 2]> {
    let model = session.model();
    let layer = &model.network.graph().nodes()[layer].name;
    let [_, height, width] = model.manifest.preprocessing.input_shape();
    let picture = convention.draw(layer, image, [width, height], model.manifest.preprocessing.channels);
    let name = format!("{stem}.deconvnet.{}.{channel}", plain(layer));
    let (drawn, array) = (format!("{name}.png"), format!("{name}.npy"));
    results.write(&drawn, &picture.png()?)?;
    results.write(&array, &npy(&[3, height, width], image))?;
    Ok([drawn, array])
}
