//! Drawing: the image, which the browser decodes, and the heat, which our own code enlarges and colours.

use convscope_core::image::Plane;
use convscope_core::preprocess::Region;
use convscope_core::render::{Blend, Edge, contour, diverging};
use convscope_page::{Content, Overlay, Paint};
use js_sys::Reflect;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, ImageBitmap, ImageData};
use yew::NodeRef;

use crate::browser::ask;
use crate::files;

/// Longest side of our canvases, in pixels; a screen shows no more.
const MAX_SIDE: f64 = 1600.0;
/// The longer side of the enlarged heat, in pixels; it is smooth, so that the browser can do the rest.
const HEAT_SIDE: f64 = 512.0;
/// The same of its contour lines, which are not smooth.
const LINES_SIDE: f64 = 1024.0;
/// Colours of a map; more steps than eight bits can show.
const STEPS: usize = 1024;

/// The browser cannot decode an image.
#[derive(Clone, Copy, Debug)]
pub struct Undrawable;

/// The image in a file, upright by its EXIF orientation.
///
/// # Errors
/// [`Undrawable`] where the browser cannot decode it.
pub async fn decode(content: &Content) -> Result<ImageBitmap, Undrawable> {
    bitmap(content, &[]).await
}

/// The same, `width` pixels wide: smaller than a photograph, and as large in memory as it is then.
///
/// # Errors
/// [`Undrawable`] where the browser cannot decode it.
pub async fn decode_small(content: &Content, width: u32) -> Result<ImageBitmap, Undrawable> {
    let options = js_sys::Object::new();
    let set = |name: &str, value: JsValue| Reflect::set(&options, &name.into(), &value);
    set("resizeWidth", width.into()).and_then(|_| set("resizeQuality", "medium".into())).map_err(|_| Undrawable)?;
    bitmap(content, &[&options]).await
}

/// The image in a file of so many pixels, as large as our canvases are at most: a photograph is made smaller off the page's thread.
///
/// # Errors
/// [`Undrawable`] where the browser cannot decode it.
pub async fn decode_fitting(content: &Content, (width, height): (u32, u32)) -> Result<ImageBitmap, Undrawable> {
    let fitted = fit((f64::from(width), f64::from(height)), MAX_SIDE);
    if fitted.0 < width { decode_small(content, fitted.0).await } else { decode(content).await }
}

async fn bitmap(content: &Content, options: &[&JsValue]) -> Result<ImageBitmap, Undrawable> {
    let blob: JsValue = files::blob(content).ok_or(Undrawable)?.into();
    let arguments: Vec<&JsValue> = std::iter::once(&blob).chain(options.iter().copied()).collect();
    let bitmap = ask(&js_sys::global(), "createImageBitmap", &arguments).await.map_err(|_| Undrawable)?;
    bitmap.dyn_into().map_err(|_| Undrawable)
}

/// Draws on the canvas of a component, once it is there.
pub fn on(node: &NodeRef, draw: impl FnOnce(&HtmlCanvasElement)) {
    if let Some(canvas) = node.cast() {
        draw(&canvas);
    }
}

/// Draws an image, over white where it is transparent, as the network sees it.
pub fn draw_image(canvas: &HtmlCanvasElement, image: &ImageBitmap) {
    let size = (f64::from(image.width()), f64::from(image.height()));
    if let Some(context) = white(canvas, fit(size, MAX_SIDE)) {
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let _ = context.draw_image_with_image_bitmap_and_dw_and_dh(image, 0.0, 0.0, width, height);
    }
}

/// Side of a part of an image that is shown by itself, in pixels, and as a share of the image's shorter side.
const PART: (u32, f64) = (96, 0.4);

/// Draws the square around a place of an image, which is given in shares of its width and height, as far as the image goes.
pub fn draw_part(canvas: &HtmlCanvasElement, image: &ImageBitmap, place: (f64, f64)) {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let (pixels, share) = PART;
    let side = share * width.min(height);
    let start = |at: f64, whole: f64| (at * whole - side / 2.0).clamp(0.0, whole - side);
    if let Some(context) = white(canvas, (pixels, pixels)) {
        let (left, top, to) = (start(place.0, width), start(place.1, height), f64::from(pixels));
        let _ = context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            image, left, top, side, side, 0.0, 0.0, to, to,
        );
    }
}

