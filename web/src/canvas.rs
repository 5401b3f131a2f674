//! Drawing: the picture, which the browser decodes, and the heat, which our own code enlarges and colours.

use convscope::picture::Plane;
use convscope::render::Colormap;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, ImageBitmap, ImageData};
use yew::NodeRef;

/// No canvas of ours has a longer side; a screen shows no more of it.
const MAX_SIDE: f64 = 1600.0;
/// The longer side of the enlarged heat, which is smooth: the browser can do the rest.
const HEAT_SIDE: f64 = 512.0;
/// Colours of a map; more steps than eight bits can show.
const STEPS: usize = 1024;

/// The picture in a file, upright by its EXIF orientation.
///
/// # Errors
/// A sentence, where the browser cannot decode it.
pub async fn decode(file: &[u8]) -> Result<ImageBitmap, String> {
    let cannot =
        |_: JsValue| "this browser cannot draw the picture, though it can be explained; use PNG or JPEG".to_owned();
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(file))).map_err(cannot)?;
    let window = web_sys::window().ok_or_else(|| cannot(JsValue::NULL))?;
    let promise = window.create_image_bitmap_with_blob(&blob).map_err(cannot)?;
    let bitmap: JsValue = JsFuture::from(promise).await.map_err(cannot)?;
    Ok(bitmap.unchecked_into())
}

/// Draws a picture, over white where it is transparent, as the network sees it.
pub fn draw_picture(canvas: &NodeRef, picture: &ImageBitmap) {
    let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
    let (width, height) = fit(f64::from(picture.width()), f64::from(picture.height()), MAX_SIDE);
    canvas.set_width(width);
    canvas.set_height(height);
    let Some(context) = context(&canvas) else { return };
    let (width, height) = (f64::from(width), f64::from(height));
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, width, height);
    let _ = context.draw_image_with_image_bitmap_and_dw_and_dh(picture, 0.0, 0.0, width, height);
}

/// Draws a plane of 0 to 1, enlarged to the shape `width` to `height`.
pub fn draw_heat(canvas: &NodeRef, plane: &Plane, width: f64, height: f64, colormap: Colormap) {
    let (width, height) = fit(width * HEAT_SIDE, height * HEAT_SIDE, HEAT_SIDE);
    draw_plane(canvas, &plane.resize(width as usize, height as usize), colormap);
}

/// Draws a plane of 0 to 1, a pixel a number.
pub fn draw_plane(canvas: &NodeRef, plane: &Plane, colormap: Colormap) {
    let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
    let (width, height) = (plane.width as u32, plane.height as u32);
    canvas.set_width(width);
    canvas.set_height(height);
    // A quarter of a million numbers: looked up, so that the page does not stutter.
    let colours: Vec<[u8; 3]> = (0..=STEPS).map(|step| colormap.colour(step as f32 / STEPS as f32)).collect();
    let pixel = |&value: &f32| {
        let [r, g, b] = colours[(value.clamp(0.0, 1.0) * STEPS as f32).round() as usize];
        [r, g, b, 255]
    };
    let pixels: Vec<u8> = plane.values.iter().flat_map(pixel).collect();
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, height);
    if let (Ok(data), Some(context)) = (data, context(&canvas)) {
        let _ = context.put_image_data(&data, 0.0, 0.0);
    }
}

/// Sets CSS properties by script, which a Content-Security-Policy allows, unlike `style` attributes.
pub fn style(element: &NodeRef, properties: &[(&str, String)]) {
    let Some(element) = element.cast::<HtmlElement>() else { return };
    for (name, value) in properties {
        let _ = element.style().set_property(name, value);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// The size with the same shape whose longer side is `side` at most.
fn fit(width: f64, height: f64, side: f64) -> (u32, u32) {
    let scale = (side / width.max(height)).min(1.0);
    let fitted = |length: f64| (length * scale).round().max(1.0) as u32;
    (fitted(width), fitted(height))
}
