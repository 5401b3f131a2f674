//! Channel attribution: Olah et al. 2018, <https://distill.pub/2018/building-blocks>, section "What does the network see?" and "How are
//! concepts assembled?": which channels of a layer drove the score at a place, to first order.
//!
//! `s_k = sum of g_k[i, j] A_k[i, j] over the cells [i, j] of the place`, of the feature maps `A` and the gradients `g = dy / dA` of the
//! score, `[C, h, w]`. Over all channels they add up to HiResCAM's map (Draelos and Carin 2020, <https://arxiv.org/abs/2011.08891>) in those
//! cells, before it is rectified.

use crate::artifact::{Artifact, Drawing, Measure, Panel, Share};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::{Error, Result};
use crate::explain::Channels;
use crate::fault;
use crate::image::{Image, Plane};
use crate::methods::Method;
use crate::nn::NodeId;
use crate::observation::finite;
use crate::param::Param;
use crate::render::{Colormap, diverging};
use crate::run::Run;

const PLACE: Param = Param::bounding_box(
    "place",
    "Place",
    "Left edge, top edge, width and height, as shares of the image's sides; a point has no size",
    "0,0,1,1",
);
const CHANNELS: Param = Param::channels(
    "channels",
    "Channels",
    "Channels by number, as in 433,298 or 0..63; all; or those with the largest shares, as in top16",
    "top16",
);

/// Channel attribution.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "channel_attribution",
        title: "Channel attribution",
        family: Channel,
        paper: ("Olah et al. 2018", "https://distill.pub/2018/building-blocks"),
        shows: "Which channels of a layer drove the class's score at a place of the image, each with its share: activation times \
                gradient, added up over the place.",
        limits: "It is a first-order estimate: removing a channel changes the score by something else wherever the network bends, and a \
                 share does not say what the channel stands for.",
        asks: Asks::CLASS_AT_LAYER,
        gives: Gives::Panels,
        params: [PLACE, CHANNELS],
    },
    run: |run| Box::pin(channel_attribution(run)),
};

async fn channel_attribution(run: Run<'_>) -> Result<()> {
    let layer = run.layer()?;
    let name = run.name(layer);
    let wanted = run.channels(&CHANNELS);
    let mut channels = run.channels_of(layer, &wanted)?;
    let cells = cells(&run, layer)?;
    let products = run.features(layer)? * run.gradients(layer)?;
    let [_, _, height, width] = products.dims();
    let products = finite(name, run.read(products).await?)?;
    let part = |map: &[f32]| cells.iter().map(|&(column, row)| f64::from(map[row * width + column])).sum::<f64>();
    let shares = Share::of(&products.chunks_exact(height * width).map(part).collect::<Vec<_>>());
    if matches!(wanted, Channels::All | Channels::Top(_)) {
        channels.sort_by(|&one, &other| shares[other].value.total_cmp(&shares[one].value));
    }
    if let Channels::Top(count) = wanted {
        channels.truncate(count);
    }
    let features = finite(name, run.read(run.features(layer)?).await?)?;
    let [.., high, wide] = run.input()?.dims();
    for channel in channels {
        let map = features[channel * height * width..][..height * width].to_vec();
        let drawing = Some(draw(&Plane::new(width, height, map), [wide, high])?);
        let (layer, measure) = (name.to_owned(), Measure::Share(shares[channel]));
        run.emit(Artifact::Panel(Panel { layer, channel: Some(channel), measure, drawing, values: vec![] })).await?;
    }
    Ok(())
}

/// The cells of the place in a layer, as columns and rows.
fn cells(run: &Run<'_>, layer: NodeId) -> Result<Vec<(usize, usize)>> {
    let (seen, place) = (run.observation()?, run.request().values.bounding_box(&PLACE));
    let [_, height, width] = run.model().network.graph().shape(layer);
    let cells = place.cells(seen.region(), (seen.image().width(), seen.image().height()), [height, width]);
    if cells.is_empty() {
        return Err(Error::Request(fault!(
            "place-unseen",
            "the network sees nothing at that place, which is cut off; choose one in the part of the image that it sees"
        )));
    }
    Ok(cells)
}

/// A feature map at the size of the input, by its own largest magnitude; where it has a sign, in blue and red.
fn draw(map: &Plane, [width, height]: [usize; 2]) -> Result<Drawing> {
    let largest = map.max().max(-map.min());
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let signed = map.min() < 0.0;
    let colour =
        |value: &f32| if signed { diverging(value / scale) } else { Colormap::default().colour(value / scale) };
    let rgb = map.resize(width, height).values.iter().flat_map(colour).collect();
    Ok(Drawing::from(&Image::from_rgb(width as u32, height as u32, rgb)?))
}
