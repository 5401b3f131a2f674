//! Networks of one 1 x 1 convolution: what comes out can be said beforehand.

use convscope::explain::filters::{Convention, FilterAsk, Pattern};
use convscope::model::Codec;
use convscope::render::Colours;
use convscope::session::Session;
use serde_json::json;

use super::common::pack;
use super::{BOTH, ask, climb, open};

/// A network of one 1 x 1 convolution: each filter's weights for red, green and blue, and its bias.
fn colours(filters: &[[f32; 4]], order: &str) -> Session {
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
    open(&memory)
}

#[test]
fn the_notebook_drops_filters_that_do_not_fire_and_lucid_helps_them() {
    // Grey gives the first two 1.5 - 1.65 and 1.5 - 1.54; the third fires at grey; the fourth cannot fire at all.
    let filters = [[1.0, 1.0, 1.0, -1.65], [1.0, 1.0, 1.0, -1.54], [1.0, 1.0, 1.0, 0.1], [0.0, 0.0, 0.0, -1.0]];
    let session = colours(&filters, "rgb");
    let notebook = climb(&session, &ask(&session, "one", &[0, 2, 3], 8, Convention::KerasNotebook));
    assert_eq!(notebook.iter().map(Pattern::dead).collect::<Vec<_>>(), [true, false, true]);
    assert!(notebook[0].image.is_empty() && notebook[0].first == 0.0 && !notebook[1].image.is_empty());
    let lucid = FilterAsk { steps: 64, ..ask(&session, "one", &[1, 2, 3], 8, Convention::Lucid) };
    let lucid = climb(&session, &lucid);
    assert_eq!(lucid.iter().map(Pattern::dead_at_start).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(lucid.iter().map(Pattern::dead).collect::<Vec<_>>(), [false, false, true]);
    assert!(lucid[0].last > 0.3, "{}", lucid[0].last);
}

#[test]
fn a_colour_filters_picture_has_its_colour() {
    for order in ["rgb", "bgr"] {
        // Red is the best for the first, yellow for the second, as bright as it may.
        let session = colours(&[[1.0, -0.5, -0.5, 2.0], [0.5, 0.5, -1.0, 2.0]], order);
        let channels = session.model().manifest.preprocessing.channels;
        let sum =
            |rgb: &[u8]| [0, 1, 2].map(|c| rgb.iter().skip(c).step_by(3).map(|&v| u32::from(v)).sum::<u32>() / 64);
        let ask = FilterAsk { steps: 400, ..ask(&session, "one", &[0, 1], 8, Convention::Lucid) };
        for (pattern, right) in climb(&session, &ask).iter().zip([[true, false, false], [true, true, false]]) {
            let found = sum(ask.convention.draw(&pattern.image, 8, channels).rgb());
            for (found, right) in found.into_iter().zip(right) {
                assert!(if right { found > 150 } else { found < 100 }, "{order}: {found:?} should be {right:?}");
            }
            assert!((pattern.drawn - pattern.last).abs() < 0.01, "{} {}", pattern.drawn, pattern.last);
        }
        // The notebook shows the network's first channel as red, and either convention can be drawn as the other is.
        for convention in BOTH {
            let ask = FilterAsk { convention, channels: vec![0], ..ask.clone() };
            let image = climb(&session, &ask).remove(0).image;
            let [red, _, blue] = sum(convention.draw_in(Colours::True, &image, 8, channels).rgb());
            assert!(red > blue, "{order}: {red} {blue}");
            let [first, _, last] = sum(convention.draw_in(Colours::AsStored, &image, 8, channels).rgb());
            assert!(if order == "rgb" { first > last } else { first < last }, "{order}: {first} {last}");
        }
    }
}

#[test]
fn the_notebooks_climb_is_the_notebooks() {
    // Of a 1 x 1 filter the gradient is the same everywhere: each step adds its weights over their root mean square.
    let weights = [0.3, -0.2, 0.6_f32];
    let session = colours(&[[weights[0], weights[1], weights[2], 0.0]], "rgb");
    let question = |steps| FilterAsk { steps, ..ask(&session, "one", &[0], 8, Convention::KerasNotebook) };
    let (one, twenty) = (climb(&session, &question(1)), climb(&session, &question(20)));
    // The gradient of the mean over 64 places, in a pixel's units of 0 to 255; and Keras's epsilon.
    let gradient = weights.map(|weight| weight / 64.0 / 255.0);
    let rms = (gradient.iter().map(|one| one * one).sum::<f32>() / 3.0).sqrt() + 1e-7;
    for (place, (early, late)) in one[0].image.iter().zip(&twenty[0].image).enumerate() {
        let step = gradient[place / 64] / rms;
        assert!((late - early - 19.0 * step).abs() < 1e-3, "{place}: {} for {}", late - early, 19.0 * step);
        assert!((118.0..138.0).contains(&(early - step)));
    }
    assert_eq!(one[0].rank, one[0].first, "the loss is that before the last step");
    assert!(twenty[0].first < twenty[0].rank && twenty[0].rank < twenty[0].last);
}
