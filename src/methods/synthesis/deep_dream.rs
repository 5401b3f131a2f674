//! DeepDream: Mordvintsev, Olah and Tyka 2015, "Inceptionism: going deeper into neural networks", and their notebook
//! <https://github.com/google/deepdream>.
//!
//! An image is moved towards more of what a layer sees in it, which is gradient ascent on half the squared norm of the layer's output,
//! so that what fires already fires more. It is done at several sizes, octaves, from the smallest: what was dreamt is enlarged and
//! added to the image of the next size. Before each step the image is rolled by a random jitter, and the step is the gradient divided
//! by its mean magnitude.
//!
//! The notebook's numbers are the defaults. It resamples with `scipy.ndimage.zoom`, whose pixels are points at the ends of an axis;
//! here they are areas, as everywhere in this program.

use std::cell::Cell;

use burn::tensor::Tensor;

use super::octave::Octave;
use super::parametrization::InputScaling;
use crate::artifact::{Artifact, Drawing, Measure, Optimized, Panel};
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::{Error, Result};
use crate::explain::Dreamt;
use crate::fault;
use crate::methods::Method;
use crate::methods::channel::chosen;
use crate::methods::noise::Noise;
use crate::methods::resize::resize;
use crate::nn::NodeId;
use crate::observation::finite;
use crate::param::{Param, Value};
use crate::render::{Colours, as_it_is};
use crate::run::Run;

const DREAMT: Param =
    Param::choice("dreamt", "Of", "What of the layer is dreamt of", Dreamt::PAIRS, Dreamt::Layer.name());
const CHANNELS: Param = Param::channels(
    "channels",
    "Channels",
    "Where channels are dreamt of: by number, as in 433,298 or 0..63; all; or those with the largest sums, as in top4",
    "top4",
);
const OCTAVES: Param =
    Param::int("octaves", "Octaves", "At how many sizes it is dreamt", 1, 12, 4).quick(Value::Int(3));
const SCALE: Param = Param::float("scale", "Scale", "How much larger each size is than the one before", 1.1, 4.0, 1.4);
const STEPS: Param = Param::int("steps", "Steps", "Steps at each size", 1, 1000, 10);
const STEP_SIZE: Param = Param::float(
    "step_size",
    "Step size",
    "How far a pixel moves in a step on the average, of its range from 0 to 255",
    0.01,
    100.0,
    1.5,
);
const JITTER: Param =
    Param::int("jitter", "Jitter", "By how many pixels the image is rolled at most, either way", 0, 512, 32);
const SEED: Param = Param::seed("seed", "Seed", "Where the jitter comes from");

/// Number of previews of a dream, at most.
const PREVIEWS: usize = 16;

/// DeepDream.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "deep_dream",
        title: "DeepDream",
        family: Synthesis,
        paper: ("Mordvintsev et al. 2015", "https://research.google/blog/inceptionism-going-deeper-into-neural-networks/"),
        shows: "The image with more of what a layer sees in it: edges and textures early in the network, parts of things late.",
        limits: "It shows what a layer could see, grown out of all proportion, and not what the class depends on.",
        asks: Asks::LAYER,
        gives: Gives::Panels,
        params: [DREAMT, CHANNELS, OCTAVES, SCALE, STEPS, STEP_SIZE, JITTER, SEED],
        conventions: &[Variant::new("paper", "as in the authors' notebook")],
    },
    run: |run| Box::pin(deep_dream(run)),
};

async fn deep_dream(run: Run<'_>) -> Result<()> {
    let layer = run.layer()?;
    let wanted = match run.choice(&DREAMT) {
        Dreamt::Layer => vec![None],
        Dreamt::Channels => {
            let chosen = chosen(&run, layer, &run.channels(&CHANNELS)).await?;
            chosen.into_iter().map(|(channel, _)| Some(channel)).collect()
        }
    };
    let octaves = octaves(&run, layer)?;
    let dream = Dream {
        run,
        name: run.name(layer),
        total: wanted.len() * octaves.len() * run.int(&STEPS),
        octaves,
        done: Cell::new(0),
    };
    for channel in wanted {
        dream.of(channel).await?;
    }
    Ok(())
}

/// The sizes `[H, W]` at which it is dreamt, the image's own first.
fn sizes(own: [usize; 2], count: usize, scale: f64) -> Vec<[usize; 2]> {
    let smaller = |size: &[usize; 2]| Some(size.map(|side| ((side as f64 / scale).round() as usize).max(1)));
    std::iter::successors(Some(own), smaller).take(count).collect()
}

