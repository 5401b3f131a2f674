//! Drawing: the picture, which the browser decodes, and the heat, which our own code enlarges and colours.

use convscope_core::picture::Plane;
use convscope_core::protocol::Drawing;
use convscope_core::render::{Colormap, diverging};
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

/// The browser cannot decode a picture.
#[derive(Clone, Copy, Debug)]
pub struct Undrawable;

/// The picture in a file, upright by its EXIF orientation.
///
/// # Errors
/// [`Undrawable`] where the browser cannot decode it.
pub async fn decode(file: &[u8]) -> Result<ImageBitmap, Undrawable> {
    let cannot = |_: JsValue| Undrawable;
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

/// How numbers become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// 0 to 1, opaque.
    Heat(Colormap),
    /// -1 to 1, red to blue; the nearer to 0, the more is seen through it.
    Signed,
}

impl Paint {
    /// The colour and the opacity of `place`, from 0 to 1, on the scale.
    fn colour(self, place: f32) -> [u8; 4] {
        let ([r, g, b], opacity) = match self {
            Self::Heat(colormap) => (colormap.colour(place), 1.0),
            Self::Signed => (diverging(2.0 * place - 1.0), (2.0 * place - 1.0).abs().sqrt()),
        };
        [r, g, b, (255.0 * opacity).round() as u8]
    }

    /// Where a number lies on the scale.
    fn place(self, value: f32) -> f32 {
        let place = if self == Self::Signed { (value + 1.0) / 2.0 } else { value };
        place.clamp(0.0, 1.0)
    }
}

/// Draws a plane, enlarged to the shape `width` to `height`.
pub fn draw_heat(canvas: &NodeRef, plane: &Plane, width: f64, height: f64, paint: Paint) {
    let (width, height) = fit(width * HEAT_SIDE, height * HEAT_SIDE, HEAT_SIDE);
    draw_plane(canvas, &plane.resize(width as usize, height as usize), paint);
}

/// Draws a plane, a pixel a number.
pub fn draw_plane(canvas: &NodeRef, plane: &Plane, paint: Paint) {
    // A quarter of a million numbers: looked up, so that the page does not stutter.
    let colours: Vec<[u8; 4]> = (0..=STEPS).map(|step| paint.colour(step as f32 / STEPS as f32)).collect();
    let pixel = |&value: &f32| colours[(paint.place(value) * STEPS as f32).round() as usize];
    let pixels: Vec<u8> = plane.values.iter().flat_map(pixel).collect();
    put(canvas, &pixels, plane.width as u32, plane.height as u32);
}

/// Draws a picture that the worker made, a pixel a pixel.
pub fn draw_rgb(canvas: &NodeRef, drawing: &Drawing) {
    let pixel = |rgb: &[u8]| [rgb[0], rgb[1], rgb[2], 255];
    let pixels: Vec<u8> = drawing.rgb.chunks_exact(3).flat_map(pixel).collect();
    put(canvas, &pixels, drawing.width, drawing.height);
}

fn put(canvas: &NodeRef, pixels: &[u8], width: u32, height: u32) {
    let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
    canvas.set_width(width);
    canvas.set_height(height);
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height);
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

/// Whether this is a phone's screen.
pub fn narrow() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    width.is_some_and(|width| width < 640.0)
}
