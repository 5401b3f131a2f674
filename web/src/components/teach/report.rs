//! What has come of teaching: how often the model is right on images that it was not taught with, and where the heat of each class lies.

use std::rc::Rc;

use convscope_core::image::Plane;
use convscope_core::render::{Blend, Colormap};
use convscope_core::teach::verdict;
use convscope_page::{ImageFile, Lecture, Paint, Shared, TeachHeat, Text};
use yew::prelude::*;

use super::super::Small;
use crate::canvas;
use crate::words::{Words, use_words};

/// Images that are shown to be wrong, and those that stand beside a class's heat.
const WRONG: usize = 12;
const BESIDE: usize = 1;
/// Side of a mean map, in pixels.
const SIDE: usize = 112;

/// Properties of [`Report`].
#[derive(Properties, PartialEq)]
pub(super) struct ReportProps {
    pub(super) lecture: Shared<Lecture>,
    pub(super) heat: TeachHeat,
    pub(super) colormap: Colormap,
}

/// The report.
#[component]
pub(super) fn Report(props: &ReportProps) -> Html {
    let words = use_words();
    let ReportProps { lecture, heat, colormap } = props;
    let Lecture { taught, base, images, left_out, seconds, .. } = &**lecture;
    let facts = words.with(
        "teach-facts",
        [
            ("layer", words.layer_title(&taught.layer).into()),
            ("base", base.as_str().into()),
            ("looking", format!("{seconds:.1}").into()),
            ("teaching", format!("{:.1}", taught.seconds).into()),
        ],
    );
    let out = |(name, why): &(String, Text)| html! { <li>{ format!("{name}: {}", words.tell(why)) }</li> };
    html! {
        <>
            <ul class="teach-said" data-testid="teach-verdict">
                { for verdict(&taught.trial).iter().map(|sentence| html! { <li>{ words.fault(sentence) }</li> }) }
            </ul>
            { confusion(&words, lecture) }
            { wrong(&words, lecture) }
            if !left_out.is_empty() {
                <details><summary>{ words.with("teach-left-out", [("count", left_out.len().into())]) }</summary><ul>{ for left_out.iter().map(out) }</ul></details>
            }
            <h3>{ words.say("teach-learnt") }</h3>
            if heat.done < images.len() {
                <p role="status" class="hint" data-testid="teach-heating">{ words.with("teach-heating", [("done", heat.done.into()), ("total", images.len().into())]) }</p>
            }
            <div class="teach-figures with-heat" data-testid="teach-heat">{ for classes(&words, lecture, heat, *colormap) }</div>
            <p class="hint">{ words.say("teach-heat-hint") }</p>
            <p class="hint" data-testid="teach-facts">{ facts }</p>
        </>
    }
}

/// The table of classes and what they were taken for.
fn confusion(words: &Words, lecture: &Lecture) -> Html {
    let classes = &lecture.examples.classes;
    let head = classes.iter().map(|class| html! { <th scope="col">{ class }</th> });
    let rows = classes.iter().zip(lecture.taught.trial.confusion.chunks(classes.len().max(1))).enumerate();
    let row = |(at, (class, counts)): (usize, (&String, &[usize]))| {
        let cell = |(found, count): (usize, &usize)| html! { <td class={classes!((found == at).then_some("right"))}>{ *count }</td> };
        html! { <tr><th scope="row">{ class }</th>{ for counts.iter().enumerate().map(cell) }</tr> }
    };
    html! {
        <>
        <p class="hint">{ words.say("teach-confusion") }</p>
        <div class="teach-scroll" tabindex="0" role="group" aria-label={words.say("teach-confusion")}>
            <table aria-label={words.say("teach-confusion")} data-testid="teach-confusion">
                <thead><tr><td></td>{ for head }</tr></thead>
                <tbody>{ for rows.map(row) }</tbody>
            </table>
        </div>
        </>
    }
}

/// The images that were taken for another class.
fn wrong(words: &Words, lecture: &Lecture) -> Html {
    let Lecture { taught, examples, images, .. } = lecture;
    let all = examples.all.iter().zip(images).zip(&taught.trial.found);
    let wrong: Vec<_> = all.filter(|((one, _), found)| one.class != **found).collect();
    let figure = |((one, photo), found): &((&convscope_core::teach::Example, &Rc<ImageFile>), &usize)| {
        let said = words.with(
            "teach-taken-for",
            [("name", one.name.as_str().into()), ("class", examples.classes[**found].as_str().into())],
        );
        html! { <figure key={photo.serial}><Small photo={(*photo).clone()} /><figcaption>{ said }</figcaption></figure> }
    };
    html! {
        if !wrong.is_empty() {
            <h3>{ words.with("teach-wrong", [("count", wrong.len().into())]) }</h3>
            <div class="teach-figures" data-testid="teach-wrong">{ for wrong.iter().take(WRONG).map(figure) }</div>
        }
    }
}

/// The mean heat of each class, beside one of its images.
fn classes(words: &Words, lecture: &Lecture, heat: &TeachHeat, colormap: Colormap) -> Vec<Html> {
    let of_class = |class: usize| {
        let all = lecture.examples.all.iter().zip(&lecture.images);
        all.filter(move |(one, _)| one.class == class).map(|(_, photo)| photo.clone())
    };
    let figure = |(class, name): (usize, &String)| {
        let mean = heat.means.get(class);
        let (plane, count) = (mean.and_then(|mean| mean.plane()), mean.map_or(0, |mean| mean.count()));
        let said = words.with("teach-mean", [("class", name.as_str().into()), ("count", count.into())]);
        html! {
            <figure key={class}>
                if let Some(plane) = plane {
                    <Heat {plane} {colormap} />
                }
                { for of_class(class).take(BESIDE).map(|photo| html! { <Small {photo} /> }) }
                <figcaption>{ said }</figcaption>
            </figure>
        }
    };
    lecture.examples.classes.iter().enumerate().map(figure).collect()
}

/// Properties of [`Heat`].
#[derive(Properties, PartialEq)]
struct HeatProps {
    plane: Plane,
    colormap: Colormap,
}

/// A map by itself, its largest number in the brightest colour.
#[component]
fn Heat(props: &HeatProps) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with((props.plane.clone(), props.colormap), move |(plane, colormap)| {
            let most = plane.max();
            let mut drawn = plane.resize(SIDE, SIDE);
            if most > 0.0 {
                drawn.values.iter_mut().for_each(|value| *value /= most);
            }
            canvas::on(&canvas, |canvas| canvas::draw_plane(canvas, &drawn, Paint::Heat(*colormap), Blend::Plain));
        });
    }
    html! { <canvas ref={canvas} aria-hidden="true" /> }
}
