//! The image with the heat over it.

use convscope_core::explain::BoundingBox;
use convscope_page::{Layered, NoticeAction, Text};
use web_sys::Element;
use yew::prelude::*;

use super::Divider;
use super::bitmap::use_bitmap;
use super::bounding_box::Drawn;
use super::mark::{Mark, MarkProps};
use super::readout::Place;
use crate::browser::{call, part};
use crate::canvas;
use crate::dispatch::Dispatch;

/// Properties of [`Stage`].
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// `data-testid`s of the two canvases.
    #[prop_or(["picture", "heat"])]
    pub ids: [&'static str; 2],
    /// The image, and what lies over it.
    pub layered: Layered,
    /// Whether the map is about what was asked last.
    pub stale: bool,
    /// Words for what the image and the map show.
    pub summary: String,
    /// Place of the cursor, over this or another view of the image.
    pub place: Option<(f64, f64)>,
    /// Hears where the cursor is over this one, or that it has left.
    pub point: Callback<Option<(f64, f64)>>,
    /// Box around an object, which is drawn here.
    #[prop_or_default]
    pub drawn: Option<BoundingBox>,
    /// A place that is looked into, which is chosen here.
    #[prop_or_default]
    pub mark: Option<MarkProps>,
    /// Hears what goes wrong.
    pub dispatch: Dispatch,
}

/// Two canvases, one over the other: the upper one lies on the part of the image that the network saw.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let (frame, image, heat, cross) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let lines = use_node_ref();
    let Layered { photo, size, region, overlay, opacity, blend, contour, split } = &props.layered;
    let undrawable = {
        let dispatch = props.dispatch.clone();
        move || dispatch.emit(NoticeAction::Failed(Text::key("cannot-draw")))
    };
    use_bitmap(
        image.clone(),
        photo.clone(),
        *size,
        (),
        |canvas, bitmap, ()| canvas::draw_image(canvas, bitmap),
        undrawable,
    );
    {
        let (frame, heat, lines) = (frame.clone(), heat.clone(), lines.clone());
        use_effect_with((*size, *region, *opacity, *split), move |(size, region, opacity, split)| {
            let (width, height) = (size.0 as f32, size.1 as f32);
            canvas::style(&frame, &[("--ratio", (width / height).to_string())]);
            let part = |length: f32, whole: f32| format!("{}%", 100.0 * length / whole);
            let hidden = split.map_or(0.0, |split| (split * width - region.x).clamp(0.0, region.width));
            for (layer, opacity) in [(&heat, *opacity), (&lines, 1.0)] {
                canvas::style(
                    layer,
                    &[
                        ("left", part(region.x, width)),
                        ("top", part(region.y, height)),
                        ("width", part(region.width, width)),
                        ("height", part(region.height, height)),
                        ("opacity", opacity.to_string()),
                        ("clip-path", format!("inset(0 0 0 {})", part(hidden, region.width))),
                    ],
                );
            }
        });
    }
    {
        let heat = heat.clone();
        use_effect_with((overlay.clone(), *region, *blend), move |(overlay, region, blend)| {
            if let Some(overlay) = overlay {
                canvas::on(&heat, |canvas| canvas::draw_overlay(canvas, overlay, *region, *blend));
            }
        });
    }
    {
        let lines = lines.clone();
        use_effect_with((overlay.clone(), *region, *contour), move |(overlay, region, contour)| {
            if let (Some(overlay), Some(level)) = (overlay, contour) {
                canvas::on(&lines, |canvas| canvas::draw_contour(canvas, overlay, *region, *level));
            }
        });
    }
    {
        let cross = cross.clone();
        use_effect_with(props.place, move |place| {
            if let Some((x, y)) = place {
                let percent = |share: &f64| format!("{}%", 100.0 * share);
                canvas::style(&cross, &[("left", percent(x)), ("top", percent(y))]);
            }
        });
    }
    let point = {
        let frame = frame.clone();
        props.point.reform(move |event: PointerEvent| {
            let (x, y) = place_in(&frame.cast::<Element>()?, &event);
            ((0.0..1.0).contains(&x) && (0.0..1.0).contains(&y)).then_some((x, y))
        })
    };
    let is_group =
        props.drawn.is_some() || split.is_some() || props.mark.as_ref().is_some_and(|mark| mark.place.is_some());
    html! {
        <div data-testid="stage" class={classes!("stage", photo.is_none().then_some("empty"), props.stale.then_some("stale"))}>
            <div class="frame" ref={frame} role={if is_group { "group" } else { "img" }} aria-label={props.summary.clone()}
                onpointermove={point} onpointerleave={props.point.reform(|_| None)}>
                <canvas ref={image} class="picture" data-testid={props.ids[0]} aria-hidden="true" />
                <canvas ref={heat} class="heat" hidden={overlay.is_none()} data-testid={props.ids[1]} aria-hidden="true" />
                <canvas ref={lines} class="heat lines" hidden={overlay.is_none() || contour.is_none()} data-testid="lines" aria-hidden="true" />
                <span ref={cross} class="cross" hidden={props.place.is_none()} aria-hidden="true"></span>
                if let Some(drawn) = props.drawn {
                    <Drawn {drawn} dispatch={props.dispatch.clone()} />
                } else if let Some(mark) = &props.mark {
                    <Mark ..mark.clone() />
                }
                if let Some(place) = split.filter(|_| overlay.is_some()) {
                    <Divider {place} dispatch={props.dispatch.clone()} />
                }
            </div>
        </div>
    }
}

/// Place of an event in an element, which it may be outside of: shares of its width and height. Measured from the element's own edges:
/// what the pointer is over may be something in it.
pub(super) fn place_in(element: &Element, event: &PointerEvent) -> Place {
    let Ok(within) = call(element, "getBoundingClientRect", &[]) else { return (0.0, 0.0) };
    let share = |at: &str, start: &str, length: &str| {
        let [at, start, length] =
            [part(event, at), part(&within, start), part(&within, length)].map(|one| one.as_f64());
        at.zip(start).zip(length).map_or(0.0, |((at, start), length)| (at - start) / length)
    };
    (share("clientX", "left", "width"), share("clientY", "top", "height"))
}
