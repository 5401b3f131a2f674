//! Networks of one 1 x 1 convolution: what comes out can be said beforehand.

use std::sync::Arc;

use convscope::artifact::Panel;
use convscope::explain::Synthesis;
use convscope::model::{Codec, Model};
use convscope::param::Value;
use convscope::render::Colours;
use serde_json::json;

use super::common::{model, pack};
use super::{BOTH, ask, measure, optimize, with};

/// A network of one 1 x 1 convolution: each filter's weights for red, green and blue, and its bias.
fn colours(filters: &[[f32; 4]], order: &str) -> Arc<Model> {
    let turn = |[r, g, b, _]: &[f32; 4]| if order == "bgr" { [*b, *g, *r] } else { [*r, *g, *b] };
    let weights = filters.iter().flat_map(turn).collect();
    let biases = filters.iter().map(|filter| filter[3]).collect();
    let parameters =
        [("w".to_owned(), vec![filters.len(), 3, 1, 1], weights), ("b".to_owned(), vec![filters.len()], biases)];
    let nodes = json!([
        { "name": "one/linear", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" },
        { "name": "one", "op": "relu", "inputs": ["one/linear"] },
    ]);
    let mut memory = pack([8, 8], nodes, &["one"], 0, &parameters, Codec::F32, 1000);
    memory.edit(|manifest| manifest["preprocessing"]["channels"] = json!(order));
    model(&memory)
}

#[test]
fn the_notebook_drops_filters_that_do_not_fire_and_lucid_helps_them() {
    // Grey gives the first two 1.5 - 1.65 and 1.5 - 1.54; the third fires at grey; the fourth cannot fire at all.
    let filters = [[1.0, 1.0, 1.0, -1.65], [1.0, 1.0, 1.0, -1.54], [1.0, 1.0, 1.0, 0.1], [0.0, 0.0, 0.0, -1.0]];
    let model = colours(&filters, "rgb");
    let dead = |actual: &[Panel]| actual.iter().map(|panel| measure(panel).dead()).collect::<Vec<_>>();
    let notebook = optimize(&model, &ask("one", "0,2,3", 8, "keras_notebook"));
    assert_eq!(dead(&notebook), [true, false, true]);
    assert!(notebook[0].values.is_empty() && measure(&notebook[0]).first == 0.0 && !notebook[1].values.is_empty());
    let lucid = optimize(&model, &with(ask("one", "1,2,3", 8, "lucid"), "steps", Value::Int(64)));
    assert_eq!(lucid.iter().map(|panel| measure(panel).dead_at_start()).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(dead(&lucid), [false, false, true]);
    assert!(measure(&lucid[0]).last > 0.3, "{:?}", measure(&lucid[0]));
}

#[test]
fn a_colour_filters_image_has_its_colour() {
    for order in ["rgb", "bgr"] {
        // Red is the best for the first, yellow for the second, as bright as it may.
        let model = colours(&[[1.0, -0.5, -0.5, 2.0], [0.5, 0.5, -1.0, 2.0]], order);
        let channels = model.manifest.preprocessing.channels;
        let sum =
            |rgb: &[u8]| [0, 1, 2].map(|c| rgb.iter().skip(c).step_by(3).map(|&v| u32::from(v)).sum::<u32>() / 64);
        let actual = optimize(&model, &with(ask("one", "0,1", 8, "lucid"), "steps", Value::Int(400)));
        for (panel, expected) in actual.iter().zip([[true, false, false], [true, true, false]]) {
            let actual = sum(&panel.drawing.as_ref().unwrap().rgb);
            for (actual, expected) in actual.into_iter().zip(expected) {
                assert!(
                    if expected { actual > 150 } else { actual < 100 },
                    "{order}: {actual:?} should be {expected:?}"
                );
            }
            let measure = measure(panel);
            assert!((measure.drawn - measure.last).abs() < 0.01, "{measure:?}");
        }
        // The notebook shows the network's first channel as red, and either convention can be drawn as the other is.
        for (convention, preset) in BOTH.into_iter().zip([Synthesis::KERAS_NOTEBOOK, Synthesis::LUCID]) {
            let request = with(ask("one", "0", 8, convention), "steps", Value::Int(400));
            for colours in [Colours::True, Colours::AsStored] {
                let request = with(request.clone(), "colours", Value::Text(colours.name().into()));
                let panel = optimize(&model, &request).remove(0);
                let drawn = &panel.drawing.unwrap().rgb;
                assert_eq!(drawn, preset.draw(colours, &panel.values, 8, channels).rgb());
                let [first, _, last] = sum(drawn);
                let red_is_red = order == "rgb" || colours == Colours::True;
                assert_eq!(first > last, red_is_red, "{order}, {convention}, {colours:?}: {first} {last}");
            }
        }
    }
}

#[test]
fn the_notebooks_climb_is_the_notebooks() {
    // Of a 1 x 1 filter the gradient is the same everywhere: each step adds its weights over their root mean square.
    let weights = [0.3, -0.2, 0.6_f32];
    let model = colours(&[[weights[0], weights[1], weights[2], 0.0]], "rgb");
    let after =
        |steps| optimize(&model, &with(ask("one", "0", 8, "keras_notebook"), "steps", Value::Int(steps))).remove(0);
    let (one, twenty) = (after(1), after(20));
    // The gradient of the mean over 64 places, in a pixel's units of 0 to 255; and Keras's epsilon.
    let gradient = weights.map(|weight| weight / 64.0 / 255.0);
    let rms = (gradient.iter().map(|one| one * one).sum::<f32>() / 3.0).sqrt() + 1e-7;
    for (place, (early, late)) in one.values.iter().zip(&twenty.values).enumerate() {
        let step = gradient[place / 64] / rms;
        assert!((late - early - 19.0 * step).abs() < 1e-3, "{place}: {} for {}", late - early, 19.0 * step);
        assert!((118.0..138.0).contains(&(early - step)));
    }
    let (one, twenty) = (measure(&one), measure(&twenty));
    assert_eq!(one.rank, one.first, "the loss is that before the last step");
    assert!(twenty.first < twenty.rank && twenty.rank < twenty.last);
}
