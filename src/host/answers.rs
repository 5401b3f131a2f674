//! Answers of more than one part about a layer's channels: sheets, descents, climbs.

use super::World;
use crate::error::{Error, Result};
use crate::explain::filters::{Climbed, FilterAsk, Pattern};
use crate::explain::{Channels, Convention};
use crate::fault;
use crate::nn::NodeId;
use crate::picture::Plane;
use crate::protocol::{Climb, Descend, Drawing, Event, Measure, Panel};
use crate::render::{Colormap, Scaling, activation_sheet};
use crate::session::Session;

/// How often a growing picture is shown on its way.
const SHOWN: usize = 16;

/// The one layer of that name.
fn layer(session: &Session, name: &str) -> Result<NodeId> {
    match session.layers(name, true)?[..] {
        [layer] => Ok(layer),
        _ => Err(Error::Request(fault!("one-layer", "this takes one layer at a time; name it"))),
    }
}

/// [`Command::Sheet`](crate::protocol::Command::Sheet).
pub(super) async fn sheet(
    session: &Session,
    name: &str,
    scaling: Scaling,
    columns: usize,
    colormap: Colormap,
    world: &impl World,
) -> Result<()> {
    let layer = layer(session, name)?;
    let activation = session.activation(layer).await?;
    let [_, height, width] = activation.shape;
    let columns = columns.clamp(1, activation.shape[0]);
    let maps = session.feature_maps(layer).await?;
    let picture = activation_sheet(&maps, [height, width], columns, scaling, colormap)?;
    world.emit(Event::Sheet { activation, drawing: Drawing::from(&picture), columns });
    Ok(())
}

/// [`Command::Channel`](crate::protocol::Command::Channel).
pub(super) async fn channel(session: &Session, name: &str, channel: usize, world: &impl World) -> Result<()> {
    let layer = layer(session, name)?;
    session.model().check_channels(layer, &[channel])?;
    let [_, height, width] = session.model().network.graph().shape(layer);
    let maps = session.feature_maps(layer).await?;
    let map = &maps[channel * height * width..][..height * width];
    let maximum = map.iter().fold(0_f32, |most, value| most.max(value.abs()));
    let scale = if maximum > 0.0 { maximum } else { 1.0 };
    let plane = Plane::new(width, height, map.iter().map(|value| value / scale).collect());
    world.emit(Event::Channel { layer: name.into(), channel, plane, maximum });
    Ok(())
}

/// [`Command::Descend`](crate::protocol::Command::Descend).
pub(super) async fn descend(session: &Session, ask: &Descend, world: &impl World) -> Result<()> {
    let convention = Convention::named(&ask.convention)?;
    let layer = layer(session, &ask.layer)?;
    let channels = Channels::named(&ask.channels)?;
    let (descent, sums) = session.descent(layer, &channels, ask.mode, ask.rule, convention).await?;
    if descent.channels.is_empty() {
        return Err(Error::Request(fault!(
            "no-channel-fires",
            "no channel of {layer} fires, so there is nothing to show; choose another layer",
            layer = ask.layer
        )));
    }
    let preprocessing = &session.model().manifest.preprocessing;
    let [_, height, width] = preprocessing.input_shape();
    let images = session.reconstruct(&descent).await?;
    for ((channel, sum), image) in descent.channels.into_iter().zip(sums).zip(images) {
        let picture = convention.draw(&ask.layer, &image, [width, height], preprocessing.channels);
        let drawing = Some(Drawing::from(&picture));
        world.emit(Event::Panel(Panel { channel, measure: Measure::Sum(sum), drawing }));
    }
    Ok(())
}

/// [`Command::Climb`](crate::protocol::Command::Climb).
pub(super) async fn climb(session: &Session, ask: &Climb, world: &impl World) -> Result<()> {
    let layer = layer(session, &ask.layer)?;
    let there = session.model().network.graph().shape(layer)[0];
    let (channels, best) = match Channels::named(&ask.filters)? {
        Channels::All => ((0..there).collect(), None),
        Channels::Top(count) => ((0..there).collect(), Some(count)),
        Channels::These(channels) => (channels, None),
    };
    let Climb { size, steps, seed, convention, colours, .. } = *ask;
    let filters: Vec<usize> = channels;
    let total = filters.len() * (steps + 1);
    let question = FilterAsk { layer, channels: filters, size, steps, seed, convention };
    let order = session.model().manifest.preprocessing.channels;
    let draw = |image: &[f32]| Drawing::from(&convention.draw_in(colours, image, size, order));
    let (mut done, mut found) = (0, Vec::<Panel>::new());
    let each = async |climbed| {
        match climbed {
            Climbed::Step { channels, objectives, images, .. } => {
                done += channels.len();
                let shown = images.filter(|_| best.is_none()).unwrap_or_default();
                for ((&channel, objective), image) in channels.iter().zip(objectives).zip(&shown) {
                    let (measure, drawing) = (Measure::Climbing(objective), Some(draw(image)));
                    world.emit(Event::Panel(Panel { channel, measure, drawing }));
                }
            }
            Climbed::Done(patterns) => {
                for pattern in patterns {
                    // Dropped without a climb.
                    done += if pattern.image.is_empty() { steps + 1 } else { 0 };
                    let panel = panel(&pattern, draw);
                    match best {
                        None => world.emit(Event::Panel(panel)),
                        Some(_) => found.push(panel),
                    }
                }
            }
        }
        world.emit(Event::Progress { done, total });
        world.pause().await
    };
    session.filters(&question, steps.div_ceil(SHOWN), each).await?;
    if let Some(best) = best {
        let rank = |panel: &Panel| if let Measure::Climbed { rank, .. } = panel.measure { rank } else { f32::MIN };
        found.sort_by(|one, other| rank(other).total_cmp(&rank(one)));
        found.into_iter().take(best).for_each(|panel| world.emit(Event::Panel(panel)));
    }
    Ok(())
}

fn panel(pattern: &Pattern, draw: impl Fn(&[f32]) -> Drawing) -> Panel {
    let Pattern { channel, first, last, rank, .. } = *pattern;
    let drawing = (!pattern.dead()).then(|| draw(&pattern.image));
    Panel { channel, measure: Measure::Climbed { first, last, rank }, drawing }
}
