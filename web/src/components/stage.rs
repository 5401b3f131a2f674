//! The picture with the heat over it.

use std::rc::Rc;

use convscope::picture::Plane;
use convscope::preprocess::Region;
use yew::prelude::*;

use crate::canvas::{self, Paint, Undrawable};
use crate::state::{Action, Photo, Text};

/// Properties of [`Stage`].
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// The picture.
    pub photo: Option<Photo>,
    /// Its size in pixels.
    pub size: (u32, u32),
    /// The part of it that the network saw.
    pub region: Region,
    /// What lies over it, and how it is painted, if there is anything to see.
    pub overlay: Option<(Rc<Plane>, Paint)>,
    /// Whether the map is about what was asked last.
    pub stale: bool,
    /// What the picture and the map show, in words.
    pub summary: String,
    /// How opaque the heat is.
    pub opacity: f32,
    /// Hears what goes wrong.
    pub dispatch: Callback<Action>,
}

/// Two canvases, one over the other: the upper one lies on the part of the picture that the network saw.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let (frame, picture, heat) = (use_node_ref(), use_node_ref(), use_node_ref());
    let newest = use_mut_ref(|| 0_u64);
    {
        let (picture, dispatch) = (picture.clone(), props.dispatch.clone());
        use_effect_with(props.photo.clone(), move |photo| {
            let Some(photo) = photo.clone() else { return };
            *newest.borrow_mut() = photo.serial;
            wasm_bindgen_futures::spawn_local(async move {
                match canvas::decode(&photo.file).await {
                    Ok(bitmap) if *newest.borrow() == photo.serial => canvas::draw_picture(&picture, &bitmap),
                    Ok(_) => {}
                    Err(Undrawable) => dispatch.emit(Action::Failed(Text::key("cannot-draw"))),
                }
            });
        });
    }
    {
        let (frame, heat) = (frame.clone(), heat.clone());
        use_effect_with((props.size, props.region, props.opacity), move |(size, region, opacity)| {
            let (width, height) = (size.0 as f32, size.1 as f32);
            canvas::style(&frame, &[("--ratio", (width / height).to_string())]);
            let part = |length: f32, whole: f32| format!("{}%", 100.0 * length / whole);
            canvas::style(
                &heat,
                &[
                    ("left", part(region.x, width)),
                    ("top", part(region.y, height)),
                    ("width", part(region.width, width)),
                    ("height", part(region.height, height)),
                    ("opacity", opacity.to_string()),
                ],
            );
        });
    }
    {
        let heat = heat.clone();
        use_effect_with((props.overlay.clone(), props.region), move |(overlay, region)| {
            if let Some((plane, paint)) = overlay {
                canvas::draw_heat(&heat, plane, f64::from(region.width), f64::from(region.height), *paint);
            }
        });
    }
    let there = props.overlay.is_some();
    html! {
        <div class={classes!("stage", props.photo.is_none().then_some("empty"), props.stale.then_some("stale"))}>
            <div class="frame" ref={frame} role="img" aria-label={props.summary.clone()}>
                <canvas ref={picture} class="picture" data-testid="picture" aria-hidden="true" />
                <canvas ref={heat} class="heat" hidden={!there} data-testid="heat" aria-hidden="true" />
            </div>
        </div>
    }
}