/// Draws nothing, in the place of an image of that size.
pub fn draw_blank(canvas: &HtmlCanvasElement, (width, height): (u32, u32)) {
    white(canvas, fit((f64::from(width), f64::from(height)), MAX_SIDE));
}

/// Gives a canvas a size, and makes all of it white.
pub fn white(canvas: &HtmlCanvasElement, (width, height): (u32, u32)) -> Option<CanvasRenderingContext2d> {
    canvas.set_width(width);
    canvas.set_height(height);
    let context = context(canvas)?;
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, f64::from(width), f64::from(height));
    Some(context)
}

/// The colour and the opacity of `place`, from 0 to 1, on a scale.
fn colour(paint: Paint, blend: Blend, place: f32) -> [u8; 4] {
    let ([r, g, b], opacity) = match paint {
        Paint::Heat(colormap) => (colormap.colour(place), blend.opacity(place)),
        Paint::Signed => (diverging(2.0 * place - 1.0), blend.signed_opacity(2.0 * place - 1.0)),
    };
    [r, g, b, (255.0 * opacity).round() as u8]
}

/// The place of a number on a scale, 0 to 1.
fn place(paint: Paint, value: f32) -> f32 {
    let place = if paint == Paint::Signed { (value + 1.0) / 2.0 } else { value };
    place.clamp(0.0, 1.0)
}

/// Draws what lies over the region of an image, enlarged to that region's shape.
pub fn draw_overlay(canvas: &HtmlCanvasElement, overlay: &Overlay, region: Region, blend: Blend) {
    let (width, height) = (f64::from(region.width) * HEAT_SIDE, f64::from(region.height) * HEAT_SIDE);
    let (width, height) = fit((width, height), HEAT_SIDE);
    let plane = overlay.numbers.plane().resize(width as usize, height as usize);
    draw_plane(canvas, &plane, overlay.paint, blend);
}

/// Draws the contour line of what lies over the region of an image, and nothing else.
pub fn draw_contour(canvas: &HtmlCanvasElement, overlay: &Overlay, region: Region, level: f32) {
    let (width, height) = (f64::from(region.width) * LINES_SIDE, f64::from(region.height) * LINES_SIDE);
    let (width, height) = fit((width, height), LINES_SIDE);
    let plane = overlay.numbers.plane().resize(width as usize, height as usize);
    let pixel = |edge: Edge| edge.colour().map_or([0; 4], |[r, g, b]| [r, g, b, 255]);
    let pixels: Vec<u8> = contour(&plane, level).into_iter().flat_map(pixel).collect();
    put(canvas, &pixels, width, height);
}

/// Draws a plane, a pixel a number.
pub fn draw_plane(canvas: &HtmlCanvasElement, plane: &Plane, paint: Paint, blend: Blend) {
    // A quarter of a million numbers: looked up, so that the page does not stutter.
    let colours: Vec<[u8; 4]> = (0..=STEPS).map(|step| colour(paint, blend, step as f32 / STEPS as f32)).collect();
    let pixel = |&value: &f32| colours[(place(paint, value) * STEPS as f32).round() as usize];
    let pixels: Vec<u8> = plane.values.iter().flat_map(pixel).collect();
    put(canvas, &pixels, plane.width as u32, plane.height as u32);
}

/// Draws an image in red, green and blue, a pixel a pixel.
pub fn draw_rgb(canvas: &HtmlCanvasElement, rgb: &[u8], width: u32, height: u32) {
    let pixel = |rgb: &[u8]| [rgb[0], rgb[1], rgb[2], 255];
    let pixels: Vec<u8> = rgb.chunks_exact(3).flat_map(pixel).collect();
    put(canvas, &pixels, width, height);
}

fn put(canvas: &HtmlCanvasElement, pixels: &[u8], width: u32, height: u32) {
    canvas.set_width(width);
    canvas.set_height(height);
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height);
    if let (Ok(data), Some(context)) = (data, context(canvas)) {
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

/// Context that draws on a canvas.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// The size with the same shape whose longer side is `side` at most.
fn fit((width, height): (f64, f64), side: f64) -> (u32, u32) {
    let scale = (side / width.max(height)).min(1.0);
    let fitted = |length: f64| (length * scale).round().max(1.0) as u32;
    (fitted(width), fitted(height))
}

/// Whether this is a phone's screen.
pub fn narrow() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    width.is_some_and(|width| width < 640.0)
}
