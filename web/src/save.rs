//! Files out of the page, by the browser's own way of saving.

use convscope_core::explain::BoundingBox;
use convscope_core::preprocess::Region;
use convscope_core::render::Chart;
use convscope_page::{Layered, Scene};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, Document, HtmlCanvasElement, HtmlElement, Url};

use crate::canvas::{context, decode_fitting, draw_blank, draw_contour, draw_image, draw_overlay, draw_rgb, white};
use crate::chart;

/// Milliseconds for which a file is kept for a browser that is asked where to put it.
const KEPT: u32 = 60_000;
/// Pixels between images that are seen side by side, and around their caption.
const MARGIN: f64 = 8.0;
/// The longer side of a cell of a grid, in pixels.
const CELL: f64 = 480.0;
/// Least and largest size of the caption's letters, in pixels: a fortieth of the width, but readable.
const LETTERS: (f64, f64) = (13.0, 28.0);

/// Saves bytes as a file.
pub fn download(name: &str, bytes: &[u8]) {
    if let Ok(blob) = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))) {
        give(name, &blob);
    }
}

fn give(name: &str, blob: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else { return };
    let link = document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.set_attribute("href", &url).and_then(|()| link.set_attribute("download", name));
        link.click();
    }
    Timeout::new(KEPT, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
}

/// What else is seen beside a scene.
#[derive(Clone, Debug)]
pub struct More {
    /// Charts of what metrics say.
    pub charts: Vec<Chart>,
    /// Box around an object.
    pub drawn: Option<BoundingBox>,
    /// Words above each cell of a grid.
    pub captions: Vec<String>,
}

/// Saves what is seen as a PNG file: images with the heat over them, or images of channels, or the sheet, beside charts, and lines of words
/// below.
pub async fn image(name: String, scene: Scene, more: More, words: Vec<String>) {
    if let Some(canvas) = drawing(&scene, &more, &words).await
        && let Some(blob) = blob(&canvas).await
    {
        give(&name, &blob);
    }
}

/// What is seen as a PNG file, without any words.
pub async fn picture(scene: Scene) -> Option<Blob> {
    let more = More { charts: vec![], drawn: None, captions: vec![] };
    blob(&drawing(&scene, &more, &[]).await?).await
}

/// A canvas as a PNG file.
async fn blob(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let mut done = |resolve: Function, _| {
        let _ = canvas.to_blob(&resolve);
    };
    JsFuture::from(Promise::new(&mut done)).await.ok()?.dyn_into().ok()
}

async fn drawing(scene: &Scene, more: &More, words: &[String]) -> Piece {
    let mut columns = None;
    let mut pieces: Vec<Piece> = match scene {
        Scene::Grid(count, cells) => {
            columns = Some(*count);
            let mut pieces = vec![];
            for (index, cell) in cells.iter().enumerate() {
                let words = more.captions.get(index).map_or("", String::as_str);
                pieces.push(layered(cell, None).await.and_then(|piece| captioned(&piece, words)));
            }
            pieces
        }
        Scene::Layered(images) => {
            let mut pieces = vec![];
            for image in images {
                pieces.push(layered(image, more.drawn).await);
            }
            pieces
        }
        Scene::Panels(panels) => {
            let drawings = panels.iter().filter_map(|panel| panel.drawing.as_ref());
            drawings.map(|drawing| drawn(&drawing.rgb, drawing.width, drawing.height)).collect()
        }
        Scene::Sheet(sheet, colormap) => {
            let image = sheet.draw(*colormap).ok();
            vec![image.and_then(|image| drawn(image.rgb(), image.width(), image.height()))]
        }
    };
    let wide = pieces.iter().flatten().map(HtmlCanvasElement::width).max().unwrap_or_default();
    for one in &more.charts {
        let canvas = canvas()?;
        chart::draw(&canvas, one, f64::from(wide));
        pieces.push(Some(canvas));
    }
    sheet(&pieces, columns, words)
}

/// Image of its own in a saved one; none that could not be drawn, whose place stays empty.
type Piece = Option<HtmlCanvasElement>;

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// A canvas that is not on the page.
fn canvas() -> Option<HtmlCanvasElement> {
    document()?.create_element("canvas").ok()?.dyn_into().ok()
}

fn drawn(rgb: &[u8], width: u32, height: u32) -> Piece {
    let canvas = canvas()?;
    draw_rgb(&canvas, rgb, width, height);
    Some(canvas)
}

