//! Mean map of each class.

use std::rc::Rc;

use convscope_core::image::Plane;
use convscope_core::render::{Blend, Colormap};
use convscope_core::survey::{Row, SIDE, summary};
use convscope_page::{Paint, Shared};
use yew::prelude::*;

use crate::canvas;
use crate::words::use_words;

/// Classes that are shown, and pixels along a side of a map.
const CLASSES: usize = 12;
const PIXELS: usize = 96;

/// Properties of [`Means`].
#[derive(Properties, PartialEq)]
pub(super) struct MeansProps {
    /// The rows.
    pub rows: Shared<Vec<Row>>,
}

/// Where each class is seen, on the mean.
#[component]
pub(super) fn Means(props: &MeansProps) -> Html {
    let words = use_words();
    let classes = use_memo(props.rows.clone(), |rows| {
        let classes = summary::classes(rows);
        classes
            .iter()
            .take(CLASSES)
            .map(|one| (one.name.to_owned(), one.images.len(), Rc::new(one.mean.clone())))
            .collect::<Vec<_>>()
    });
    html! {
        <section class="survey-means" aria-labelledby="survey-means">
            <h3 id="survey-means">{ words.say("survey-means") }</h3>
            <ul>
                { for classes.iter().map(|(name, count, mean)| html! {
                    <li key={name.clone()}><Mean mean={mean.clone()} /><span>{ format!("{} ({count})", words.class(name)) }</span></li>
                }) }
            </ul>
            <p class="hint">{ words.say("survey-means-hint") }</p>
        </section>
    }
}

/// Properties of [`Mean`].
#[derive(Properties, PartialEq)]
struct MeanProps {
    /// Compared number by number: of all classes, one is another with each image.
    mean: Rc<Vec<f32>>,
}

#[component]
fn Mean(props: &MeanProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.mean.clone(), move |mean| {
            let most = mean.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
            let plane = Plane::new(SIDE, SIDE, mean.iter().map(|heat| heat / most).collect()).resize(PIXELS, PIXELS);
            canvas::on(&node, |canvas| {
                canvas::draw_plane(canvas, &plane, Paint::Heat(Colormap::default()), Blend::Plain)
            });
        });
    }
    html! { <canvas ref={node} aria-hidden="true" /> }
}