/// The network at each size, and the image; the image's own size first.
fn octaves(run: &Run<'_>, layer: NodeId) -> Result<Vec<(Octave, Tensor<4>)>> {
    let (network, preprocessing) = (&run.model().network, &run.model().manifest.preprocessing);
    let input = run.input()?;
    let [_, _, height, width] = input.dims();
    let mut image = InputScaling::new(preprocessing, network.device()).images(input);
    let mut octaves = vec![];
    for size @ [high, wide] in sizes([height, width], run.int(&OCTAVES), run.float(&SCALE)) {
        let octave = Octave::new(network, layer, size, preprocessing).map_err(|_| {
            Error::Request(fault!(
                "octave-size",
                "the layer {layer} does not take an octave of {width} x {height} pixels; ask for {count} or fewer octaves, or for an earlier layer",
                layer = run.name(layer),
                width = wide,
                height = high,
                count = octaves.len().max(1)
            ))
        })?;
        image = resize(image, size);
        octaves.push((octave, image.clone()));
    }
    Ok(octaves)
}

/// Dreaming of one image.
struct Dream<'a> {
    run: Run<'a>,
    name: &'a str,
    octaves: Vec<(Octave, Tensor<4>)>,
    /// Steps of all panels together.
    total: usize,
    done: Cell<usize>,
}

impl Dream<'_> {
    /// Dreams of a channel, or of all together.
    async fn of(&self, channel: Option<usize>) -> Result<()> {
        let run = &self.run;
        let (steps, jitter, seed) = (run.int(&STEPS), run.int(&JITTER), run.seed(&SEED));
        let length = (run.float(&STEP_SIZE) / 255.0) as f32;
        let mut dreamt: Option<Tensor<4>> = None;
        for (index, (octave, image)) in self.octaves.iter().enumerate().rev() {
            let [_, _, height, width] = image.dims();
            let mut dream = match dreamt {
                Some(detail) => image.clone() + resize(detail, [height, width]),
                None => image.clone(),
            };
            for step in 0..steps {
                let mut noise = Noise::of_step(seed, index * steps + step);
                let roll = [(); 2].map(|()| noise.below(2 * jitter + 1) as i64 - jitter as i64);
                let (moved, objective) = octave.step(dream, channel, roll, length);
                dream = moved;
                let objective = finite(self.name, run.read(objective).await?)?[0];
                self.done.set(self.done.get() + 1);
                if run.is_watched() && self.done.get().is_multiple_of((self.octaves.len() * steps).div_ceil(PREVIEWS)) {
                    self.emit(channel, Measure::Objective(objective), dream.clone()).await?;
                }
                run.progress(self.done.get(), self.total).await?;
            }
            dreamt = Some(dream - image.clone());
        }
        let Some(((octave, image), detail)) = self.octaves.first().zip(dreamt) else { return Ok(()) };
        let dream = image.clone() + detail;
        let shown = (dream.clone() * 255.0).round() / 255.0;
        let mut objectives = vec![];
        for images in [image.clone(), dream.clone(), shown] {
            objectives.extend(finite(self.name, run.read(octave.objective(images, channel)).await?)?);
        }
        let (first, last, drawn) = (objectives[0], objectives[1], objectives[2]);
        self.emit(channel, Measure::Optimized(Optimized { first, last, drawn, rank: last }), dream).await
    }

    /// Emits images of 0 to 1 at the image's own size.
    async fn emit(&self, channel: Option<usize>, measure: Measure, dream: Tensor<4>) -> Result<()> {
        let [_, _, height, width] = self.run.input()?.dims();
        let pixels = (resize(dream, [height, width]) * 255.0).round();
        let values = finite(self.name, self.run.read(pixels).await?)?;
        let order = self.run.model().manifest.preprocessing.channels;
        let dead = matches!(measure, Measure::Optimized(optimized) if optimized.dead());
        let drawing = (!dead).then(|| Drawing::from(&as_it_is(&values, width, height, order, Colours::True)));
        self.run.emit(Artifact::Panel(Panel { layer: self.name.into(), channel, measure, drawing, values })).await
    }
}

#[cfg(test)]
mod tests {
    use super::sizes;

    #[test]
    fn octaves_shrink_by_the_scale() {
        // The notebook's, of 224 pixels.
        assert_eq!(sizes([224, 224], 4, 1.4), [[224; 2], [160; 2], [114; 2], [81; 2]]);
        assert_eq!(sizes([7, 2], 4, 2.0), [[7, 2], [4, 1], [2, 1], [1, 1]]);
    }
}