/// An image with the heat over it, where and as opaque as it is seen. One that cannot be drawn is white, as on the page, which
/// has said so.
async fn layered(image: &Layered, drawn: Option<BoundingBox>) -> Piece {
    let canvas = canvas()?;
    let bitmap = match &image.photo {
        Some(photo) => decode_fitting(&photo.file, image.size).await.ok(),
        None => None,
    };
    match &bitmap {
        Some(bitmap) => {
            draw_image(&canvas, bitmap);
            bitmap.close();
        }
        None => draw_blank(&canvas, image.size),
    }
    if let Some(overlay) = &image.overlay {
        let heat = self::canvas()?;
        draw_overlay(&heat, overlay, image.region, image.blend);
        let context = context(&canvas)?;
        context.save();
        if let Some(split) = image.split {
            let left = f64::from(split) * f64::from(canvas.width());
            context.begin_path();
            context.rect(left, 0.0, f64::from(canvas.width()) - left, f64::from(canvas.height()));
            context.clip();
        }
        context.set_global_alpha(f64::from(image.opacity));
        let across = |length: f32| f64::from(length) * f64::from(canvas.width()) / f64::from(image.size.0);
        let down = |length: f32| f64::from(length) * f64::from(canvas.height()) / f64::from(image.size.1);
        let Region { x, y, width, height } = image.region;
        let (x, y, width, height) = (across(x), down(y), across(width), down(height));
        context.draw_image_with_html_canvas_element_and_dw_and_dh(&heat, x, y, width, height).ok()?;
        if let Some(level) = image.contour {
            let lines = self::canvas()?;
            draw_contour(&lines, overlay, image.region, level);
            context.set_global_alpha(1.0);
            context.draw_image_with_html_canvas_element_and_dw_and_dh(&lines, x, y, width, height).ok()?;
        }
        context.restore();
    }
    if let Some(drawn) = drawn {
        chart::draw_box(&canvas, drawn);
    }
    Some(canvas)
}

/// A cell of a grid: the piece made smaller, below its words.
fn captioned(piece: &HtmlCanvasElement, words: &str) -> Piece {
    let (width, height) = (f64::from(piece.width()), f64::from(piece.height()));
    let scale = (CELL / width.max(height)).min(1.0);
    let [width, height] = [width, height].map(|side| (side * scale).round().max(1.0));
    let letters = LETTERS.0;
    let lines = lines(&[words.to_owned()], width - MARGIN, letters);
    let above = MARGIN + 1.4 * letters * lines.len() as f64;
    let cell = canvas()?;
    let context = white(&cell, (width as u32, (height + above) as u32))?;
    set_letters(&context, letters);
    for (index, line) in lines.iter().enumerate() {
        let base = 1.4 * letters * (index as f64 + 0.8);
        context.fill_text_with_max_width(line, MARGIN / 2.0, base, width - MARGIN).ok()?;
    }
    context.draw_image_with_html_canvas_element_and_dw_and_dh(piece, 0.0, above, width, height).ok()?;
    Some(cell)
}

/// Pieces in rows of so many, or nearly square as a whole, with words below.
fn sheet(pieces: &[Piece], columns: Option<usize>, words: &[String]) -> Option<HtmlCanvasElement> {
    let columns = columns.unwrap_or_else(|| (pieces.len() as f64).sqrt().ceil().max(1.0) as usize).max(1);
    let rows = pieces.len().div_ceil(columns);
    let most = |side: fn(&HtmlCanvasElement) -> u32| f64::from(pieces.iter().flatten().map(side).max().unwrap_or(0));
    let (wide, high) = (most(HtmlCanvasElement::width), most(HtmlCanvasElement::height));
    let widths: Vec<f64> = match rows {
        1 => pieces.iter().map(|piece| piece.as_ref().map_or(0.0, |piece| f64::from(piece.width()))).collect(),
        _ => vec![wide; columns],
    };
    let length = |sides: &[f64]| sides.iter().sum::<f64>() + sides.len().saturating_sub(1) as f64 * MARGIN;
    let (width, tall) = (length(&widths), length(&vec![high; rows]));
    let letters = (width / 40.0).clamp(LETTERS.0, LETTERS.1);
    let lines = lines(words, width - 2.0 * MARGIN, letters);
    let below = if lines.is_empty() { 0.0 } else { 2.0 * MARGIN + 1.4 * letters * lines.len() as f64 };
    let sheet = canvas()?;
    let size = [width, tall + below].map(|side| side.round().max(1.0) as u32);
    let context = white(&sheet, size.into())?;
    for (index, piece) in pieces.iter().enumerate() {
        let Some(piece) = piece else { continue };
        let before = &widths[..index % columns];
        let (left, top) =
            (length(before) + if before.is_empty() { 0.0 } else { MARGIN }, (index / columns) as f64 * (high + MARGIN));
        let lower = (high - f64::from(piece.height())) / 2.0;
        context.draw_image_with_html_canvas_element(piece, left, top + lower).ok()?;
    }
    set_letters(&context, letters);
    for (index, line) in lines.iter().enumerate() {
        let base = tall + MARGIN + 1.4 * letters * (index as f64 + 0.8);
        context.fill_text_with_max_width(line, MARGIN, base, width - 2.0 * MARGIN).ok()?;
    }
    Some(sheet)
}

/// The words in lines that are about as wide; `fill_text` sees to the rest. Letters of Chinese are as wide as they are high, others
/// about half of that.
fn lines(words: &[String], width: f64, letters: f64) -> Vec<String> {
    let length = |line: &str| line.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum::<f64>() * letters;
    let mut lines = vec![];
    for sentence in words {
        let mut line = String::new();
        // Chinese has no spaces: a line may end behind any of its letters.
        for word in sentence.split_inclusive(|c: char| c == ' ' || !c.is_ascii()) {
            if !line.is_empty() && length(&line) + length(word) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

fn set_letters(context: &CanvasRenderingContext2d, letters: f64) {
    context.set_font(&format!("{letters}px system-ui, sans-serif"));
    context.set_fill_style_str("#1e1a25");
}
