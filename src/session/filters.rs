//! Climbing to what makes filters fire, and reading it back.

use super::{Session, read};
use crate::error::{Error, Result};
use crate::explain::filters::{self, Ascent, Ascents, Climbed, Convention, FilterAsk, Pattern};

impl Session {
    /// Climbs to the patterns that make filters fire; no picture need have been looked at. `each` is told of every step, with
    /// the pictures at every `show`-th (at none if it is 0), and of what was found for each batch, and says whether to go on.
    ///
    /// # Errors
    /// [`Error::Request`] where the question does not fit, [`Error::Device`] where the device stops working,
    /// [`Error::Cancelled`] where `each` said to stop.
    pub async fn filters(
        &self,
        ask: &FilterAsk,
        show: usize,
        mut each: impl AsyncFnMut(Climbed) -> bool,
    ) -> Result<()> {
        let mut ascents = filters::climb(&self.model, ask)?;
        if ask.convention == Convention::KerasNotebook {
            ascents = drop_dead(ascents, &mut each).await?;
        }
        for ascent in ascents {
            one_batch(ascent, ask, show, &mut each).await?;
        }
        Ok(())
    }
}

/// The notebook gives up filters that do not fire at the start: the others are climbed for in full batches.
async fn drop_dead<'a>(ascents: Ascents<'a>, each: &mut impl AsyncFnMut(Climbed) -> bool) -> Result<Ascents<'a>> {
    let mut live = vec![];
    for (channels, objectives) in ascents.starts() {
        let starts = channels.into_iter().zip(read(objectives).await?);
        let start =
            |(channel, first)| Pattern { channel, first, last: first, drawn: first, rank: first, image: vec![] };
        let all = starts.map(start);
        let (dead, fires): (Vec<Pattern>, Vec<Pattern>) = all.partition(Pattern::dead);
        live.extend(fires.into_iter().map(|pattern| pattern.channel));
        if !each(Climbed::Done(dead)).await {
            return Err(Error::Cancelled);
        }
    }
    Ok(ascents.only(live))
}

async fn one_batch(
    ascent: Ascent,
    ask: &FilterAsk,
    show: usize,
    each: &mut impl AsyncFnMut(Climbed) -> bool,
) -> Result<()> {
    let channels = ascent.channels().to_vec();
    let mut climb: Vec<Vec<f32>> = vec![];
    let (mut found, mut drawn) = (vec![], vec![]);
    for step in ascent {
        let objectives = read(step.objectives).await?;
        let wanted = show > 0 && step.number % show == 0;
        let mut images = None;
        if wanted || step.number == ask.steps {
            let values = read(step.images).await?;
            found = values.chunks_exact(values.len() / channels.len()).map(<[f32]>::to_vec).collect();
            images = wanted.then(|| found.clone());
        }
        if let Some(objectives) = step.drawn {
            drawn = read(objectives).await?;
        }
        climb.push(objectives.clone());
        if !each(Climbed::Step { channels: channels.clone(), step: step.number, objectives, images }).await {
            return Err(Error::Cancelled);
        }
    }
    let rank = match ask.convention {
        Convention::KerasNotebook => ask.steps - 1,
        Convention::Lucid => ask.steps,
    };
    let pattern = |((row, channel), image)| Pattern {
        channel,
        first: climb[0][row],
        last: climb[ask.steps][row],
        drawn: drawn[row],
        rank: climb[rank][row],
        image,
    };
    let patterns = channels.into_iter().enumerate().zip(found).map(pattern).collect();
    if each(Climbed::Done(patterns)).await { Ok(()) } else { Err(Error::Cancelled) }
}
