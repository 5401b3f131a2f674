//! Files out of the page, by the browser's own way of saving.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, Document, HtmlCanvasElement, HtmlElement, Url};

/// How long a file is kept for a browser that is asked where to put it.
const KEPT: u32 = 60_000;
/// Between pictures that are seen side by side, and around their caption, in pixels.
const MARGIN: f64 = 8.0;
/// The caption's letters: a fortieth of the width, but readable.
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

/// Saves what is seen as a PNG file: the pictures with the heat over them, or the pictures of channels, or the sheet; below them, if
/// that is wanted, what they are in words, as the page says it, and `what` else.
pub fn picture(name: String, caption: bool, what: &str) {
    let pieces = pieces();
    let words = if caption { words(what) } else { vec![] };
    let Some(canvas) = sheet(&pieces, &words) else { return };
    let done = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            give(&name, &blob);
        }
    });
    let _ = canvas.to_blob(done.unchecked_ref());
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The elements that match, and are seen.
fn seen<T: JsCast>(selector: &str) -> Vec<T> {
    let Some(found) = document().and_then(|document| document.query_selector_all(selector).ok()) else { return vec![] };
    let elements = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok());
    // Hidden ones have no size.
    elements.filter(|element| element.offset_width() > 0).filter_map(|element| element.dyn_into().ok()).collect()
}

/// What is seen: pictures with the heat over them; else channels; else the sheet of feature maps.
fn pieces() -> Vec<HtmlCanvasElement> {
    let panels = seen::<HtmlCanvasElement>(".panels canvas");
    if !panels.is_empty() {
        return panels;
    }
    let heat = !seen::<HtmlElement>(".frame .heat").is_empty();
    let sheet = seen::<HtmlCanvasElement>("canvas.sheet");
    if !heat && !sheet.is_empty() {
        return sheet;
    }
    seen::<HtmlElement>(".frame").iter().filter_map(layered).collect()
}

/// A picture with the heat over it, where and as opaque as it is seen.
fn layered(frame: &HtmlElement) -> Option<HtmlCanvasElement> {
    let part = |class: &str| frame.query_selector(class).ok()??.dyn_into::<HtmlCanvasElement>().ok();
    let (picture, heat) = (part(".picture")?, part(".heat"));
    let (canvas, context) = canvas(f64::from(picture.width()), f64::from(picture.height()))?;
    context.draw_image_with_html_canvas_element(&picture, 0.0, 0.0).ok()?;
    if let Some(heat) = heat.filter(|heat| !heat.hidden()) {
        let seen = |length: i32, of: i32, whole: u32| f64::from(length) / f64::from(of.max(1)) * f64::from(whole);
        let across = |length| seen(length, picture.offset_width(), canvas.width());
        let down = |length| seen(length, picture.offset_height(), canvas.height());
        let opacity = heat.style().get_property_value("opacity").ok().and_then(|opacity| opacity.parse().ok());
        context.set_global_alpha(opacity.unwrap_or(1.0));
        let (left, top) = (heat.offset_left() - picture.offset_left(), heat.offset_top() - picture.offset_top());
        let size = (across(heat.offset_width()), down(heat.offset_height()));
        context
            .draw_image_with_html_canvas_element_and_dw_and_dh(&heat, across(left), down(top), size.0, size.1)
            .ok()?;
    }
    Some(canvas)
}

/// What the page says about what is seen, and what it was made with.
fn words(what: &str) -> Vec<String> {
    let caption = seen::<HtmlElement>("[data-testid=caption] > p:first-child");
    let said = caption.first().and_then(|element| element.text_content());
    let frame = || seen::<HtmlElement>(".frame").first().and_then(|frame| frame.get_attribute("aria-label"));
    let said = said.or_else(frame).map(|said| said.split_whitespace().collect::<Vec<_>>().join(" "));
    said.into_iter().chain([what.to_owned()]).filter(|line| !line.is_empty()).collect()
}

/// Pieces in rows, nearly square as a whole, with words below.
fn sheet(pieces: &[HtmlCanvasElement], words: &[String]) -> Option<HtmlCanvasElement> {
    let columns = (pieces.len() as f64).sqrt().ceil().max(1.0) as usize;
    let most = |side: fn(&HtmlCanvasElement) -> u32| f64::from(pieces.iter().map(side).max().unwrap_or(0));
    let (wide, high) = (most(HtmlCanvasElement::width), most(HtmlCanvasElement::height));
    let rows = pieces.len().div_ceil(columns);
    let length = |count: usize, side: f64| count as f64 * side + count.saturating_sub(1) as f64 * MARGIN;
    let width = length(columns, wide);
    let letters = (width / 40.0).clamp(LETTERS.0, LETTERS.1);
    let lines = lines(words, width - 2.0 * MARGIN, letters);
    let below = if lines.is_empty() { 0.0 } else { 2.0 * MARGIN + 1.4 * letters * lines.len() as f64 };
    let (sheet, context) = canvas(width, length(rows, high) + below)?;
    for (index, piece) in pieces.iter().enumerate() {
        let (left, top) = ((index % columns) as f64 * (wide + MARGIN), (index / columns) as f64 * (high + MARGIN));
        context.draw_image_with_html_canvas_element(piece, left, top).ok()?;
    }
    set_letters(&context, letters);
    for (index, line) in lines.iter().enumerate() {
        let base = length(rows, high) + MARGIN + 1.4 * letters * (index as f64 + 0.8);
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

/// A white canvas that is not on the page.
fn canvas(width: f64, height: f64) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width.round().max(1.0) as u32);
    canvas.set_height(height.round().max(1.0) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    Some((canvas, context))
}
