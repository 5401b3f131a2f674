//! Charts and boxes on a canvas, for files: on white paper, whatever the page's colours are.

use convscope_core::explain::BoundingBox;
use convscope_core::render::{Anchor, Chart, Mark};
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::canvas::{context, white};

/// Least and largest width of a chart, in pixels.
const WIDTH: (f64, f64) = (640.0, 1600.0);
/// Font of a chart's text, in its units.
const FONT: &str = "11px system-ui, sans-serif";

/// Draws a chart about as wide as the image that it stands beside.
pub(crate) fn draw(canvas: &HtmlCanvasElement, chart: &Chart, beside: f64) {
    let [width, height] = chart.size.map(f64::from);
    let scale = beside.clamp(WIDTH.0, WIDTH.1) / width;
    let size = ((scale * width).round() as u32, (scale * height).round() as u32);
    let Some(context) = white(canvas, size) else { return };
    let _ = context.scale(scale, scale);
    context.set_font(FONT);
    context.set_line_join("round");
    for mark in &chart.marks {
        let ([r, g, b], wide, dashes) = mark.stroke();
        let ink = format!("rgb({r} {g} {b})");
        context.set_fill_style_str(&ink);
        context.set_stroke_style_str(&ink);
        context.set_line_width(f64::from(wide));
        set_dashes(&context, dashes);
        match mark {
            Mark::Area(points) => {
                trace(&context, points);
                context.fill();
            }
            Mark::Axis(points) | Mark::Line(_, points) => {
                trace(&context, points);
                context.stroke();
            }
            Mark::Bar(_, bar) => {
                let [left, top, width, height] = bar.map(f64::from);
                context.fill_rect(left, top, width, height);
            }
            Mark::Text((x, y), anchor, text) => {
                context.set_text_align(match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "center",
                    Anchor::End => "end",
                });
                let _ = context.fill_text(text, f64::from(*x), f64::from(*y));
            }
        }
    }
}

/// Draws a box around an object over an image.
pub(crate) fn draw_box(canvas: &HtmlCanvasElement, drawn: BoundingBox) {
    let Some(context) = context(canvas) else { return };
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    let line = (width.min(height) / 200.0).max(2.0);
    context.set_global_alpha(1.0);
    context.set_line_width(line);
    for (ink, dashes) in [("white", &[][..]), ("black", &[3.0 * line as f32, 3.0 * line as f32][..])] {
        context.set_stroke_style_str(ink);
        set_dashes(&context, dashes);
        context.stroke_rect(drawn.left * width, drawn.top * height, drawn.width * width, drawn.height * height);
    }
    set_dashes(&context, &[]);
}

fn trace(context: &CanvasRenderingContext2d, points: &[(f32, f32)]) {
    context.begin_path();
    points.iter().for_each(|(x, y)| context.line_to(f64::from(*x), f64::from(*y)));
}

fn set_dashes(context: &CanvasRenderingContext2d, dashes: &[f32]) {
    let lengths: Array = dashes.iter().map(|length| JsValue::from(*length)).collect();
    let _ = context.set_line_dash(&lengths);
}
