//! `deconvnet`: for every picture and channel an image of what made it fire.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use convscope::error::{Error, Result};
use convscope::explain::{Channels, Convention, Mode};
use convscope::fault;
use convscope::nn::ReluRule;
use convscope::picture::npy;
use convscope::record::Method;
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

use super::With;
use super::files::{exit_code, for_each_picture};
use super::results::{Results, layer_words};
use super::say::note;

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
        return Err(Error::Request(fault!(
            "deconvnet-one-layer",
            "deconvnet takes one layer at a time; name it, or say last"
        )));
    };
    let how = json!({ "mode": ask.mode, "rule": ask.rule, "convention": convention });
    let mut results = Results::new(Some(out), as_json, session.maker().head(METHOD, how))?;
    let name = session.model().network.graph().nodes()[layer].name.clone();
    let word = layer_words(&session).of(&name);
    let files = |begin: &str, channel: usize| {
        ["png", "npy"].map(|ending| format!("{begin}.deconvnet.{word}.{channel}.{ending}"))
    };
    let failures = for_each_picture(pictures, |input| {
        let start = Instant::now();
        block_on(session.look(&input.picture))?;
        let (descent, sums) = block_on(session.descent(layer, &ask.channels, ask.mode, ask.rule, convention))?;
        if descent.channels.is_empty() {
            note(&format!("{}: no channel of {name} fires, so there is nothing to show", input.name()));
            return Ok(());
        }
        let images = block_on(session.reconstruct(&descent))?;
        let seconds = start.elapsed().as_secs_f64();
        let _lock = results.lock();
        let all = |begin: &str| descent.channels.iter().flat_map(|&channel| files(begin, channel)).collect();
        let begin = results.start(input, all);
        for ((&channel, sum), image) in descent.channels.iter().zip(sums).zip(images) {
            let files = files(&begin, channel);
            write_image(&session, &name, convention, &image, &files, &results)?;
            let [drawn, array] = files;
            let entry = json!({
                "picture": input.name(), "picture_sha256": input.sha256(), "method": METHOD.id, "convention": convention.name,
                "layer": name, "channel": channel, "sum": sum, "seconds": seconds, "image": drawn, "array": array,
            });
            results.add(session.maker().entry(entry))?;
        }
        Ok(())
    });
    results.finish(json!({}), &failures)?;
    Ok(exit_code(&failures))
}

/// Writes an image's two files, the picture and the array.
fn write_image(
    session: &Session,
    layer: &str,
    convention: Convention,
    image: &[f32],
    [drawn, array]: &[String; 2],
    results: &Results,
) -> Result<()> {
    let preprocessing = &session.model().manifest.preprocessing;
    let [_, height, width] = preprocessing.input_shape();
    let picture = convention.draw(layer, image, [width, height], preprocessing.channels);
    results.write(drawn, &picture.png()?)?;
    results.write(array, &npy(&[3, height, width], image))
}
