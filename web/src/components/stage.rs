//! The image with the heat over it.

use std::rc::Rc;

use convscope_core::explain::BoundingBox;
use convscope_page::{ImageFile, Layered, NoticeAction, Text};
use web_sys::Element;
use yew::prelude::*;

use super::Divider;
use super::bounding_box::Drawn;
use super::mark::{Mark, MarkProps};
use super::readout::Place;
use crate::canvas::{self, Undrawable};
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
    use_image(image.clone(), photo.clone(), *size, props.dispatch.clone());
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
    let is_group =
        props.drawn.is_some() || split.is_some() || props.mark.as_ref().is_some_and(|mark| mark.place.is_some());
    html! {
        <div data-testid="stage" class={classes!("stage", photo.is_none().then_some("empty"), props.stale.then_some("stale"))}>
            <div class="frame" ref={frame} role={if is_group { "group" } else { "img" }} aria-label={props.summary.clone()}
                onpointermove={props.point.reform(|event: PointerEvent| place(&event))} onpointerleave={props.point.reform(|_| None)}>
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

/// Draws an image's file, of so many pixels, once the browser has decoded it, unless a newer one has come meanwhile.
#[hook]
fn use_image(canvas: NodeRef, photo: Option<Rc<ImageFile>>, size: (u32, u32), dispatch: Dispatch) {
    let newest = use_mut_ref(|| 0_u64);
    use_effect_with(photo, move |photo| {
        let Some(photo) = photo.clone() else { return };
        *newest.borrow_mut() = photo.serial;
        wasm_bindgen_futures::spawn_local(async move {
            match canvas::decode_fitting(&photo.file, size).await {
                Ok(bitmap) => {
                    if *newest.borrow() == photo.serial {
                        canvas::on(&canvas, |canvas| canvas::draw_image(canvas, &bitmap));
                    }
                    // Its pixels are the browser's, which would keep them until it happens to collect them.
                    bitmap.close();
                }
                Err(Undrawable) => dispatch.emit(NoticeAction::Failed(Text::key("cannot-draw"))),
            }
        });
    });
}

/// Place of an event in its element, which may lie outside of it where that has captured the pointer: shares of its width and height.
pub(super) fn place_in(element: &Element, event: &PointerEvent) -> Place {
    let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
    (f64::from(event.offset_x()) / width, f64::from(event.offset_y()) / height)
}

/// Place of an event in the frame; what lies in it lets events through, or is as large.
fn place(event: &PointerEvent) -> Option<Place> {
    let place = place_in(&event.target_dyn_into()?, event);
    ((0.0..1.0).contains(&place.0) && (0.0..1.0).contains(&place.1)).then_some(place)
}
